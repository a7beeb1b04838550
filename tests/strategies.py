"""Random plans, and what a plan means in plain Python integers, written from the docstrings of the operations."""

from itertools import product

from hypothesis import strategies as st

from softgate.plan import FixedFormat, Plan, PlanBuilder
from softgate.plan.operations import (
    Absolute,
    Add,
    AddComplemented,
    Bits,
    Bitwise,
    Clamp,
    Compare,
    Concatenate,
    Constant,
    Input,
    LeadingZeros,
    Lookup,
    Multiply,
    Narrow,
    PartialProduct,
    Range,
    Round,
    Select,
    ShiftBy,
    ShiftLeft,
    ShiftRight,
    Subtract,
)

MAX_WIDTH = 80
"""Ranges of random plans have at most so many bits: more than an int64 holds, so both paths of a model are taken."""

RELATIONS = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "ge": lambda a, b: a >= b,
    "gt": lambda a, b: a > b,
}
BITWISE = {"and": lambda a, b: a & b, "or": lambda a, b: a | b, "xor": lambda a, b: a ^ b}
MODES = ("half_up", "half_even", "toward_zero")


def meaning(operation, *codes):
    """Return the result of one operation on the codes of its operands."""
    match operation, codes:
        case Constant(value=value), ():
            return value
        case Bits(low=low, count=count, signed=signed), (source,):
            field = source // 2**low % 2**count
            return field - 2**count if signed and field >= 2 ** (count - 1) else field
        case Lookup(table=table), (index,):
            assert index >= 0
            return table[index]
        case Add(), (left, right):
            return left + right
        case AddComplemented(carry=carry, kept=kept, left_complemented=inverted), (left, right, condition):
            return (~left if inverted else left) + (right ^ (-condition << kept)) + carry
        case Subtract(), (left, right):
            return left - right
        case Multiply(), (left, right):
            return left * right
        case PartialProduct(factors=factors), (source, digit):
            return {0: 0, 1: source, 2: 2 * source, -1: -source - 1, -2: -2 * source - 1}[factors[digit]]
        case Absolute(), (source,):
            return abs(source)
        case Bitwise(function=function), (left, right):
            return BITWISE[function](left, right)
        case Concatenate(bits=bits), (high, low):
            assert 0 <= low < 2**bits
            return high * 2**bits + low
        case ShiftLeft(bits=bits), (source,):
            return source * 2**bits
        case ShiftRight(bits=bits), (source,):
            return source // 2**bits
        case ShiftBy(direction=direction), (source, amount):
            return source * 2**amount if direction == "left" else source // 2**amount
        case LeadingZeros(width=width), (source,):
            return width - len(f"{source:b}".lstrip("0"))
        case Round(bits=bits, mode=mode), (source,):
            return rounded(source, bits, mode)
        case Clamp(low=low, high=high), (source,):
            return sorted([low, source, high])[1]
        case Compare(relation=relation), (left, right):
            return int(RELATIONS[relation](left, right))
        case Select(), (condition, when_true, when_false):
            return when_true if condition == 1 else when_false
        case Narrow(), (source,):
            return source
    raise AssertionError(f"{operation} of {codes}")


def rounded(code, bits, mode):
    """Return ``code / 2**bits`` rounded to an integer."""
    below, rest = divmod(code, 2**bits)
    if mode == "toward_zero":
        return below + 1 if code < 0 and rest else below
    if 2 * rest == 2**bits:
        return below + 1 if mode == "half_up" else below + below % 2
    return below + 1 if 2 * rest > 2**bits else below


def evaluate(plan, *codes):
    """Return the code of every step of a plan for one code per input."""
    values, ports = {}, iter(codes)
    for step in plan.steps:
        if isinstance(step.operation, Input):
            values[step.name] = next(ports)
        else:
            values[step.name] = meaning(step.operation, *(values[name] for name in step.operation.operands))
    return values


def smallest_range(operation, *ranges):
    """Return the exact range of an operation whose operands take every code of small ranges, each on its own."""
    codes = product(*(range(held.low, held.high + 1) for held in ranges))
    results = [meaning(operation, *operands) for operands in codes]
    return Range(min(results), max(results))


@st.composite
def formats(draw, widths=None):
    """Draw a format whose width is one of `widths`, of 1 to 64 bits unless told otherwise.

    Now and then the binary point lies outside the word.
    """
    width, signed = draw(st.integers(1, 64) if widths is None else widths), draw(st.booleans())
    integer = draw(st.one_of(st.integers(int(signed), width), st.integers(-8, width + 8)))
    return FixedFormat(signed, integer, width - integer)


@st.composite
def code_ranges(draw, fmt):
    """Draw a range of codes of a format, the whole of it and single codes among them."""
    codes = st.one_of(st.integers(fmt.min_code, fmt.max_code), st.sampled_from([fmt.min_code, -1, 0, 1, fmt.max_code]))
    ends = sorted(min(max(draw(codes), fmt.min_code), fmt.max_code) for _ in range(2))
    return Range(*ends)


def input_codes(plan, count=8):
    """Draw tuples of codes, one for each input of a plan."""
    ranges = [plan.ranges[name] for name, _ in plan.inputs]
    ports = [st.one_of(st.integers(*held), st.sampled_from(held)) for held in ranges]
    return st.lists(st.tuples(*ports), min_size=1, max_size=count)


@st.composite
def plans(draw, max_steps=10, max_inputs=2, widths=None) -> Plan:
    """Draw a valid plan over every kind of operation, with ranges of up to `MAX_WIDTH` bits.

    Inputs have one of `widths`, of 1 to 64 bits unless told otherwise.
    """
    widths = st.one_of(st.integers(1, 10), st.sampled_from([16, 31, 32, 33, 62, 63, 64])) if widths is None else widths
    drawn = _Drawn(draw)
    for port in range(draw(st.integers(1, max_inputs))):
        fmt = draw(formats(widths))
        drawn.keep(drawn.builder.input(f"x{port}", fmt, within=draw(st.none() | code_ranges(fmt))))
    drawn.single = len(drawn.steps) == 1
    for _ in range(draw(st.integers(1, max_steps))):
        drawn.keep(draw(st.sampled_from(_CHOICES))(drawn))
    outputs = {f"y{port}": drawn.output() for port in range(draw(st.integers(1, 3)))}
    return drawn.builder.build(**outputs)


class _Drawn:
    """A plan in the making. Steps that outgrow the widest range are made but not used again."""

    def __init__(self, draw):
        self.draw = draw
        self.builder = PlanBuilder()
        self.steps = []
        self.single = True
        self.made = 0

    def keep(self, name):
        if self.range(name).width <= MAX_WIDTH and name not in self.steps:
            self.steps.append(name)

    def let(self, operation):
        self.made += 1
        return self.builder.let(f"s{self.made}", operation)

    def range(self, name):
        return self.builder.range(name)

    def any(self, *values):
        return self.draw(st.sampled_from(values))

    def number(self, low, high):
        return self.draw(st.integers(low, high))

    def operand(self):
        """Draw a step, more often a late one, so that few steps are left without use."""
        return self.any(*self.steps, *self.steps[-3:])

    def at_point(self, name, fraction):
        """Return the step, moved to another binary point if need be."""
        return name if self.builder.point(name) == fraction else self.let(ShiftLeft(name, 0, fraction))

    def pair(self):
        left = self.operand()
        return left, self.at_point(self.operand(), self.builder.point(left))

    def small(self, limit):
        """Return a step whose codes are 0 to at most `limit`, one less than a power of two."""
        source = self.operand()
        if self.range(source).low >= 0 and self.range(source).high <= limit:
            return source
        return self.let(Bits(source, self.number(0, self.range(source).width), self.number(1, limit.bit_length())))

    def constant(self):
        return self.let(Constant(self.number(-(1 << 70), 1 << 70) >> self.number(0, 70), self.number(-4, 20)))

    def bits(self):
        source = self.operand()
        low, count = self.number(0, self.range(source).width + 2), self.number(1, MAX_WIDTH)
        return self.let(Bits(source, low, count, self.number(-2, 12), self.any(False, True)))

    def lookup(self):
        index = self.small(15)
        entries = st.integers(-(1 << self.any(1, 8, 64)), 1 << self.any(1, 8, 64))
        size = self.range(index).high + 1
        table = self.draw(st.lists(entries, min_size=size, max_size=size + 2))
        return self.let(Lookup(index, tuple(table), self.number(-2, 12)))

    def shift_by(self):
        return self.let(ShiftBy(self.any("left", "right"), self.operand(), self.small(self.any(7, 127))))

    def leading_zeros(self):
        source = self.operand()
        if self.range(source).low < 0:
            source = self.let(Absolute(source))
        return self.let(LeadingZeros(source, self.range(source).width + self.number(0, 3)))

    def partial_product(self):
        digit = self.small(self.any(3, 7))
        factors = PartialProduct("", "").factors
        if self.any(False, True):
            size = self.range(digit).high + 1
            factors = tuple(self.draw(st.lists(st.integers(-2, 2), min_size=size, max_size=size + 2)))
        elif self.range(digit).high > 4:
            digit = self.let(Clamp(digit, 0, 4))
        return self.let(PartialProduct(self.operand(), digit, factors))

    def concatenate(self):
        low = self.small(self.any(1, 7, 127))
        bits = max(self.range(low).high.bit_length() + self.number(0, 2), 0)
        return self.let(Concatenate(self.operand(), low, bits, self.number(-2, 12)))

    def clamp(self):
        source = self.operand()
        reach = 1 << self.range(source).width
        low, high = sorted((self.number(-reach, reach), self.number(-reach, reach)))
        return self.let(Clamp(source, low, high))

    def compare(self):
        return self.let(Compare(self.any(*RELATIONS), *self.pair()))

    def select(self):
        condition = self.small(1)
        return self.let(Select(condition, *self.pair()))

    def narrow(self):
        """Narrow by what can be proved, in a plan with one input; else not at all."""
        source = self.operand()
        if not self.single:
            return source
        self.made += 1
        parts = 1 << self.number(0, min(self.range("x0").block.size.bit_length() - 1, 3))
        tight = self.builder.narrow(f"s{self.made}", source, parts)
        return self.let(Narrow(tight, *self.range(tight), "partition 1")) if self.any(False, True) else tight

    def output(self):
        """Return a step that fits a format of at most 64 bits, and such a format."""
        step = self.any(*self.steps[-4:])
        if self.range(step).width > 63:
            step = self.let(Bits(step, 0, 64, 0, self.range(step).signed))
        held = self.range(step)
        width = held.width + self.number(0, 64 - held.width) * self.any(0, 1)
        signed = held.signed or (width > held.width and self.any(False, True))
        fraction = self.builder.point(step)
        if not 0 <= fraction <= width - signed:
            fraction = self.number(0, width - signed)
            step = self.at_point(step, fraction)
        return step, FixedFormat(signed, width - fraction, fraction)


_CHOICES = (
    _Drawn.constant,
    _Drawn.bits,
    _Drawn.lookup,
    _Drawn.shift_by,
    _Drawn.leading_zeros,
    _Drawn.concatenate,
    _Drawn.partial_product,
    _Drawn.clamp,
    _Drawn.compare,
    _Drawn.select,
    _Drawn.narrow,
    lambda drawn: drawn.let(Add(*drawn.pair())),
    lambda drawn: drawn.let(Subtract(*drawn.pair())),
    lambda drawn: drawn.let(
        AddComplemented(*drawn.pair(), drawn.small(1), drawn.any(0, 1), drawn.number(0, 9), drawn.any(False, True))
    ),
    lambda drawn: drawn.let(Multiply(drawn.operand(), drawn.operand())),
    lambda drawn: drawn.let(Absolute(drawn.operand())),
    lambda drawn: drawn.let(Bitwise(drawn.any(*BITWISE), *drawn.pair())),
    lambda drawn: drawn.let(ShiftLeft(drawn.operand(), drawn.number(0, 40), drawn.any(None, 3))),
    lambda drawn: drawn.let(ShiftRight(drawn.operand(), drawn.number(0, 90), drawn.any(None, 5))),
    lambda drawn: drawn.let(
        Round(drawn.operand(), drawn.any(drawn.number(1, 8), drawn.number(9, 90)), drawn.any(*MODES))
    ),
)
