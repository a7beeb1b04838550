"""The page in a real browser, where there is one."""

import json
import random
import re
import shutil

import pytest
from made_sweeps import make_point, make_sweep

from softgate.explore.figures.pareto import pareto_front
from softgate.explore.report.page.build import build_page
from softgate.explore.report.table import report_data
from softgate.explore.sweep.store import open_store

webdriver = pytest.importorskip("selenium.webdriver")
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CHROMEDRIVER = shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and CHROMEDRIVER), reason="no chromium with chromedriver is installed"),
]

WRONG = "3 of 32 outputs differ: <b>y</b> is 1 & not 2</script>"


def some_points():
    """Return points of several jobs, with figures at random and many ties among them."""
    dice = random.Random(5)
    found = []
    for function, output in (("tanh", "SQ1.4"), ("logistic", "UQ0.4")):
        for segments in (1, 2, 4):
            for frequency in range(20, 30):
                point = make_point(function, ("SQ3.2", output), degree=1, segments=segments, frequency=float(frequency))
                found.append((point, (dice.randrange(30, 50), dice.randrange(90, 110), dice.randrange(90, 110))))
    found.append((make_point(degree=0, segments=4), (25,)))  # has no Fmax
    found.append((make_point("hard_tanh", ("SQ3.2", "SQ1.4")), ("failed", WRONG)))
    found.append((make_point(max_error="2^-30"), ("infeasible", "no unit is so good")))
    found.append((make_point("tanh", ("SQ4.8", "SQ1.11"), degree=2, segments=8), (90, 80.0, 82.0)))
    return found


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    profile = tmp_path_factory.mktemp("profile")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={profile}")
    options.add_argument("--window-size=1280,1000")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(CHROMEDRIVER))
    yield driver
    driver.quit()


def written(folder, points):
    with open_store(make_sweep(folder, points, grid="[grid]\n# <b>\n")) as store:
        data = report_data(store, "max_ulp")
    (folder / "report.html").write_text(build_page(data), encoding="utf-8")
    return data


class Page:
    def __init__(self, browser, folder, data):
        self.browser = browser
        self.address = (folder / "report.html").as_uri()
        self.columns = {column["key"]: column["values"] for column in data["columns"]}
        self.jobs = data["jobs"]

    def open(self, fragment=""):
        self.browser.get("about:blank")
        self.browser.get(self.address + fragment)
        return self

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def run(self, script, *arguments):
        return self.browser.execute_script(f"return {script}", *arguments)

    def type(self, text):
        box = self.find("#filter")
        box.clear()
        box.send_keys(text)

    def texts(self, selector):
        return self.run("[...document.querySelectorAll(arguments[0])].map((found) => found.textContent)", selector)

    def rows(self, selector="tbody tr[data-row]"):
        return self.run(
            "[...document.querySelectorAll(arguments[0])].map((found) => Number(found.dataset.row))", selector
        )

    def chosen(self):
        (row,) = self.rows("tbody tr[aria-current]")
        return row

    def sort(self, key):
        self.find(f'th[data-key="{key}"] button').click()

    def choose(self, control, value):
        self.find(f'#{control} option[value="{value}"]').click()

    def point_to(self, row):
        symbol = self.find(f'.points path[data-row="{row}"]')
        webdriver.ActionChains(self.browser).move_to_element(symbol).perform()


@pytest.fixture(scope="module")
def data_and_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    return written(folder, some_points()), folder


@pytest.fixture
def page(browser, data_and_folder):
    data, folder = data_and_folder
    page = Page(browser, folder, data).open()
    yield page
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_every_point_is_in_table_and_plot(page):
    rows = range(len(page.jobs))
    assert page.rows() == list(rows)
    assert page.find("#count").text == f"{len(rows)} of {len(rows)} points"
    done = [row for row in rows if page.columns["status"][row] == "done"]
    assert sorted(page.rows(".points path")) == done
    assert page.find("h1").text == "tanh, logistic, hard_tanh"


def test_text_is_shown_as_it_is(page):
    failed = page.columns["status"].index("failed")
    page.find(f'tr[data-row="{failed}"]').click()
    assert page.find("#detail .reason").text == WRONG
    assert page.run("document.querySelector('#grid pre').textContent") == "[grid]\n# <b>\n"


def test_sorting_goes_up_then_down_then_back(page):
    luts = page.columns["luts"]
    known = [value for value in luts if value is not None]
    page.sort("luts")
    assert page.find('th[data-key="luts"]').get_attribute("aria-sort") == "ascending"
    assert [luts[row] for row in page.rows()] == [*sorted(known), None, None]
    page.sort("luts")
    assert page.find('th[data-key="luts"]').get_attribute("aria-sort") == "descending"
    assert [luts[row] for row in page.rows()] == [*sorted(known, reverse=True), None, None]
    page.sort("luts")
    assert page.find('th[data-key="luts"]').get_attribute("aria-sort") is None
    assert page.rows() == list(range(len(luts)))


def test_sorting_by_the_keyboard(page):
    page.find('th[data-key="function"] button').send_keys(Keys.ENTER)
    functions = [page.columns["function"][row] for row in page.rows()]
    assert functions == sorted(functions)
    assert page.run("document.activeElement.closest('th').dataset.key") == "function"


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("logistic", lambda at: "logistic" in at("function")),
        ("TANH sq3.2", lambda at: "tanh" in at("function") and at("input") == "SQ3.2"),
        ('"hard_tanh"', lambda at: at("function") == "hard_tanh"),
        ("luts < 40", lambda at: at("luts") is not None and at("luts") < 40),
        ("luts>=40 luts<=45", lambda at: at("luts") is not None and 40 <= at("luts") <= 45),
        ("luts = 41, segments != 2", lambda at: at("luts") == 41 and at("parameters.segments") not in (None, 2)),
        ("max_ulp < 1e0", lambda at: at("error.max_ulp") is not None and at("error.max_ulp") < 1),
        ("function = TANH", lambda at: at("function") == "tanh"),
        ("function != tanh", lambda at: at("function") != "tanh"),
        ("monotonic = no", lambda at: at("error.monotonic") is False),
        ("fmax > 100 fmax <", lambda at: at("fmax") is not None and at("fmax") > 100),
        ("max_error = 2^-30", lambda at: at("max_error") == "2^-30"),
        ("nothing is called so", lambda at: False),
    ],
)
def test_filtering(page, text, holds):
    page.type(text)
    wanted = [row for row in range(len(page.jobs)) if holds(lambda key, row=row: page.columns[key][row])]
    assert page.rows() == wanted
    assert page.find("#problem").text == ""
    assert set(page.rows(".points path")) == {row for row in wanted if page.columns["status"][row] == "done"}
    assert page.find("#count").text == f"{len(wanted)} of {len(page.jobs)} points"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("lut < 40", "There is no column lut; did you mean luts or LUT4?"),
        ("xyz = 4 luts < 40", "There is no column xyz; see below how to filter."),
        ("luts < many", "LUTs is a number, and many is none."),
        ("function < tanh", "function has no order; compare it with = or !=."),
        ("monotonic = maybe", "monotonic is yes or no, not maybe."),
    ],
)
def test_what_is_wrong_with_a_filter_is_said_and_plays_no_part(page, text, problem):
    page.type(text)
    assert page.find("#problem").text == problem
    assert page.find("#filter").get_attribute("aria-invalid") == "true"
    expected = [row for row, luts in enumerate(page.columns["luts"]) if "luts < 40" not in text or (luts or 99) < 40]
    assert page.rows() == expected


def test_statuses(page):
    failed = page.find("#statuses .failed")
    assert failed.text == "1 failed"
    failed.click()
    page.find("#statuses .done").click()
    assert failed.get_attribute("aria-pressed") == "false"
    assert [page.columns["status"][row] for row in page.rows()] == ["infeasible"]
    failed.click()
    assert len(page.rows()) == 2


def expected_front(page, rows, measure, sign):
    front = set()
    for job in set(page.jobs):
        here = [row for row in rows if page.jobs[row] == job and page.columns[measure][row] is not None]
        costs = [sign * page.columns[measure][row] for row in here]
        on_front = pareto_front(costs, [page.columns["error.max_ulp"][row] for row in here])
        front |= {row for row, on in zip(here, on_front, strict=True) if on}
    return front


@pytest.mark.parametrize(("measure", "sign"), [("luts", 1), ("fmax", -1), ("latency", 1)])
@pytest.mark.parametrize("text", ["", "frequency < 25"])
def test_fronts_are_those_of_the_points_that_pass(page, measure, sign, text):
    page.choose("across", measure)
    page.type(text)
    done = [row for row in page.rows() if page.columns["status"][row] == "done"]
    wanted = expected_front(page, done, measure, sign)
    assert 0 < len(wanted) < len(done)
    assert set(page.rows(".points .on-front")) == wanted
    marked = page.run("[...document.querySelectorAll('td.mark')].filter((cell) => cell.textContent).length")
    assert marked == len(wanted)
    page.find("#front-only").click()
    assert set(page.rows()) == set(page.rows(".points path")) == wanted


def test_a_front_is_a_staircase(page):
    page.type("SQ4.8")
    assert re.fullmatch(r"M[\d.]+,[\d.]+", page.find(".fronts path").get_attribute("d"))
    page.type("tanh SQ1.4")
    assert re.fullmatch(r"M[\d.]+,[\d.]+(H[\d.]+V[\d.]+)+", page.find(".fronts path").get_attribute("d"))


def test_axes_without_better_and_worse_have_no_front(page):
    page.choose("across", "parameters.degree")
    assert page.find_all(".fronts path") == []
    assert "No front: there is no better or worse degree." in page.find("#note").text


def test_absolute_errors_compare_across_output_formats(browser, tmp_path):
    points = [
        (make_point(formats=("SQ3.2", f"SQ1.{bits}"), degree=1, segments=4), (40 + bits, 100.0)) for bits in (4, 5)
    ]
    page = Page(browser, tmp_path, written(tmp_path, points)).open()
    assert len(page.find_all(".fronts path")) == 2
    page.choose("up", "error.max_abs")
    assert len(page.find_all(".fronts path")) == 1
    assert "input format, interface and target" in page.find("#note").text


def test_logarithms_are_offered_where_they_make_sense(page):
    page.choose("across", "error.bias")
    assert page.find("#across-log").get_property("disabled")
    page.choose("across", "luts")
    box = page.find("#across-log")
    assert (box.get_property("disabled"), box.is_selected()) == (False, False)
    before = page.find(".points").get_attribute("innerHTML")
    box.click()
    assert page.find(".points").get_attribute("innerHTML") != before


def test_colours_tell_jobs_apart_or_what_is_chosen(page):
    jobs = {job for row, job in enumerate(page.jobs) if page.columns["status"][row] == "done"}
    assert page.texts("#legend li") == sorted(jobs)
    page.choose("colour", "parameters.segments")
    segments = sorted(set(page.columns["parameters.segments"]) - {None})
    assert page.texts("#legend li") == [str(number) for number in segments]
    page.type("segments = 1")
    assert page.texts("#legend li") == ["1"]
    assert len(page.run("[...new Set([...document.querySelectorAll('.points path')].map((p) => p.style.fill))]")) == 1


def test_pointing_at_a_point_tells_about_it(page):
    row = page.rows(".points path")[0]
    page.point_to(row)
    text = page.find(".tooltip").text
    assert text.splitlines()[0].startswith(page.columns["function"][row])
    assert f"LUTs: {page.columns['luts'][row]}" in text
    webdriver.ActionChains(page.browser).move_to_element(page.find("h1")).perform()
    assert not page.find(".tooltip").is_displayed()


def test_clicking_at_a_point_chooses_its_row(page):
    page.type("SQ4.8")
    (row,) = page.rows()
    page.point_to(row)
    webdriver.ActionChains(page.browser).click().perform()
    assert page.chosen() == row
    assert page.find("#detail h2").text == "tanh, SQ4.8 to SQ1.11"
    assert len(page.find_all("#scatter .chosen")) == 1


def test_choosing_a_row_rings_its_point(page):
    page.find('tr[data-row="7"]').click()
    ring, symbol = page.find("#scatter .chosen"), page.find('.points path[data-row="7"]')
    x, y = re.fullmatch(r"translate\(([\d.]+) ([\d.]+)\)", symbol.get_attribute("transform")).groups()
    assert float(ring.get_attribute("cx")) == pytest.approx(float(x), abs=0.06)
    assert float(ring.get_attribute("cy")) == pytest.approx(float(y), abs=0.06)


def test_the_address_tells_the_chosen_point(page):
    page.find('tr[data-row="7"]').click()
    fragment = f"#{page.columns['name'][7]}"
    assert page.browser.current_url == page.address + fragment
    assert page.open(fragment).chosen() == 7


def test_rows_by_the_keyboard(page):
    page.find('tr[data-row="3"]').click()
    page.find('tr[data-row="3"]').send_keys(Keys.ARROW_DOWN)
    assert page.chosen() == 4
    assert page.run("document.activeElement.dataset.row") == "4"


def test_points_by_the_keyboard(page):
    plot = page.find("#scatter > svg")
    page.run("arguments[0].focus()", plot)
    plot.send_keys(Keys.ARROW_RIGHT)
    assert page.find(".tooltip").is_displayed()
    before = page.chosen()
    plot.send_keys(Keys.ENTER)
    assert page.chosen() != before
    plot.send_keys(Keys.ESCAPE)
    assert not page.find(".tooltip").is_displayed()


def test_columns_come_and_go(page):
    assert "error.rms" not in page.run("[...document.querySelectorAll('th')].map((head) => head.dataset.key)")
    page.find("#columns summary").click()
    box = next(label for label in page.find_all("#columns label") if label.text == "RMS error (absolute)")
    box.click()
    assert page.find('th[data-key="error.rms"]').text == "RMS error\nabsolute"
    box.click()
    assert page.find_all('th[data-key="error.rms"]') == []


def test_the_head_of_the_table_stays(page):
    page.run("document.querySelector('#scroll').scrollTop = 400")
    top = "document.querySelector(arguments[0]).getBoundingClientRect().top"
    assert page.run(top, "th") - page.run(top, "#scroll") == pytest.approx(0, abs=2)


def test_the_command_can_be_copied(page):
    page.browser.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite"]})
    page.find('tr[data-row="7"]').click()
    page.find("#detail .copy").click()
    wanted = f"{page.columns['emit_command'][7]}\n{page.columns['synth_command'][7]}"
    assert wanted.startswith("softgate emit tanh -i SQ3.2 -o SQ1.4 --set degree=1 --set segments=1")
    assert page.texts("#detail .commands") == [wanted]
    copied = page.browser.execute_async_script(
        "const done = arguments[0]; setTimeout(() => navigator.clipboard.readText().then(done, done), 100)"
    )
    assert copied == wanted
    assert page.find("#detail .copy").text == "Copied"


def test_without_a_clipboard_the_command_is_selected(page):
    page.run("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    page.find("#detail .copy").click()
    wanted = f"{page.columns['emit_command'][0]}\n{page.columns['synth_command'][0]}"
    assert page.run("getSelection().toString()") == wanted
    assert page.find("#detail .copy").text in ("Copied", "Selected: press Ctrl+C")


def test_the_curve_of_the_chosen_point(page):
    page.find('tr[data-row="0"]').click()
    dots = page.find("#detail .curve .dots").get_attribute("d")
    assert dots.count("M") == 32
    page.type("SQ4.8")
    (row,) = page.rows()
    page.find(f'tr[data-row="{row}"]').click()
    band = page.find("#detail .curve .band").get_attribute("d")
    assert band.count("M") == 512
    webdriver.ActionChains(page.browser).move_to_element(page.find("#detail .curve")).perform()
    assert re.fullmatch(r"Error from -?[\d.]+ to -?[\d.]+: \S+ to \S+ ulp\.", page.find("#detail .readout").text)


def test_the_seeds_of_the_chosen_point(page):
    page.find('tr[data-row="0"]').click()
    seeds = [page.columns[f"fmax_by_seed.{seed}"][0] for seed in (1, 2)]
    assert page.texts("#detail .seeds .number") == [f"{mhz} MHz" for mhz in seeds]


def test_many_rows_are_made_as_they_are_needed(browser, tmp_path):
    points = [
        (make_point(degree=1, segments=1, frequency=float(frequency)), (frequency, 100.0))
        for frequency in range(100, 400)
    ]
    page = Page(browser, tmp_path, written(tmp_path, points)).open()
    assert len(page.rows()) < 300
    page.sort("luts")
    page.sort("luts")
    page.point_to(0)
    webdriver.ActionChains(browser).click().perform()
    assert page.chosen() in page.rows()[-3:]
    assert page.run("document.querySelector('#scroll').scrollTop") > 1000


@pytest.mark.parametrize(
    "points",
    [
        some_points()[:1],
        [(make_point(max_error="2^-30"), ("infeasible", "no unit is so good"))],
        [(make_point(degree=1, segments=4), (None,))],
        [(make_point("hard_tanh", ("SQ4.21", "SQ1.15")), (40, 100.0))],
    ],
    ids=["single", "nothing to plot", "nothing measured", "wide"],
)
def test_poor_sweeps(browser, tmp_path, points):
    page = Page(browser, tmp_path, written(tmp_path, points)).open()
    assert page.rows() == [0]
    assert page.chosen() == 0
    assert page.find("#detail h2").text.startswith(points[0][0].function)
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


@pytest.mark.parametrize("width", [420, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_any_width_and_either_scheme(page, width, scheme):
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    metrics = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        page.open()
        assert page.run("document.documentElement.scrollWidth") <= width
        colours = page.run(
            "[...new Set(['backgroundColor', 'color'].map((name) => getComputedStyle(document.body)[name]))]"
        )
        back, ink = (sum(map(int, re.findall(r"\d+", colour))) for colour in colours)
        assert (back > ink) == (scheme == "light")
    finally:
        page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_page_is_small(data_and_folder):
    data, folder = data_and_folder
    size = (folder / "report.html").stat().st_size
    assert size < 60_000 + 3000 * len(data["jobs"]), json.dumps(size)
