"""The fit against brute force: a coefficient is found if and only if the unit it makes is within the budget."""

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest

from softgate.accuracy.budget import Budget
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.methods.integer_polynomials.build import build
from softgate.methods.integer_polynomials.datapath_shape import DatapathShape
from softgate.methods.integer_polynomials.fitter import Fitter
from softgate.methods.integer_polynomials.folded_function import FoldedFunction
from softgate.methods.integer_polynomials.segmentation import Segmentation
from softgate.plan import FixedFormat
from softgate.plan.operations.base import Range
from softgate.sim.golden.model import golden

LINE = DatapathShape(2, (2, 4), lowest=(0,), minus=(False,), signed=(False,), widths=(None,))
WHOLE = replace(LINE, whole=1)
SIGN_FREE = replace(LINE, shift=3, sign_free=True)
SQUARE = DatapathShape(4, (3, 6, 8), lowest=(0, 0), minus=(False, True), signed=(False, False), widths=(None, None))


def folded(name="tanh", source="SQ3.3", output="SQ1.4", budget="1ulp", **options):
    formats = FixedFormat.parse(source), FixedFormat.parse(output)
    return FoldedFunction.of(
        Specification(create_function(name), *formats, Budget.parse(budget), ends="free", **options)
    )


def is_within(function, shape, coefficients, segmentation=None):
    """Return for each segment or pair whether a plan with these coefficients is within the budget at all its inputs.

    The highest coefficient of a pair is one for either segment.
    """
    segmentation = segmentation or Segmentation(range(function.size))
    count = -(-segmentation.stop >> shape.bits)
    tables = [(each,) * count for each in coefficients]
    if shape.paired:
        tables[-2:] = [tables[-2] + tables[-1]]
    plan = build(function, shape, tables, (), segmentation)
    specification = function.specification
    outputs = golden(plan)(specification.input_format.codes(*specification.codes))
    good = np.ones(count, dtype=bool)
    for code, value, output in zip(*true_values(specification), outputs, strict=True):
        u = (code if code >= 0 else -code - 1) if function.folded else code - function.origin
        if u in segmentation.covered and abs(value - output) >= 1:
            good[segmentation.address(u) >> shape.bits] = False
    return good


@cache
def true_values(specification):
    codes = range(specification.codes.low, specification.codes.high + 1)
    return codes, [float(specification.reference.enclosure(code)[0]) for code in codes]


def holds(feasible_set, base, size, constant, higher):
    """Return whether coefficients are among choices; a constant one has `size` values from `base` on."""
    if feasible_set is None:
        return False
    rows = (feasible_set.higher == higher).all(axis=1)
    lifted = base + (constant - base) % size
    around = [lifted + step * size for step in (-1, 0, 1)]  # the bits above are not stored
    return any(((feasible_set.low <= each) & (each <= feasible_set.high) & rows).any() for each in around)


LOGISTIC = folded("logistic", "SQ3.3", "UQ0.5")
UNSIGNED = folded("logistic", "UQ3.3", "UQ0.5")
FINE, FALLING = folded(source="SQ2.4"), folded("-tanh(x)", "SQ2.4")
FINE_LOGISTIC = folded("logistic", "SQ2.4", "UQ0.5")
EVEN = folded("tanh_derivative", "SQ2.4", "UQ1.4")
RISING_EVEN = folded("gelu", "SQ2.4", "SQ2.4")


@pytest.mark.parametrize(
    ("function", "shape", "slopes"),
    [
        (folded(), LINE, range(40)),
        (folded(), replace(LINE, stored=1, carries=3), range(40)),
        (folded(), replace(LINE, stored=1, carries=1), range(40)),
        (folded(), replace(LINE, carries=1), range(40)),
        (folded(), replace(LINE, widths=(3,)), range(12)),
        (LOGISTIC, LINE, range(24)),
        (UNSIGNED, LINE, range(24)),
        (UNSIGNED, replace(LINE, shift=3), range(24)),
        (folded(), WHOLE, range(40)),
        (folded(), replace(WHOLE, stored=1, carries=3), range(40)),
        (LOGISTIC, WHOLE, range(24)),
        (UNSIGNED, replace(WHOLE, points=(3, 2)), range(8)),
        (FINE, replace(SIGN_FREE, stored=1, carries=1), range(18)),
        (FINE, replace(SIGN_FREE, stored=2, carries=3), range(18)),
        (FINE_LOGISTIC, replace(SIGN_FREE, stored=1, carries=2), range(10)),
        (folded(source="SQ2.5"), replace(SIGN_FREE, shift=4, stored=1, carries=2), range(10)),
        (FALLING, replace(SIGN_FREE, stored=1, carries=2, minus=(True,)), range(18)),
        (EVEN, replace(SIGN_FREE, stored=1, minus=(True,)), range(14)),
        (RISING_EVEN, replace(SIGN_FREE, stored=2), range(18)),
    ],
    ids=[
        *("tanh", "lifted", "carried", "filled and carried", "narrow", "logistic", "unsigned", "odd"),
        *("whole", "whole, lifted", "whole, mirrored", "fewer bits"),
        *("sign-free", "sign-free, lifted", "sign-free logistic", "sign-free, even bits"),
        *("sign-free, falling", "sign-free, even", "sign-free, rising even"),
    ],
)
def test_every_line_that_will_do_is_found(function, shape, slopes):
    fitter = Fitter(function, Segmentation(range(function.size)))
    constants = range((function.results.high - function.results.low + 1) << shape.stored)
    base = function.results.low << shape.stored
    found = [fitter.feasible_set(shape, number) for number in range(fitter.segments(shape.bits))]
    compared = 0
    for constant, slope in product(constants, slopes):
        good = is_within(function, shape, (base + constant, slope))
        for segment, expected in enumerate(good):
            held = holds(found[segment], base, len(constants), base + constant, (slope,))
            narrow = shape.widths[0] is None or slope < 1 << shape.widths[0]
            assert held == (expected and narrow), (constant, slope, segment)
            compared += held
    assert compared > 10


def of_derived(shape, results, constant):
    """Return all coefficients where the constant one, in units of its lowest bit, holds the others."""
    coefficients = [constant - (results.low << shape.stored)]
    for power in range(1, shape.degree + 1):
        coefficients.append(coefficients[-1] >> shape.dropped_bits(power))
    return (constant, *coefficients[1:])


EXP = folded("exp", "SQ4.4", "UQ1.5", input_range=Range(-64, -1))
ELU = folded("elu", "SQ3.4", "SQ1.5", input_range=Range(-64, -1))
ONE_TABLE = replace(LINE, shift=3, points=(2, 3), ratios=(4,))
SQUARES = replace(SQUARE, shift=4, minus=(False, False), points=(2, 4, 8), ratios=(4, 5))


@pytest.mark.parametrize(
    ("function", "shape"),
    [
        (EXP, replace(ONE_TABLE, stored=1)),
        (EXP, replace(ONE_TABLE, stored=2, origin_choice=1)),
        (ELU, replace(ONE_TABLE, stored=2)),
        (EXP, replace(SQUARES, stored=2)),
    ],
    ids=["line", "another origin", "counted from below 0", "squares"],
)
def test_every_coefficient_that_holds_the_others_is_found(function, shape):
    results = function.results
    shape = replace(shape, results=(results.low, results.high))
    fitter = Fitter(function, Segmentation(range(function.size)))
    found = [fitter.feasible_set(shape, number) for number in range(fitter.segments(shape.bits))]
    compared = 0
    for constant in range(results.low << shape.stored, results.high + 1 << shape.stored):
        coefficients = of_derived(shape, results, constant)
        for segment, expected in enumerate(is_within(function, shape, coefficients)):
            feasible = found[segment]
            held = feasible is not None and any(
                (low <= constant <= high) and tuple(higher) == coefficients[1:]
                for higher, low, high in zip(feasible.higher.tolist(), feasible.low, feasible.high, strict=True)
            )
            assert held == expected, (constant, segment)
            compared += held
    assert compared > 5


def test_ratios_are_those_of_derivatives():
    def ratios(function, degree, bits):
        return Fitter(function, Segmentation(range(function.size))).ratios(degree, bits)

    fine = folded("exp", "SQ4.8", "UQ1.11", input_range=Range(-1024, -1))
    assert ratios(fine, 1, 5) == (8,)
    assert ratios(fine, 2, 6) == (8, 9)  # a second derivative is halved
    assert ratios(folded("elu", "SQ4.8", "SQ1.11", input_range=Range(-1024, -1)), 1, 5) == (8,)  # from -1 on
    assert ratios(folded("exp2", "SQ4.8", "UQ1.11", input_range=Range(-1024, -1)), 1, 5) is None  # ln 2 times as large
    assert ratios(folded("tanh", "SQ4.8", "SQ1.11"), 1, 5) is None
    assert ratios(folded("relu", "SQ4.4", "SQ4.4", input_range=Range(-64, -1)), 1, 3) is None  # both are 0


PAIR = replace(LINE, paired=True)
FINE = folded("tanh", "SQ3.4", "SQ1.5")


@pytest.mark.parametrize(
    ("function", "shape", "segmentation"),
    [
        (folded(), PAIR, None),
        (folded(), replace(PAIR, whole=1), None),
        (LOGISTIC, replace(PAIR, stored=1, carries=2), None),
        (folded("tanh", "SQ3.4", "SQ1.5"), replace(PAIR, shift=3, points=(2, 5)), None),
        (FINE, LINE, Segmentation(range(FINE.size), 5)),
        (FINE, replace(PAIR, points=(3, 4)), Segmentation(range(48), 5)),
        (UNSIGNED, replace(LINE, stored=1), Segmentation(range(UNSIGNED.size), 5)),
    ],
    ids=["pairs", "whole pairs", "carried pairs", "odd pairs", "tail", "tail of pairs", "unsigned tail"],
)
def test_lines_that_share_and_that_serve_two_codes(function, shape, segmentation):
    fitter = Fitter(function, segmentation or Segmentation(range(function.size)))
    size = (function.results.high - function.results.low + 1) << shape.stored
    base = function.results.low << shape.stored
    random = np.random.default_rng(1)
    segments = range(fitter.segments(shape.bits))
    found = [fitter.feasible_set(shape, number) for number in segments]
    compared = 0
    for _ in range(150):
        # Around one of the choices: half of what is tried so will do, about.
        chosen = found[random.choice([number for number in segments if found[number] is not None])]
        row = random.integers(len(chosen.low))
        constant = int(random.integers(chosen.low[row] - 1, chosen.high[row] + 2))
        higher = np.maximum(chosen.higher[row] + random.integers(-1, 2, chosen.higher.shape[1]), 0)
        good = is_within(function, shape, (constant, *map(int, higher)), segmentation)
        for number in segments:
            assert holds(found[number], base, size, constant, higher) == good[number]
            compared += int(good[number])
    assert compared > 10


@pytest.mark.parametrize("whole", [0, 1, 2])
@pytest.mark.parametrize("paired", [False, True], ids=["own", "paired"])
def test_squares_that_will_do(whole, paired):
    function = folded("tanh", "SQ3.5", "SQ1.7")
    shape = replace(SQUARE, whole=whole)
    if paired:
        shape = replace(shape, shift=3, points=(4, 8, 11), paired=True)
    feasible_set = Fitter(function, Segmentation(range(function.size))).fit(shape)
    assert feasible_set is not None
    for segment, chosen in enumerate(feasible_set):
        for place in {0, len(chosen.low) // 2, len(chosen.low) - 1}:
            for constant in (chosen.low[place], chosen.high[place]):
                good = is_within(function, shape, (int(constant), *map(int, chosen.higher[place])))
                assert good[segment]
        first = chosen.higher[0]
        assert not is_within(function, shape, (int(chosen.high[0]) + 1, *map(int, first)))[segment]
        assert not is_within(function, shape, (int(chosen.low[0]) - 1, *map(int, first)))[segment]


def test_segments_without_inputs_take_anything():
    function = folded(input_range=Range(-32, 3))
    feasible_set = Fitter(function, Segmentation(range(8))).fit(LINE)
    assert feasible_set is not None
    assert [choice.is_unconstrained for choice in feasible_set] == [False, False]
    assert Fitter(function, Segmentation(range(8, 16))).feasible_set(LINE, 0).is_unconstrained


def test_what_is_hopeless():
    function = folded("tanh", "SQ3.9", "SQ1.11")
    fitter = Fitter(function, Segmentation(range(function.size)))
    assert fitter.is_hopeless(1, 9)
    assert not fitter.is_hopeless(1, 3)
    assert not fitter.is_feasible(replace(LINE, shift=9, points=(4, 12)))
    # Two neighbours differ by more than a result may be off.
    steep = folded("tanh", "SQ3.3", "SQ1.9")
    assert Fitter(steep, Segmentation(range(16), 3)).is_hopeless(1, 2)
