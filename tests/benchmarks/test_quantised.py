"""Quantised units beside ONNX Runtime and TFLite: a stratified handful, and the whole grid where time allows."""

from fractions import Fraction
from itertools import islice

import mpmath
import numpy as np
import pytest

from benchmarks import quantised
from benchmarks.framework_codes import Pair, onnx_qdq, onnx_qlinear, tflite_table
from benchmarks.quantised import NEAR, Difference, differences, grid_of, measure_quantised, table_unit, tflite_grid
from softgate import design, rounded
from softgate.plan import parse_format
from softgate.sim.check import check_manifest

pytest.importorskip("onnxruntime")

FUNCTIONS = list(quantised.TRUTHS)


def one_of(function, place):
    """Return one of the 15 pairs of scale and zero point of a function, of int8 and uint8 by turns."""
    return list(grid_of(("int8", "uint8")[place % 2], [function]))[place % 15]


@pytest.fixture(scope="module")
def handful():
    """One pair of each function, over all scales and zero points of int8 and uint8; and some of int4 and uint4."""
    fours = [next(grid_of(kind, [each])) for kind, each in zip(["int4", "uint4"] * 2, FUNCTIONS[1::3], strict=True)]
    return [*(one_of(function, place) for place, function in enumerate(FUNCTIONS)), *fours]


def judged(pair, ours, theirs):
    """Return the codes at which two differ; each must be next to a true value that is near a tie."""
    found = differences(pair, ours, theirs)
    assert [each for each in found if not each.undecided] == []
    return [each.code for each in found]


def test_a_handful_of_units_equal_onnx_runtime(handful):
    assert {(each.source.width, each.source.signed) for each in handful} == {
        (8, True),
        (8, False),
        (4, True),
        (4, False),
    }
    for pair, theirs in zip(handful, onnx_qdq(handful), strict=True):
        assert len(theirs) == 2**pair.source.width
        assert len(np.unique(theirs)) > 3
        judged(pair, table_unit(pair), theirs)


def test_fused_operators_of_onnx_runtime():
    chosen = [one_of(function, place) for function in ("logistic", "leaky_relu") for place in (1, 4, 8)]
    for pair, theirs in zip(chosen, onnx_qlinear(chosen), strict=True):
        judged(pair, table_unit(pair), theirs)


def test_tables_of_tflite():
    for pair in islice(tflite_grid(), 0, None, 4):
        judged(pair, table_unit(pair), tflite_table(pair))


def test_a_table_of_tflite_by_hand():
    """At the int8 code of 0 the logistic function is 0.5, which is code 0; 1 rounds to 128, and is saturated."""
    table = tflite_table(Pair("logistic", parse_format("int8:0.1:4"), parse_format("int8:1/256:-128")))
    assert table[[4 + 128, 14 + 128, 127 + 128, 0]].tolist() == [0, 59, 127, -128]


def test_models_of_sixteen_bits_equal_onnx_runtime():
    pairs = list(grid_of("int16", ["logistic", "hard_swish"]))[1::3]
    for pair, theirs in zip(pairs, onnx_qdq(pairs), strict=True):
        assert len(judged(pair, rounded(pair.function, pair.source, pair.target, saturate=True).table(), theirs)) < 200


def test_what_is_wrong_is_found(handful):
    """Another scale, or the next zero point, is no near tie."""
    pair = handful[0]
    ours = table_unit(pair)
    for wrong in (
        Pair(pair.function, pair.source, parse_format("int8:0.0041:-128")),
        Pair(pair.function, parse_format("int8:1/32:-36"), pair.target),
    ):
        assert any(not each.undecided for each in differences(pair, ours, onnx_qdq([wrong])[0]))


@pytest.mark.parametrize(
    ("ours", "theirs", "truth", "undecided"),
    [(3, 4, "3.519", True), (4, 3, "3.481", True), (3, 4, "3.53", False), (3, 5, "3.5", False), (4, 5, "3.5", False)],
)
def test_what_is_undecided(ours, theirs, truth, undecided):
    assert Difference(0, ours, theirs, mpmath.mpf(truth)).undecided == undecided
    assert NEAR == 0.02


def test_scales_are_those_of_float32():
    scales = {each.source.ulp for each in grid_of("int8", ["leaky_relu"])}
    assert scales == {Fraction(float(np.float32(each))) for each in (0.03125, 0.047, 0.0123, 0.1, 0.0784313753247261)}


def test_the_rows(monkeypatch):
    """Each judge has a row; a difference is counted, and listed by itself where inputs have 8 bits."""
    monkeypatch.setattr(quantised, "grid_of", lambda kind: islice(grid_of(kind, ["logistic"]), 1))
    monkeypatch.setattr(quantised, "tflite_grid", lambda: islice(tflite_grid(), 1))

    def off(pairs):
        (*rest, last) = map(table_unit, pairs)
        last[3] += 1
        return [*rest, last]

    monkeypatch.setattr(quantised, "onnx_qlinear", off)
    monkeypatch.setattr(quantised, "TRUTHS", {"logistic": quantised.TRUTHS["logistic"]})
    rows = list(measure_quantised())
    assert [row.cells["codes"] for row in rows[:5]] == ["512", "512", "256", "32", "65,536"]
    assert [row.cells["different"] for row in rows[1:3]] == ["1", "0"]
    assert rows[1].cells["different, but not within 0.02 ulp of a tie"] == "1"
    (listed,) = rows[5:]
    assert listed.label == "logistic, uint8:0.03125:0 to uint8:0.003920212:0"
    assert listed.cells["code"] == "3"


@pytest.mark.slow
def test_the_whole_grid():
    """What is listed, all of 8 bits, are differences at which the unit gives the nearer code."""
    rows = list(measure_quantised())
    counts, listed = rows[: 4 + len(FUNCTIONS)], rows[4 + len(FUNCTIONS) :]
    codes = [int(row.cells["codes"].replace(",", "")) for row in counts]
    assert codes == [92160, 15360, 7680, 2304, *[4 * 65536] * len(FUNCTIONS)]
    assert [row.cells["different, but not within 0.02 ulp of a tie"] for row in counts] == ["0"] * len(counts)
    assert all(abs(int(row.cells["softgate"]) - float(row.cells["true value"])) < 0.5 for row in listed)


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS)
def test_hardware_equals_onnx_runtime(function, tmp_path):
    """The best unit of any method, emitted and checked against its model, which then is that of the framework."""
    pair = one_of(function, FUNCTIONS.index(function) + 7)
    unit = design(function, pair.source, pair.target, max_error="0.5ulp", saturate=True)
    unit.emit(tmp_path, name="unit")
    assert all(result.passed for result in check_manifest(tmp_path / "unit.json"))
    judged(pair, unit.golden.table(), onnx_qdq([pair])[0])


@pytest.mark.tools
def test_hardware_of_one_method_equals_onnx_runtime(tmp_path):
    pair = one_of("mish", 5)
    unit = design("mish", pair.source, pair.target, max_error="0.5ulp", saturate=True, method="bipartite")
    unit.emit(tmp_path, name="unit")
    assert all(result.passed for result in check_manifest(tmp_path / "unit.json"))
    judged(pair, unit.golden.table(), onnx_qdq([pair])[0])
