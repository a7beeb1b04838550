"""Units that round in one way, judged by mpmath."""

import mpmath
import pytest

from softgate import BudgetError, design, load
from softgate.sim.check import check_manifest

ROUNDED = {
    "half_even": lambda v: int(mpmath.nint(v)),
    "half_up": lambda v: int(mpmath.floor(v + mpmath.mpf(1) / 2)),
    "half_away": lambda v: int(mpmath.sign(v)) * int(mpmath.floor(abs(v) + mpmath.mpf(1) / 2)),
    "floor": lambda v: int(mpmath.floor(v)),
    "zero": lambda v: int(mpmath.sign(v)) * int(mpmath.floor(abs(v))),
}


def expected(truth, mode, low=-128, high=127):
    """Return the codes of SQ1.7 that a function has at all codes of SQ4.4."""
    with mpmath.workdps(60):
        values = [truth(mpmath.mpf(code) / 16) * 128 for code in range(-128, 128)]
        return [min(max(ROUNDED[mode](value), low), high) for value in values]


@pytest.mark.parametrize("method", [None, "table"])
@pytest.mark.parametrize("mode", ROUNDED)
def test_every_output_is_the_one_that_the_mode_gives(mode, method):
    unit = design("tanh", "SQ4.4", "SQ1.7", rounding=mode, method=method)
    assert unit.golden.table().tolist() == expected(mpmath.tanh, mode)
    assert unit.errors.misrounded == 0
    assert unit.errors.max_ulp < (0.5 if mode.startswith("half") else 1)


@pytest.mark.parametrize(("method", "mode"), [("polynomial", "half_even"), ("bipartite", "floor")])
def test_methods_that_walk_what_is_admitted(method, mode):
    unit = design("gelu", "SQ4.4", "SQ4.4", rounding=mode, method=method)
    with mpmath.workdps(60):
        values = [mpmath.mpf(code) * mpmath.ncdf(mpmath.mpf(code) / 16) for code in range(-128, 128)]
        assert unit.golden.table().tolist() == [ROUNDED[mode](value) for value in values]


@pytest.mark.parametrize("mode", ROUNDED)
def test_ties(mode):
    """Half the odd codes lie half-way between two outputs."""
    unit = design("leaky_relu", "SQ4.4", "SQ4.3", rounding=mode, negative_slope="1", method="table", saturate=True)
    with mpmath.workdps(60):
        assert unit.golden.table().tolist() == [
            min(ROUNDED[mode](mpmath.mpf(code) / 2), 63) for code in range(-128, 128)
        ]


def test_saturating_and_symmetric():
    unit = design("tanh", "SQ4.4", "SQ1.7", rounding="half_away", symmetric=True, method="table")
    assert unit.golden.table().tolist() == expected(mpmath.tanh, "half_away", low=-127)
    with pytest.raises(ValueError, match="a rounding that is the same for both signs, such as half_even, not floor"):
        design("tanh", "SQ4.4", "SQ1.7", rounding="floor", symmetric=True)


@pytest.mark.tools
def test_the_manifest_is_checked_and_loaded(tmp_path):
    unit = design("tanh", "SQ4.4", "SQ1.7", rounding="floor", method="table")
    manifest = unit.emit(tmp_path).as_dict()
    assert (manifest["rounding"], manifest["budget"], manifest["ends"]) == ("floor", "1ulp", "free")
    assert manifest["error"]["misrounded"] == 0
    results = {result.name: result for result in check_manifest(tmp_path / "tanh.json")}
    assert all(result.passed for result in results.values())
    assert results["rounding"].detail == "the unit rounds every value floor"
    assert load(tmp_path / "tanh.json").specification == unit.specification


def test_a_unit_that_rounds_otherwise_is_refused():
    with pytest.raises(BudgetError, match="rounds every value floor"):
        design("tanh", "SQ4.4", "SQ1.7", rounding="floor", method="taylor", degree=3, segments=16)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"max_error": "1ulp"}, "rounding floor gives the output at every input; leave out max_error 1ulp"),
        ({"ends": "exact"}, "rounding floor gives the output at every input; leave out ends exact"),
    ],
)
def test_what_contradicts_it(asked, message):
    with pytest.raises(ValueError) as raised:
        design("tanh", "SQ4.4", "SQ1.7", rounding="floor", **asked)
    assert str(raised.value) == message


def test_what_cannot_be_walked():
    with pytest.raises(ValueError, match="is checked at every input, for at most 16777216 codes"):
        design("tanh", "SQ4.21", "SQ1.7", rounding="floor")
    with pytest.raises(ValueError, match="is checked for outputs of at most 40 bits"):
        design("tanh", "SQ4.4", "SQ1.40", rounding="floor")
    with pytest.raises(ValueError, match="rounding"):
        design("tanh", "SQ4.4", "SQ1.7", rounding="up")


def test_modes_of_an_output_format():
    unit = design("tanh", "SQ4.4", "ap_fixed<8,1,AP_TRN,AP_SAT>", method="table")
    assert unit.specification == design("tanh", "SQ4.4", "SQ1.7", rounding="floor", saturate=True).specification
    unit = design("tanh", "SQ4.4", "fixed<8,1,RND_CONV,SAT_SYM>", method="table")
    assert unit.golden.table().tolist() == expected(mpmath.tanh, "half_even", low=-127)
    with pytest.raises(ValueError, match="rounding is floor, but the output format rounds half_up; leave one out"):
        design("tanh", "SQ4.4", "ap_fixed<8,1,AP_RND>", rounding="floor")
    with pytest.raises(ValueError, match="rounding half_up gives the output at every input; leave out max_error 1ulp"):
        design("tanh", "SQ4.4", "ap_fixed<8,1,AP_RND>", max_error="1ulp")
