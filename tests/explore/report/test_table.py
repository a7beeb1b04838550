import pytest
from made_sweeps import VERSIONS, make_point, make_sweep

from softgate import design
from softgate.explore.report.curves import error_curve
from softgate.explore.report.table import _GROUPS, report_data
from softgate.explore.sweep.row import COLUMNS
from softgate.explore.sweep.store import open_store

POINTS = [
    (make_point(degree=1, segments=4), (40, 100.0, 110.0)),
    (make_point(degree=1, segments=4, interface="comb"), (30, 90.0, 80.0)),
    (make_point(degree=2, segments=4), (60,)),
    (make_point(max_error="2^-30"), ("infeasible", "no unit is so good")),
    (make_point("hard_tanh", ("SQ3.2", "SQ1.4")), ("failed", "3 of 32 outputs differ")),
    (make_point(degree=0, segments=4), None),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    shares = []
    with open_store(make_sweep(tmp_path_factory.mktemp("sweep"), POINTS, grid="# a grid\n")) as store:
        found = report_data(store, "rms", shares.append)
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] < 1
    return found


def values(data, key):
    return next(column["values"] for column in data["columns"] if column["key"] == key)


def test_every_final_point_is_a_row(data):
    assert values(data, "status") == ["done", "done", "done", "infeasible", "failed"]
    assert values(data, "reason") == [
        None,
        None,
        "it has no registers",
        "no unit is so good",
        "3 of 32 outputs differ",
    ]
    assert {len(column["values"]) for column in data["columns"]} == {5}
    assert (data["title"], data["grid"]) == ("tanh, hard_tanh", "# a grid\n")


def test_no_field_of_a_row_is_forgotten():
    named = [name for names in _GROUPS.values() for name in names]
    assert sorted(named) == sorted(set(COLUMNS) - {"place", "asked"})


def test_what_is_not_known_is_none(data):
    assert values(data, "luts") == [40, 30, 60, None, None]
    assert values(data, "fmax") == [105, 85, None, None, None]
    assert values(data, "fmax_by_seed.2") == [110, 80, None, None, None]


def test_parameters_that_are_numbers_are_numbers(data):
    assert values(data, "parameters.degree") == [1, 1, 2, None, None]


def test_parameters_that_are_not_stay_text(tmp_path):
    slopes = [make_point("hard_logistic", ("SQ3.2", "UQ0.4"), slope=slope) for slope in ("1/6", "1", "0.25")]
    with open_store(make_sweep(tmp_path, [(point, (40,)) for point in slopes])) as store:
        assert values(report_data(store, "max_ulp"), "parameters.slope") == ["1/6", "1", "1/4"]


def test_columns_say_what_they_are(data):
    column = next(column for column in data["columns"] if column["key"] == "fmax")
    assert {**column, "values": 0} == {
        "key": "fmax",
        "label": "Fmax",
        "unit": "MHz",
        "meaning": "clock frequency reached, the median over the seeds",
        "better": "high",
        "absolute": False,
        "group": "timing",
        "shown": True,
        "values": 0,
    }


def test_columns_that_tell_nothing_apart_are_not_shown_at_first(data):
    shown = {column["key"]: column["shown"] for column in data["columns"]}
    assert all(shown[key] for key in ("status", "reason", "function", "interface", "luts", "error.rms"))
    assert not any(shown[key] for key in ("target", "input", "frequency", "dsp", "error.mean_abs", "name"))


def test_a_single_row_shows_all_that_it_has(tmp_path):
    with open_store(make_sweep(tmp_path, POINTS[:1])) as store:
        shown = {column["key"]: column["shown"] for column in report_data(store, "rms")["columns"]}
    assert all(shown[key] for key in ("status", "target", "luts", "fmax"))
    assert not any(shown[key] for key in ("reason", "frequency"))


def test_what_is_plotted_stands_beside_the_error(data):
    keys = [column["key"] for column in data["columns"] if column["shown"]]
    assert keys[keys.index("error.rms") :][:4] == ["error.rms", "luts", "fmax", "latency"]


def test_no_column_comes_twice(data):
    keys = [column["key"] for column in data["columns"]]
    assert "resources.LUT4" in keys and "ff" in keys
    assert "resources.FF" not in keys  # which is what ff says


def test_jobs_are_named_by_what_sets_them_apart(data):
    assert data["jobs"] == [
        "tanh, stream",
        "tanh, comb",
        "tanh, stream",
        "tanh, stream",
        "hard_tanh(min=-1, max=1), stream",
    ]
    assert data["absolute_jobs"] == data["jobs"]


def test_a_single_job_is_named_in_full(tmp_path):
    with open_store(make_sweep(tmp_path, POINTS[:1])) as store:
        data = report_data(store, "rms")
    assert (data["jobs"], data["absolute_jobs"]) == (
        ["tanh, ecp5, stream, SQ3.2 to SQ1.4"],
        ["tanh, ecp5, stream, SQ3.2"],
    )


def test_units_that_compute_the_same_share_a_curve(data):
    assert data["curve"] == [0, 0, 1, None, 2]
    assert len(data["curves"]) == 3
    found = design("tanh", "SQ3.2", "SQ1.4", method="taylor", degree=2, segments=4)
    assert data["curves"][1] == error_curve(found.plan, found.specification).as_dict()


def test_wide_inputs_have_no_curve(tmp_path):
    point = make_point("hard_tanh", ("SQ4.21", "SQ1.15"))
    with open_store(make_sweep(tmp_path, [(point, (40,))])) as store:
        data = report_data(store, "max_ulp")
    assert (data["curve"], data["curves"]) == ([None], [])
    assert values(data, "error.proof") == ["bounded"]


def test_what_is_plotted_at_first(data, tmp_path):
    assert data["axes"] == {"x": "luts", "y": "error.rms"}
    with open_store(make_sweep(tmp_path, [(POINTS[0][0], (None, 100.0))])) as store:
        assert report_data(store, "max_ulp")["axes"] == {"x": "fmax", "y": "error.max_ulp"}


def test_versions_are_told(data):
    assert values(data, "versions.softgate") == [VERSIONS["softgate"]] * 5
