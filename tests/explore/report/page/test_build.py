import json
import re
from importlib import resources

import pytest

from softgate.explore.figures.style import COLOURS
from softgate.explore.report import page
from softgate.explore.report.page.build import build_page

FILES = {file.name: file.read_text() for file in resources.files(page).iterdir() if file.name.endswith((".js", ".css"))}
MODULES = {name: text for name, text in FILES.items() if name.endswith(".js")}
NASTY = '</script><script>alert(1)</script><!-- & "quotes" \u2028 $title é'


def embedded(text):
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    return json.loads(data)


def test_data_arrive_whole_whatever_is_in_them():
    data = {"title": NASTY, "columns": [{"values": [NASTY, None, 1.5]}]}
    text = build_page(data)
    assert embedded(text) == data
    assert text.count("</script>") == 2
    assert "<!--" not in text


def test_the_title_is_text():
    text = build_page({"title": "<b> & co"})
    assert "<h1>&lt;b&gt; &amp; co</h1>" in text
    assert "<b>" not in text


def test_numbers_that_json_lacks_are_refused():
    with pytest.raises(ValueError, match="JSON"):
        build_page({"title": "", "value": float("nan")})


def test_the_same_data_make_the_same_page():
    data = {"title": "tanh", "columns": []}
    assert build_page(data) == build_page(json.loads(json.dumps(data)))


def test_the_page_asks_for_nothing_from_outside():
    text = build_page({"title": "tanh"})
    assert "default-src 'none'" in text
    links = re.findall(r'\b(?:src|href)="([^"]*)"|url\(([^)]*)\)|@import|\bfetch\(|XMLHttpRequest', text)
    assert links == [("data:,", "")]
    assert set(re.findall(r"https?://[^\"' ]+", text)) == {"http://www.w3.org/2000/svg"}


def test_the_program_is_all_of_the_modules():
    text = build_page({"title": "tanh"})
    assert not re.search(r"^(import|export)\b", text.split('<script type="module">')[1], re.MULTILINE)
    for source in MODULES.values():
        assert source.rstrip().splitlines()[-1] in text


def test_modules_define_no_name_twice():
    """The page has them as one."""
    pattern = r"^(?:export )?(?:async )?(?:function|class|const|let) (?:\[([\w, ]+)\]|(\w+))"
    names = [
        name.strip()
        for source in MODULES.values()
        for several, single in re.findall(pattern, source, re.MULTILINE)
        for name in (several or single).split(",")
    ]
    assert len(names) > 50
    assert len(set(names)) == len(names)


def test_modules_import_what_is_there():
    for name, source in MODULES.items():
        imports = re.findall(r'^import \{([^}]*)\} from "\./(\w+\.js)";$', source, re.MULTILINE)
        assert len(imports) == len(re.findall(r"^import\b", source, re.MULTILINE)), name
        for names, module in imports:
            for imported in names.split(","):
                text = imported.strip()
                assert re.search(rf"^export (async )?(function|class|const) {text}\b", MODULES[module], re.MULTILINE), (
                    text
                )
                assert len(re.findall(rf"\b{text}\b", source)) > 1, f"{name} does not use {text}"


def test_lines_are_as_long_as_in_all_files():
    for name, text in FILES.items():
        assert max(map(len, text.splitlines())) <= 120, name


def test_page_and_figures_have_the_same_colours():
    light, dark = re.findall(r":root \{(.*?)\}", FILES["style.css"], re.DOTALL)
    assert tuple(re.findall(r"--series-\d: (#\w+);", light)) == COLOURS
    assert len(re.findall(r"--series-\d: (#\w+);", dark)) == len(COLOURS)
    assert f"const COLOURS = {len(COLOURS)};" in MODULES["markers.js"]
