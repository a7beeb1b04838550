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
from softgate.methods.integer_polynomials.datapath_shape import Shape
from softgate.methods.integer_polynomials.fitter import Fitter, multiplicands
from softgate.methods.integer_polynomials.folded_function import Core
from softgate.methods.integer_polynomials.segmentation import Places
from softgate.plan import FixedFormat
from softgate.plan.operations.base import Range
from softgate.sim.golden.model import golden

LINE = Shape(2, (2, 4), lowest=(0,), minus=(False,), signed=(False,), widths=(None,))
WHOLE = replace(LINE, whole=1)
SQUARE = Shape(4, (3, 6, 8), lowest=(0, 0), minus=(False, True), signed=(False, False), widths=(None, None))


def core_of(function="tanh", source="SQ3.3", output="SQ1.4", budget="1ulp", **options):
    formats = FixedFormat.parse(source), FixedFormat.parse(output)
    return Core.of(Specification(create_function(function), *formats, Budget.parse(budget), ends="free", **options))


def is_within(core, shape, coefficients, places=None):
    """Return for each segment or pair whether a plan with these coefficients is within the budget at all its inputs.

    The highest coefficient of a pair is one for either segment.
    """
    places = places or Places(range(core.size))
    count = -(-places.stop >> shape.bits)
    tables = [(each,) * count for each in coefficients]
    if shape.paired:
        tables[-2:] = [tables[-2] + tables[-1]]
    plan = build(core, shape, tables, (), places)
    specification = core.specification
    outputs = golden(plan)(specification.input_format.codes(*specification.codes))
    good = np.ones(count, dtype=bool)
    for code, value, output in zip(*true_values(specification), outputs, strict=True):
        u = (code if code >= 0 else -code - 1) if core.folded else code - core.origin
        if u in places.covered and abs(value - output) >= 1:
            good[places.of(u) >> shape.bits] = False
    return good


@cache
def true_values(specification):
    codes = range(specification.codes.low, specification.codes.high + 1)
    return codes, [float(specification.reference.enclosure(code)[0]) for code in codes]


def holds(choices, base, size, constant, higher):
    """Return whether coefficients are among choices; a constant one has `size` values from `base` on."""
    if choices is None:
        return False
    rows = (choices.higher == higher).all(axis=1)
    lifted = base + (constant - base) % size
    around = [lifted + step * size for step in (-1, 0, 1)]  # the bits above are not stored
    return any(((choices.low <= each) & (each <= choices.high) & rows).any() for each in around)


LOGISTIC = core_of("logistic", "SQ3.3", "UQ0.5")
UNSIGNED = core_of("logistic", "UQ3.3", "UQ0.5")


@pytest.mark.parametrize(
    ("core", "shape", "slopes"),
    [
        (core_of(), LINE, range(40)),
        (core_of(), replace(LINE, stored=1, carries=3), range(40)),
        (core_of(), replace(LINE, stored=1, carries=1), range(40)),
        (core_of(), replace(LINE, carries=1), range(40)),
        (core_of(), replace(LINE, widths=(3,)), range(12)),
        (LOGISTIC, LINE, range(24)),
        (UNSIGNED, LINE, range(24)),
        (UNSIGNED, replace(LINE, shift=3), range(24)),
        (core_of(), WHOLE, range(40)),
        (core_of(), replace(WHOLE, stored=1, carries=3), range(40)),
        (LOGISTIC, WHOLE, range(24)),
        (UNSIGNED, replace(WHOLE, points=(3, 2)), range(8)),
    ],
    ids=[
        *("tanh", "lifted", "carried", "filled and carried", "narrow", "logistic", "unsigned", "odd"),
        *("whole", "whole, lifted", "whole, mirrored", "fewer bits"),
    ],
)
def test_every_line_that_will_do_is_found(core, shape, slopes):
    fitter = Fitter(core, Places(range(core.size)))
    constants = range((core.results.high - core.results.low + 1) << shape.stored)
    base = core.results.low << shape.stored
    found = [fitter.choices(shape, number) for number in range(fitter.segments(shape.bits))]
    compared = 0
    for constant, slope in product(constants, slopes):
        good = is_within(core, shape, (base + constant, slope))
        for segment, expected in enumerate(good):
            held = holds(found[segment], base, len(constants), base + constant, (slope,))
            narrow = shape.widths[0] is None or slope < 1 << shape.widths[0]
            assert held == (expected and narrow), (constant, slope, segment)
            compared += held
    assert compared > 10


PAIR = replace(LINE, paired=True)
FINE = core_of("tanh", "SQ3.4", "SQ1.5")


@pytest.mark.parametrize(
    ("core", "shape", "places"),
    [
        (core_of(), PAIR, None),
        (core_of(), replace(PAIR, whole=1), None),
        (LOGISTIC, replace(PAIR, stored=1, carries=2), None),
        (core_of("tanh", "SQ3.4", "SQ1.5"), replace(PAIR, shift=3, points=(2, 5)), None),
        (FINE, LINE, Places(range(FINE.size), 5)),
        (FINE, replace(PAIR, points=(3, 4)), Places(range(48), 5)),
        (UNSIGNED, replace(LINE, stored=1), Places(range(UNSIGNED.size), 5)),
    ],
    ids=["pairs", "whole pairs", "carried pairs", "odd pairs", "tail", "tail of pairs", "unsigned tail"],
)
def test_lines_that_share_and_that_serve_two_codes(core, shape, places):
    fitter = Fitter(core, places or Places(range(core.size)))
    size = (core.results.high - core.results.low + 1) << shape.stored
    base = core.results.low << shape.stored
    random = np.random.default_rng(1)
    pieces = range(fitter.segments(shape.bits))
    found = [fitter.choices(shape, number) for number in pieces]
    compared = 0
    for _ in range(150):
        # Around one of the choices: half of what is tried so will do, about.
        chosen = found[random.choice([number for number in pieces if found[number] is not None])]
        row = random.integers(len(chosen.low))
        constant = int(random.integers(chosen.low[row] - 1, chosen.high[row] + 2))
        higher = np.maximum(chosen.higher[row] + random.integers(-1, 2, chosen.higher.shape[1]), 0)
        good = is_within(core, shape, (constant, *map(int, higher)), places)
        for number in pieces:
            assert holds(found[number], base, size, constant, higher) == good[number]
            compared += int(good[number])
    assert compared > 10


@pytest.mark.parametrize("whole", [0, 1, 2])
@pytest.mark.parametrize("paired", [False, True], ids=["own", "paired"])
def test_squares_that_will_do(whole, paired):
    core = core_of("tanh", "SQ3.5", "SQ1.7")
    shape = replace(SQUARE, whole=whole)
    if paired:
        shape = replace(shape, shift=3, points=(4, 8, 11), paired=True)
    choices = Fitter(core, Places(range(core.size))).fit(shape)
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
    choices = Fitter(core, Places(range(8))).fit(LINE)
    assert choices is not None
    assert [choice.free for choice in choices] == [False, False]
    assert Fitter(core, Places(range(8, 16))).choices(LINE, 0).free


def test_what_is_hopeless():
    core = core_of("tanh", "SQ3.9", "SQ1.11")
    fitter = Fitter(core, Places(range(core.size)))
    assert fitter.hopeless(1, 9)
    assert not fitter.hopeless(1, 3)
    assert not fitter.feasible(replace(LINE, shift=9, points=(4, 12)))
    # Two neighbours differ by more than a result may be off.
    steep = core_of("tanh", "SQ3.3", "SQ1.9")
    assert Fitter(steep, Places(range(16), 3)).hopeless(1, 2)


def test_multiplicands():
    shape = Shape(2, (0, 2, 3), lowest=(0, 0), minus=(False, True), signed=(False, False), widths=(None, None))
    # c1 - (c2 * t rows cut by one bit), for one sign t from -1 to 2: (-11 >> 1), 0, (10 >> 1), (20 >> 1)
    held = multiplicands(shape, 1, [(0,), (40,), (10,)])
    assert held == [Range(40 - 10, 40 + 6), Range(10, 10)]
    # Whole: t from 0 to 3, 30 >> 1
    assert multiplicands(replace(shape, whole=2), 1, [(0,), (40,), (10,)]) == [Range(40 - 15, 40), Range(10, 10)]
    # Whole pairs: t from -4 to -1 with 20 and from 0 to 3 with 10
    pairs = replace(shape, whole=2, paired=True)
    assert multiplicands(pairs, 1, [(0,), (40,), (20, 10)]) == [Range(40 - 15, 40 + 40), Range(10, 20)]
