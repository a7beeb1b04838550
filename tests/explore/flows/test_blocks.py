"""Units with limits on their blocks, as synthesis makes them."""

import numpy as np
import pytest
from small_units import SmallUnit

from softgate import design
from softgate.explore.flows import synthesise
from softgate.hdl.interfaces import ports
from softgate.hdl.module_text import module_text
from softgate.hdl.targets import target
from softgate.hdl.unit import choose_schedule

pytestmark = pytest.mark.tools

TANH = ("tanh", "SQ3.13", "SQ1.15")
LOGISTIC = ("logistic", "SQ4.12", "UQ0.16")


def area(arguments, on, interface="pipeline", **options):
    """Return the area of a polynomial with whole products, whose tables share their index."""
    pipelining = {name: options.pop(name) for name in ("dsp", "bram", "frequency") if name in options}
    plan = design(*arguments, method="polynomial", products="whole", sharing="none", max_error="1ulp", **options).plan
    schedule = choose_schedule(plan, interface, target=on, **pipelining)
    text = module_text(schedule, interface, "unit")
    return synthesise(target(on), text, "unit", ports=ports(plan, interface), seeds=())


@pytest.mark.parametrize(
    ("arguments", "dsp", "frequency", "luts"),
    [
        (TANH, 1, 130, 30),
        (LOGISTIC, 0, 100, 150),
        pytest.param(TANH, 0, 100, 150, marks=pytest.mark.slow),
        pytest.param(LOGISTIC, 1, 130, 30, marks=pytest.mark.slow),
    ],
)
def test_a_unit_of_16_bits_with_one_block_ram(arguments, dsp, frequency, luts):
    result = area(arguments, "ecp5", degree=1, folding="code", dsp=dsp, bram=1, frequency=frequency)
    assert (result.dsp, result.bram) == (dsp, 1)
    assert result.luts <= luts


SMALL = ("tanh", "SQ3.9", "SQ1.11")

SLOW_XC7 = pytest.param("xc7", marks=pytest.mark.slow)
"""Yosys takes five seconds for the smallest unit on a 7 series."""


@pytest.mark.parametrize(
    ("on", "dsp", "bram"),
    [
        ("ecp5", 1, 0),
        ("ecp5", 0, 1),
        *(pytest.param("ecp5", *limits, marks=pytest.mark.slow) for limits in [(0, 0), (1, 1)]),
        ("xc7", 1, 1),
        *(pytest.param("xc7", *limits, marks=pytest.mark.slow) for limits in [(0, 0), (0, 1), (1, 0)]),
        pytest.param("hx8k", 0, 0, marks=pytest.mark.slow),
        ("hx8k", 0, 1),  # which has no multiplier blocks
    ],
)
def test_no_more_blocks_than_allowed(on, dsp, bram):
    result = area(SMALL, on, degree=2, folding="code", dsp=dsp, bram=bram, frequency=target(on).frequency)
    assert result.dsp == dsp
    assert result.bram <= bram


def test_products_without_a_clock_are_limited_too():
    assert [area(SMALL, "ecp5", "comb", degree=2, dsp=dsp).dsp for dsp in (None, 1, 0)] == [2, 1, 0]


@pytest.mark.parametrize("on", ["ecp5", "up5k", SLOW_XC7])
@pytest.mark.parametrize(("left", "right"), [(16, 16), (20, 10), (24, 24)])
def test_products_take_as_many_multipliers_as_is_thought(on, left, right):
    inputs, outputs = f"[{left - 1}:0] a, input signed [{right - 1}:0] b", f"[{left + right - 1}:0] y"
    text = f"module unit(input signed {inputs}, output signed {outputs}); assign y = a * b; endmodule"
    unit = SmallUnit(text, [("a", left), ("b", right)], [("y", left + right)])
    assert unit.area(on).dsp == target(on).multiplier.count(left, right)


@pytest.mark.parametrize("on", ["ecp5", "hx8k", SLOW_XC7])
@pytest.mark.parametrize(
    ("entries", "width"),
    [(256, 40), *(pytest.param(*size, marks=pytest.mark.slow) for size in [(512, 36), (1024, 19), (2048, 9)])],
)
def test_tables_take_as_many_block_rams_as_is_thought(on, entries, width):
    bits = entries.bit_length() - 1
    random = np.random.default_rng(1).integers(0, 1 << width, entries)
    words = "\n".join(f"    held[{place}] = {width}'d{entry};" for place, entry in enumerate(random))
    text = f"""module unit(input clk, input en, input [{bits - 1}:0] x, output reg [{width - 1}:0] y);
  (* rom_style = "block" *) reg [{width - 1}:0] held [0:{entries - 1}];
  initial begin
{words}
  end
  always @(posedge clk) if (en) y <= held[x];
endmodule"""
    unit = SmallUnit(text, [("x", bits)], [("y", width)], "pipeline")
    assert unit.area(on).bram == target(on).block_ram.count(entries, width)
