"""Designs whose printed Verilog is tested: one for each kind of operation, and random ones."""

from collections.abc import Callable
from random import Random

from amaranth.back import rtlil
from amaranth.hdl import Cat, ClockDomain, Const, Module, Mux, Shape, Signal, Value, signed, unsigned
from amaranth.lib.memory import Memory


class Design:
    """A module under construction, with a clock domain whose ports have plain names."""

    def __init__(self, *, reset: bool = False) -> None:
        self.m = Module()
        self.domain = ClockDomain("sync", reset_less=not reset)
        self.domain.clk = Signal(name="clk")
        if reset:
            self.domain.rst = Signal(name="rst")
        self.m.domains += self.domain
        self.ports: list[Signal] = []
        self.count = 0

    def port(self, shape: object, name: str) -> Signal:
        self.ports.append(Signal(shape, name=name))
        return self.ports[-1]

    def output(self, value: object, name: str = "y", shape: object = None) -> Signal:
        value = Value.cast(value)
        y = self.port(value.shape() if shape is None else shape, name)
        self.m.d.comb += y.eq(value)
        return y

    def step(self, value: object, name: str, note: str = "", shape: object = None) -> Signal:
        """Name a value, as one step of a computation."""
        value = Value.cast(value)
        attrs = {"order": str(self.count)} | ({"note": note} if note else {})
        self.count += 1
        result = Signal(value.shape() if shape is None else shape, name=name, attrs=attrs)
        self.m.d.comb += result.eq(value)
        return result

    def register(self, value: object, name: str, **options: object) -> Signal:
        """Name the registered value."""
        value = Value.cast(value)
        result = Signal(value.shape(), name=name, attrs={"order": str(self.count)}, **options)
        self.count += 1
        self.m.d.sync += result.eq(value)
        return result

    def rtlil(self) -> str:
        clocks = [self.domain.clk, *([self.domain.rst] if self.domain.rst is not None else [])]
        return rtlil.convert(self.m, name="top", ports=[*clocks, *self.ports], emit_src=False)


def arithmetic() -> Design:
    d = Design()
    a, b = d.port(signed(7), "a"), d.port(unsigned(5), "b")
    d.output(Cat(a + b, a - b, -a, a * b, a * a, b * b, a + (-3), 5 - b))
    d.output(-(a + b) * 3 + (a - 1), "z", signed(9))
    return d


def bitwise() -> Design:
    d = Design()
    a, b, c = d.port(signed(6), "a"), d.port(unsigned(4), "b"), d.port(1, "c")
    d.output(Cat(a & b, a | b, a ^ b, ~a, ~b, a.any(), a.all(), a.xor(), a.bool(), ~(a ^ b), (b | c) ^ b))
    d.output(Mux(c, a, b) + Mux(a < 0, b, -b), "z")
    return d


def compare() -> Design:
    d = Design()
    a, b, c = d.port(signed(6), "a"), d.port(signed(4), "b"), d.port(unsigned(5), "c")
    u, v = a.as_unsigned(), b.as_unsigned()
    tests = [a < b, a <= c, a > -3, b >= a, u < v[:4], u >= v, c < b, a == b, u == v, c != a, c < 7, a.as_signed() < 7]
    # Two names that are declared signed, compared as unsigned numbers of one size.
    tests += [a.as_unsigned() < d.step(b - 1, "e", shape=signed(6)).as_unsigned(), (a + c) < (b - c)]
    d.output(Cat(*tests))
    return d


def shifts() -> Design:
    d = Design()
    a, b, n = d.port(signed(9), "a"), d.port(unsigned(6), "b"), d.port(unsigned(3), "n")
    # An arithmetic shift among unsigned operands must keep its sign.
    d.output((a >> n) + b, "y")
    d.output(Mux(n[0], a >> n, b), "z")
    d.output(Cat(a << n, b << n, b >> n, (a >> n)[:4], a >> 3, a << 2, b >> 9, (a >> n) >> n[:2], (b >> n)[:3]), "p")
    return d


def choices() -> Design:
    d = Design()
    a, b, n = d.port(signed(6), "a"), d.port(unsigned(4), "b"), d.port(unsigned(3), "n")
    d.output(Mux(n[0], a, Mux(n[1], b, Mux(a < b, a - b, ~a))))
    low = d.step(Mux(n == 5, b, a[:4]), "low")
    d.output(Cat(Mux(low[0], low, 9), Mux(n[2:], n, a), Mux(a, b, n)), "z")
    return d


def registers() -> Design:
    d = Design(reset=True)
    en, x = d.port(1, "en"), d.port(signed(8), "x")
    with d.m.If(en):
        twice = d.register(x + x, "twice", reset_less=True)
        again = d.register(twice - 1, "again", reset_less=True)
        count = Signal(4, name="count", init=3)
        d.m.d.sync += count.eq(count + 1)
        valid = d.register(en & ~x[0], "valid")
    with d.m.If(x[:2] == 2):
        d.m.d.sync += count.eq(x[2:])
    d.output(again + count)
    d.output(valid, "v")
    plain = d.register(x ^ again, "plain", reset_less=True)
    d.output(plain, "p")
    return d


def tables() -> Design:
    d = Design()
    x = d.port(unsigned(5), "x")
    for name, depth in (("c0", 32), ("c1", 13), ("c2", 2), ("c3", 1)):
        memory = Memory(shape=signed(7), depth=depth, init=[(n * n) % 90 - 40 for n in range(depth)])
        d.m.submodules[f"{name}_table"] = memory
        port = memory.read_port(domain="comb")
        value = d.step(port.data, name)
        d.m.d.comb += port.addr.eq(x[: len(port.addr)])
        d.output(value + 1, f"{name}_out")
    return d


def names() -> Design:
    d = Design()
    x, begin = d.port(signed(12), "x"), d.port(unsigned(3), "first")
    sign = d.step(x[11], "sign")
    high = d.step(x[6:], "high", "upper half", shape=unsigned(8))
    word = d.step(x[4:9].as_signed(), "logic")
    part = d.step(begin << 2, "begin", shape=unsigned(5))
    d.output(Mux(sign, high + part, word - x[6:].as_signed()))
    d.output((word * part) >> 4, "z")
    return d


DESIGNS: list[Callable[[], Design]] = [
    arithmetic,
    bitwise,
    compare,
    shifts,
    choices,
    registers,
    tables,
    names,
]


def random_design(draw: Random) -> Design:
    """Make a module of random expressions of mixed signs and sizes: some named, some registered, some chosen."""
    d = Design(reset=draw.random() < 0.5)

    def shape() -> Shape:
        return Shape(draw.randint(1, 7), signed=draw.random() < 0.5)

    values: list[Value] = [d.port(shape(), name) for name in "abc"]

    def operand() -> Value:
        value = draw.choice(values)
        match draw.randrange(6):
            case 0:
                return Const(draw.randint(-20, 20))
            case 1:
                return value[draw.randrange(len(value)) :]
            case 2:
                return value[draw.randrange(len(value)) :].as_signed()
            case 3:
                return Cat(value, draw.choice(values))[:9]
        return value

    def distance() -> Value:
        return draw.choice(values).as_unsigned()[:2]

    operations: list[Callable[[Callable[[], Value]], Value]] = [
        lambda e: e() + e(),
        lambda e: e() - e(),
        lambda e: e() * operand(),
        lambda e: -e(),
        lambda e: ~e(),
        lambda e: e() & e(),
        lambda e: e() | e(),
        lambda e: e() ^ e(),
        lambda e: e() << distance(),
        lambda e: e() >> distance(),
        lambda e: e() < e(),
        lambda e: e() >= e(),
        lambda e: e() == e(),
        lambda e: e().any(),
        lambda e: Mux(e(), e(), e()),
    ]

    def expression(depth: int) -> Value:
        return draw.choice(operations)(lambda: expression(depth - 1)) if depth else operand()

    for index in range(draw.randint(1, 4)):
        value, name = Value.cast(expression(draw.randint(1, 3)))[:12], f"s{index}"
        match draw.randrange(4):
            case 0:
                result = d.step(value, name, shape=shape())
            case 1:
                result = d.register(value, name, reset_less=draw.random() < 0.5)
            case 2:
                with d.m.If(draw.choice(values).any()):
                    result = d.register(value, name, reset_less=draw.random() < 0.5)
            case _:
                result = d.register(value, name, reset_less=draw.random() < 0.5)
                with d.m.If(draw.choice(values).any()):
                    d.m.d.sync += result.eq(operand())
        values.append(result)
    d.output(values[-1] + values[-2], shape=shape())
    d.output(expression(1), "z", shape=shape())
    return d
