import numpy as np
import pytest
from made_sweeps import make_point, make_sweep

from softgate.explore.report.fields import ERRORS, MEASURES, field_of, values_of
from softgate.explore.sweep.row import COLUMNS
from softgate.explore.sweep.store import open_store


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    found = [
        (make_point(degree=1, segments=4), (40, 100.0, 110.0)),
        (make_point(degree=2, segments=4), (60,)),
        (make_point(max_error="2^-30"), ("infeasible", "no")),
    ]
    with open_store(make_sweep(tmp_path_factory.mktemp("sweep"), found)) as store:
        return list(store.rows())


def test_every_entry_of_a_row_is_a_field(rows):
    for row in rows:
        for key in row.flat():
            field = field_of(key)
            assert field.key == key
            assert field.label and field.meaning
            assert "`" not in field.meaning


def test_no_two_entries_have_one_title(rows):
    titles = [field_of(key).title for key in rows[0].flat() if not key.startswith("resources.")]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("key", "title", "better"),
    [
        ("luts", "LUTs", "low"),
        ("fmax", "Fmax (MHz)", "high"),
        ("fmax_by_seed.3", "Fmax, seed 3 (MHz)", "high"),
        ("latency", "latency (clocks)", "low"),
        ("error.max_ulp", "max error (ulp)", "low"),
        ("error.rms", "RMS error (absolute)", "low"),
        ("error.correctly_rounded", "correctly rounded (share)", "high"),
        ("resources.CCU2C", "CCU2C (cells)", "low"),
        ("parameters.degree", "degree", ""),
        ("seconds.measure", "time to measure (s)", ""),
        ("max_error", "budget", ""),
    ],
)
def test_titles(key, title, better):
    assert (field_of(key).title, field_of(key).better) == (title, better)


def test_what_is_plotted_is_there():
    assert set(MEASURES) <= set(COLUMNS)
    assert all(field_of(name).better for name in MEASURES)
    assert [field_of(f"error.{name}").better for name in ERRORS] == ["low"] * len(ERRORS)


def test_values(rows):
    assert values_of(rows, "luts")[:2].tolist() == [40, 60]
    assert values_of(rows, "fmax")[0] == 105
    assert np.isnan(values_of(rows, "fmax")[1:]).all()
    assert values_of(rows, "error.max_ulp")[0] == rows[0].error["max_ulp"]
