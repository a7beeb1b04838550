"""Fields and floors of a signed and an unsigned signal of four bits, in Amaranth's simulator."""

import pytest
from amaranth.hdl import Module, Signal, signed, unsigned
from amaranth.sim import Simulator

from softgate.hdl.bit_fields import bit_field, with_sign_of, without_low_bits


def results(shape, make, codes):
    """Return the shape of a value made of a signal, and what it is for codes of the signal."""
    source = Signal(shape)
    value = make(source)
    result = Signal(value.shape())
    m = Module()
    m.d.comb += result.eq(value)
    found = []

    async def bench(ctx):
        for code in codes:
            ctx.set(source, code)
            found.append(ctx.get(result))

    simulator = Simulator(m)
    simulator.add_testbench(bench)
    simulator.run()
    return value.shape(), found


@pytest.mark.parametrize(
    ("start", "stop", "of_signed", "of_unsigned"),
    [
        (0, 4, [0b1010, 0b0101], [0b1010, 0b0101]),
        (1, 3, [0b01, 0b10], [0b01, 0b10]),
        (2, 7, [0b11110, 0b00001], [0b00010, 0b00001]),  # beyond its bits
        (9, 11, [0b11, 0b00], [0b00, 0b00]),
        (0, 0, [0, 0], [0, 0]),
    ],
)
def test_a_field_goes_on_as_the_sign_does_and_is_unsigned(start, stop, of_signed, of_unsigned):
    shape = unsigned(stop - start)
    assert results(signed(4), lambda source: bit_field(source, start, stop), [-6, 5]) == (shape, of_signed)
    assert results(unsigned(4), lambda source: bit_field(source, start, stop), [10, 5]) == (shape, of_unsigned)


@pytest.mark.parametrize(
    ("bits", "width", "of_signed", "of_unsigned"),
    [(0, 4, [-6, 5], [10, 5]), (1, 3, [-3, 2], [5, 2]), (3, 1, [-1, 0], [1, 0]), (4, 1, [-1, 0], [0, 0])],
)
def test_low_bits_are_rounded_down(bits, width, of_signed, of_unsigned):
    assert results(signed(4), lambda source: without_low_bits(source, bits), [-6, 5]) == (signed(width), of_signed)
    assert results(unsigned(4), lambda source: without_low_bits(source, bits), [10, 5]) == (
        unsigned(width),
        of_unsigned,
    )


def test_the_sign_of_another_value():
    bits = Signal(3)
    assert with_sign_of(Signal(signed(4)), bits).shape() == signed(3)
    assert with_sign_of(Signal(unsigned(4)), bits).shape() == unsigned(3)
