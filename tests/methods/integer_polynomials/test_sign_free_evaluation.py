"""Sign-free plans against the arithmetic of their rows, written out for one input at a time."""

from dataclasses import replace

import numpy as np
import pytest

from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.methods.integer_polynomials.build import build
from softgate.methods.integer_polynomials.datapath_shape import DatapathShape, Factor
from softgate.methods.integer_polynomials.folded_function import ANY, FoldedFunction
from softgate.methods.integer_polynomials.saturation import Saturation
from softgate.methods.integer_polynomials.segmentation import Segmentation
from softgate.methods.integer_polynomials.sign_free_evaluation import SumConstants, sum_constants
from softgate.plan import FixedFormat
from softgate.plan import operations as op
from softgate.sim.golden.model import golden

LINE = DatapathShape(
    3, (2, 4), stored=1, carries=2, lowest=(0,), minus=(False,), signed=(False,), widths=(None,), sign_free=True
)
SQUARE = replace(LINE, points=(2, 5, 6), lowest=(0, 1), minus=(False, True), signed=(False, False), widths=(None, None))
WIDTH = 7


def folded(mirror, low=0):
    """Return a folded function with results from `low` to ``low + 63``; which it is does not matter."""
    signed = mirror == -1 or low < 0
    formats = FixedFormat.parse(f"SQ1.{WIDTH}"), FixedFormat.parse("SQ1.6" if signed else "UQ0.7")
    specification = Specification(create_function("tanh" if signed else "logistic"), *formats, ends="free")
    lows, highs = np.full((2, 1 << WIDTH), -ANY), np.full((2, 1 << WIDTH), low + 63)
    highs[0, 0], lows[0, 1] = low, low + 63
    return FoldedFunction(specification, True, mirror, 0, lows, highs)


def row(multiplicand, digit, weight, cut):
    shifted = (multiplicand * digit << max(weight - cut, 0)) - (digit < 0)
    return shifted >> max(cut - weight, 0)


def written_out(function, shape, tables, tail, x):
    """Return the output at an input, without its saturations."""
    negative = x < 0
    u, raw = (~x if negative else x), x
    if tail is not None and u >> tail:
        u, raw = (1 << tail) + (u - (1 << tail) >> 1), raw >> 1
    segment, place = u >> shape.bits, u % (1 << shape.bits)
    first = 2 - shape.bits % 2
    side = shape.paired and place >= shape.middle(2)

    def rows(power, multiplicand):
        cut = shape.points[power] - shape.points[power - 1]
        digits = {0: place % (1 << first) - first + negative}
        digits |= {low: (place >> low) % 4 - 1 for low in range(first, shape.bits, 2)}
        if shape.paired:  # the origin is about the middle: other digits may be less two
            fields = shape.fields(2)[1:]
            digits |= {field.low: (place >> field.low) % 4 + field.digits[0] for field in fields}
        if power == 1:
            digits[0] = raw % (1 << first) - first
        low = [0, *range(first, shape.bits, 2)][shape.lowest[power - 1]]
        return [row(multiplicand, digit, weight, cut) for weight, digit in digits.items() if weight >= low]

    multiplicand = 0
    for power in range(shape.degree, 0, -1):
        entry = segment + (side * (len(tables[power]) // 2) if power == shape.degree else 0)
        multiplicand += tables[power][entry]
        if power > 1:
            total = sum(rows(power, multiplicand))
            multiplicand = -total if shape.minus[power - 1] else total
    lowest, *others = rows(1, multiplicand)
    constant, fraction = tables[0][segment], shape.guard - shape.stored
    subtracted = shape.minus[0]
    if function.mirror is None:
        rest = (~lowest if negative else lowest) + sum(others)
        return ((constant << fraction) + (-rest if subtracted else rest)) >> shape.guard
    rest = (~lowest if subtracted else lowest) + sum(~each if negative != subtracted else each for each in others)
    word = ((~constant if negative else constant) << fraction) + shape.fill
    return word + rest + shape.carries >> shape.guard


SHAPES = {
    "line": LINE,
    "even bits": replace(LINE, shift=4),
    "falling": replace(LINE, minus=(True,)),
    "falling, even bits": replace(LINE, shift=4, minus=(True,)),
    "all stored": replace(LINE, stored=2, carries=1),
    "none stored": replace(LINE, stored=0, carries=0),
    "lifted": replace(LINE, points=(4, 5), carries=5),
    "lifted, falling": replace(LINE, points=(4, 5), carries=5, minus=(True,)),
    "fewer bits": replace(LINE, shift=4, points=(4, 3), carries=0),
    "square": SQUARE,
    "square, lowest digit": replace(SQUARE, lowest=(0, 0)),
    "five bits": replace(SQUARE, shift=5, carries=3, minus=(False, False)),
    "pairs": replace(LINE, paired=True),
    "pairs of squares": replace(SQUARE, shift=4, paired=True),
}
FUNCTIONS = {"complement": (-1, 0), "power of two": (127, 64), "even": (None, 0), "both signs": (-1, -32)}


@pytest.mark.parametrize("tail", [None, 6], ids=["", "tail"])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize(("mirror", "low"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_plan_is_what_its_rows_add_up_to(mirror, low, shape, tail):
    function = folded(mirror, low)
    if mirror is None:
        shape = replace(shape, carries=0)
    segmentation = Segmentation(range(1 << WIDTH), tail)
    count = -(-segmentation.stop >> shape.bits)
    rng = np.random.default_rng(5)
    tables = [rng.integers(low << shape.stored, low + 64 << shape.stored, count).tolist()]
    for power in range(1, shape.degree + 1):
        entries = count * (1 + (shape.paired and power == shape.degree))
        tables.append((rng.integers(8, 16, entries) if power < shape.degree else rng.integers(0, 8, entries)).tolist())
    plan = build(function, shape, tables, (), segmentation)
    codes = np.arange(-1 << WIDTH, 1 << WIDTH)
    found = golden(plan)(codes)
    for x, output in zip(codes.tolist(), found.tolist(), strict=True):
        held = written_out(function, shape, tables, tail, x)
        opposite = low if mirror is None or x >= 0 else mirror - low - 63
        assert output == (held - opposite) % 64 + opposite, x


def test_products_of_a_raw_digit_by_hand():
    factor = Factor.of(replace(LINE, shift=4), 2)
    # Two digits, less two and less one: 6 before the origin.
    assert factor.t.tolist() == [*range(-6, 10), *range(-5, 11)]
    assert factor.signs.tolist() == [1] * 16 + [-1] * 16
    # 3 t / 4. At 0, digits -2 and -1: -7 >> 2 is -2, and -3 - 1 of the second row: -13 >> 2 is -4.
    # At ~0, digits of the bits are -1 and -1; read raw, the first is 1: minus 3 >> 2, and -4.
    product = factor.product(replace(LINE, shift=4), 1, np.array([[3]]))[0]
    assert product[[0, 16]].tolist() == [-2 - 4, -0 - 4]
    # At 7, digits 1 and 0: 3 >> 2. At ~7 the first is 2; raw it is -2: minus (-7 >> 2).
    assert product[[7, 23]].tolist() == [0, 2]


def test_the_operations_of_a_sign_free_sum():
    plan = build(folded(-1), LINE, [[5] * 16, [9] * 16], (), Segmentation(range(1 << WIDTH)))
    added = [step.operation for step in plan.steps if isinstance(step.operation, op.AddComplemented)]
    assert [(each.carry, each.kept, each.left_complemented) for each in added] == [(1, 0, True), (1, 1, False)]
    assert not any(isinstance(step.operation, op.Add) for step in plan.steps)
    # The input is complemented for the segment and one digit, the output is not.
    assert [step.name for step in plan.steps if isinstance(step.operation, op.Bitwise)] == ["complement"]


@pytest.mark.parametrize("shape", [SHAPES[name] for name in ("line", "falling", "even bits", "none stored", "lifted")])
@pytest.mark.parametrize("results", [((50, 50),), ((50, 49),), ((49, 50),), ((50, 49), (50, 50)), ((63, 62), (63, 63))])
def test_saturated_sums(shape, results):
    saturations = [Saturation(64 + 32 * number, each) for number, each in enumerate(results)]
    function = folded(-1)
    plan = build(function, shape, [[5] * 16, [9] * 16], saturations, Segmentation(range(64)))
    for x in range(64, 1 << WIDTH):
        number = min(x // 32 - 2, len(results) - 1)
        assert golden(plan)(np.array([x, ~x])).tolist() == [results[number][0], ~results[number][1]], x


def test_words_of_saturated_sums_by_hand():
    # 2047 and 2047: 2047 << 2, whose lowest bit is not complemented, so that it may be 0 or 1
    assert sum_constants(LINE, [Saturation(0, (2047, 2047))]) == SumConstants((8188,), 0)
    # With 1 from the rows, 2047 and 2046: 8189 + 1 and 8188 - 1; 2047 for both: 8188 + 1 and 8189 - 1.
    found = sum_constants(LINE, [Saturation(0, (2047, 2046)), Saturation(8, (2047, 2047))])
    assert found == SumConstants((8189, 8188), 1)
    # Of 50 and 49 without bits that are stored, no word makes both.
    assert sum_constants(replace(LINE, points=(0, 2), stored=0), [Saturation(0, (50, 49))]) is None
