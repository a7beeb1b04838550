"""Inputs shifted until they begin with a 1: literal codes, and the same by steps."""

import numpy as np
import pytest
from specified import specify

from softgate.methods.range_reduction.normalised import NormalisedSum, NormalisedValue
from softgate.plan import operations as op
from softgate.plan.builder import PlanBuilder
from softgate.plan.formats import FixedFormat
from softgate.plan.operations.base import Range
from softgate.sim.golden.model import golden


def normalised(function, source, output, low=None, high=None, **options):
    held = {} if low is None else {"input_range": Range(low, high)}
    (found,) = (
        each
        for kind in (NormalisedValue, NormalisedSum)
        for each in kind.of(specify(function, source, output, "1ulp", **held, **options))
    )
    return found


SQRT = ("sqrt", "UQ4.4", "UQ2.6")
RECIPROCAL = ("reciprocal", "UQ4.4", "UQ3.5", 4, 255)
LOG = ("log", "UQ4.4", "SQ4.4", 1, 255)


@pytest.mark.parametrize(
    ("case", "name", "reduced"),
    [
        # whole strides of two bits: the first two are 01, 10 or 11
        (SQRT, "shift", {0: 64, 1: 64, 2: 128, 3: 192, 4: 64, 15: 240, 16: 64, 63: 252, 64: 64, 200: 200, 255: 255}),
        (RECIPROCAL, "shift", {4: 128, 5: 160, 7: 224, 63: 252, 64: 128, 129: 129, 255: 255}),
        (LOG, "exponent", {1: 128, 3: 192, 100: 200, 255: 255}),
        (("rsqrt", "SQ5.3", "UQ2.6", 2, 20), "shift", {2: 8, 3: 12, 5: 20, 7: 28, 8: 8, 20: 20}),  # of five bits
    ],
)
def test_reduced_inputs(case, name, reduced):
    reduction = normalised(*case)
    assert reduction.name == name
    codes = np.array(list(reduced), dtype=np.int64)
    assert reduction.inputs_of(codes).tolist() == list(reduced.values())
    b = PlanBuilder()
    x = b.input("x", reduction.specification.input_format, "", reduction.specification.codes)
    u = reduction.reduce(b, x)
    assert (b.range(u), b.point(u)) == (reduction.inputs, reduction.input_format.fraction_bits)
    plan = b.build(y=(u, reduction.input_format))
    every = np.arange(reduction.specification.codes.low, reduction.specification.codes.high + 1)
    assert golden(plan)(every).tolist() == reduction.inputs_of(every).tolist()


@pytest.mark.parametrize(
    ("case", "source", "fraction"),
    [
        (SQRT, "UQ2.6", 7),  # the square root of 4 x is twice as large, in ulp of 1/64
        (("sqrt", "UQ3.4", "UQ2.6"), "UQ1.6", 7),  # from 1/2 up to 2, since the exponent is even
        (("sqrt", "UQ0.8", "UQ0.8"), "UQ2.6", 7),
        (RECIPROCAL, "UQ1.7", 7),  # 4 of 1/4: the reciprocal of 1, 4 times as large, in ulp of 1/32
        (LOG, "UQ1.7", 6),  # two guard bits
        (("log2", "UQ4.4", "SQ4.4", 1, 255), "UQ1.7", 4),  # what is added is whole: no guard bits
    ],
)
def test_formats(case, source, fraction):
    reduction = normalised(*case)
    assert str(reduction.input_format) == source
    assert reduction.fraction_bits == fraction


def test_results_that_become_admissible_outputs():
    codes, low, high = np.array([0, 1, 17, 64, 255]), np.array([0, 15, 65, 128, 255]), np.array([0, 16, 66, 128, 255])
    lows, highs = normalised(*SQRT).results(codes, low, high)  # shifted right by 3, 3, 1, 0 and 0
    assert lows.tolist()[1:] == [120, 130, 128, 255]
    assert highs.tolist()[1:] == [135, 133, 128, 255]
    assert lows[0] < -(1 << 30) and highs[0] > 1 << 30  # 0 has an output of its own
    _, highs = normalised(*SQRT, saturate=True).results(codes, low, high)
    assert highs.tolist()[3] == 128 and highs[4] > 1 << 30  # what is more is clamped

    reduction = normalised(*LOG)
    # 8 ln 2 = 88.72 quarters of 1/16 for the first bit of 4 fraction bits, and half of 4 for rounding
    assert reduction.added == (135, 91, 46, 2, -42, -87, -131, -175)
    lows, highs = reduction.results(np.array([16, 255]), np.array([0, 44]), np.array([0, 44]))
    assert lows.tolist() == [-2, 176 - 135]
    assert highs.tolist() == [1, 179 - 135]


@pytest.mark.parametrize(
    ("case", "code", "value", "output"),
    [
        (SQRT, 0, 200, 0),
        (SQRT, 1, 129, 16),
        (SQRT, 17, 131, 65),
        (SQRT, 255, 255, 255),
        (RECIPROCAL, 4, 128, 128),
        (RECIPROCAL, 255, 65, 65 >> 5),
        (LOG, 255, 43, 44),
        (LOG, 1, 0, -44),
        (("log2", "UQ4.4", "SQ4.4", 1, 255), 255, 15, 63),
        (("log2", "UQ4.4", "SQ4.4", 1, 255), 1, 0, -64),
    ],
)
def test_outputs(case, code, value, output):
    reduction = normalised(*case)
    b = PlanBuilder()
    x = b.input("x", reduction.specification.input_format, "", reduction.specification.codes)
    reduction.reduce(b, x)
    result = b.let("result", op.Constant(value, reduction.fraction_bits))
    wide = FixedFormat(True, 12, reduction.specification.output_format.fraction_bits)
    plan = b.build(y=(reduction.restore(b, result), wide))
    assert golden(plan)(np.array([code])).tolist() == [output]


@pytest.mark.parametrize(("highest", "joined"), [(15, op.Concatenate), (16, op.Add)])
def test_whole_exponents_stand_beside_a_result_below_1_without_an_adder(highest, joined):
    reduction = normalised("log2", "UQ4.4", "SQ4.4", 1, 255)
    b = PlanBuilder()
    reduction.reduce(b, b.input("x", reduction.specification.input_format, "", reduction.specification.codes))
    result = b.let("result", op.Lookup("shift", (*range(7), highest), 4))
    plan = b.build(y=(reduction.restore(b, result), FixedFormat.parse("SQ5.4")))
    assert isinstance(plan.steps[-1].operation, joined)
    assert golden(plan)(np.array([255, 1])).tolist() == [48, -64 + highest]


@pytest.mark.parametrize(
    ("function", "source", "output", "options"),
    [
        ("exp", "UQ2.4", "UQ6.4", {"saturate": True}),  # no scaling
        ("sqrt", "UQ4.4", "UQ2.6", {"input_range": Range(64, 255)}),  # two octaves, as the root's own
        ("log", "UQ4.4", "SQ4.4", {"input_range": Range(128, 255)}),  # one octave
        ("reciprocal", "SQ4.4", "SQ3.5", {"input_range": Range(-128, -16)}),
    ],
)
def test_none(function, source, output, options):
    specification = specify(function, source, output, **options)
    assert not [*NormalisedValue.of(specification), *NormalisedSum.of(specification)]


def test_terms_are_exact_to_many_digits():
    added = normalised("log", "UQ4.12", "SQ5.30", 1, 65535).added
    assert added[0] == 8931133415 + 2  # 3 ln 2 = 2.079441541679835928... in 2^-32
