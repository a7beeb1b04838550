"""The fit against brute force: a coefficient is found if and only if the unit it makes is within the budget."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from softgate.plan import Budget, FixedFormat, create_function
from softgate.plan.operation import Range
from softgate.plan.polynomial.build import build
from softgate.plan.polynomial.core import ANY, Core
from softgate.plan.polynomial.fit import Fitter, multiplicands
from softgate.plan.polynomial.shape import Shape
from softgate.plan.specification import Specification
from softgate.sim.golden import golden

LINE = Shape(2, (2, 4), 0, (0,), (0,), (False,), (False,))
WHOLE = replace(LINE, whole=1)


def core_of(function="tanh", source="SQ3.3", output="SQ1.4", budget="1ulp", **options):
    formats = FixedFormat.parse(source), FixedFormat.parse(output)
    return Core.of(Specification(create_function(function), *formats, Budget.parse(budget), **options))


def is_within(core, shape, coefficients):
    """Return for each segment whether a plan with these coefficients gives admissible results at all its inputs."""
    segments = core.size >> shape.shift
    plan = build(core, shape, [(c,) * segments for c in coefficients], ())
    specification = core.specification
    outputs = golden(plan)(specification.input_format.codes(*specification.codes))
    errors = np.array(
        [
            abs(float(specification.reference.enclosure(code)[0]) - output)
            for code, output in zip(range(specification.codes.low, specification.codes.high + 1), outputs, strict=True)
        ]
    )
    good = errors < 1
    zero = -specification.codes.low
    folded = np.stack([good[zero:], good[:zero][::-1]]) if core.signs == 2 else good[None]
    return folded.reshape(core.signs, segments, -1).all(axis=(0, 2))


@pytest.mark.parametrize(
    ("core", "shape", "slopes"),
    [
        (core_of(), LINE, range(40)),
        (core_of(), Shape(2, (2, 4), 1, (0,), (0,), (False,), (False,)), range(40)),
        (core_of("logistic", "SQ3.3", "UQ0.5"), LINE, range(24)),
        (core_of("logistic", "UQ3.3", "UQ0.5"), LINE, range(24)),
        (core_of(), WHOLE, range(40)),
        (core_of(), replace(WHOLE, stored=1), range(40)),
        (core_of("logistic", "SQ3.3", "UQ0.5"), WHOLE, range(24)),
        (core_of("logistic", "UQ3.3", "UQ0.5"), replace(WHOLE, points=(3, 2)), range(8)),
    ],
    ids=["tanh", "stored", "logistic", "unsigned", "whole", "whole, stored", "whole, mirrored", "fewer bits"],
)
def test_every_line_that_will_do_is_found(core, shape, slopes):
    fitter = Fitter(core, range(core.size))
    constants = range((core.results.high - core.results.low + 1) << shape.stored)
    base = core.results.low << shape.stored
    brute = {pair: is_within(core, shape, (base + pair[0], pair[1])) for pair in product(constants, slopes)}
    compared = 0
    for segment in range(fitter.segments(shape.shift)):
        choices = fitter.segment_choices(shape, segment)
        found = set()
        if choices is not None:
            for (slope,), low, high in zip(choices.higher, choices.low, choices.high, strict=True):
                # A constant coefficient is stored without the bits that all results begin with.
                found |= {((constant - base) % len(constants), int(slope)) for constant in range(low, high + 1)}
        expected = {pair for pair, good in brute.items() if good[segment]}
        assert {pair for pair in found if pair[1] in slopes} == expected
        compared += len(expected)
    assert compared > 10


@pytest.mark.parametrize("whole", [0, 1, 2])
def test_squares_that_will_do(whole):
    core = core_of("tanh", "SQ3.5", "SQ1.7")
    shape = Shape(4, (3, 6, 8), 0, (0, 0), (0, 0), (False, True), (False, False), whole)
    fitter = Fitter(core, range(core.size))
    choices = fitter.fit(shape)
    assert choices is not None
    for segment, chosen in enumerate(choices):
        for place in {0, len(chosen.low) // 2, len(chosen.low) - 1}:
            for constant in (chosen.low[place], chosen.high[place]):
                good = is_within(core, shape, (int(constant), *map(int, chosen.higher[place])))
                assert good[segment]
        first = chosen.higher[0]
        assert not is_within(core, shape, (int(chosen.high[0]) + 1, *map(int, first)))[segment]
        assert not is_within(core, shape, (int(chosen.low[0]) - 1, *map(int, first)))[segment]


def test_segments_without_inputs_take_anything():
    core = core_of(input_range=Range(-32, 3))
    choices = Fitter(core, range(8)).fit(LINE)
    assert choices is not None
    assert [choice.high[0] < ANY for choice in choices] == [True, True]
    assert Fitter(core, range(8, 16)).segment_choices(LINE, 0).high[0] == ANY


def test_what_is_hopeless():
    core = core_of("tanh", "SQ3.9", "SQ1.11")
    fitter = Fitter(core, range(core.size))
    assert fitter.hopeless(1, 9)
    assert not fitter.hopeless(1, 3)
    assert not fitter.feasible(Shape(9, (4, 12), 0, (0,), (0,), (False,), (False,)))


def test_multiplicands():
    shape = Shape(2, (0, 2, 3), 0, (0, 0), (0, 0), (False, True), (False, False))
    # c1 - floor(c2 * t / 2) for t from 0 to 3, in rows: 8 - (10 * t rows cut by one bit)
    held = multiplicands(shape, 1, [(0,), (40,), (10,)])
    assert held[1] == Range(10, 10)
    # t = 1: 10 >> 1; t = 2: 20 >> 1; t = 3: (-11 >> 1) + (40 >> 1)
    assert held[0] == Range(40 - 14, 40)
    # whole: 30 >> 1
    assert multiplicands(replace(shape, whole=2), 1, [(0,), (40,), (10,)]) == [Range(40 - 15, 40), Range(10, 10)]
