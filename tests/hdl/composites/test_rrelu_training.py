"""Emitted RReLUs in training against the golden model: draws, stalls, gaps and resets."""

import numpy as np
import pytest
from small_rrelu import small_rrelu

from softgate.plan.operations import Multiply
from softgate.sim.composites.protocol import prove_composite
from softgate.sim.engines.bit_patterns import decode
from softgate.sim.engines.compiled import compile_unit

pytestmark = pytest.mark.tools


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"interface": "axis", "slope_bits": 3, "seed": 9, "output": "SQ2.6", "products": "logic"},
        {"target": "ecp5", "frequency": 180, "lower": "0", "upper": "1", "output": "SQ1.9"},
    ],
)
def test_hardware_is_the_golden_model(asked):
    unit = small_rrelu(**asked)
    built = compile_unit(unit.verilog("unit"), "unit", ports=unit.hardware.ports, latency=unit.latency)
    fmt = unit.asked.input_format
    codes = np.random.default_rng(1).integers(fmt.min_code, fmt.max_code + 1, 5000)
    columns = [codes, codes & 1] if unit.hardware.ports.has("last") else [codes]
    expected = unit.golden.transfers(columns)
    for stalls in (None, 1, 2):
        found = built.run(*columns, stalls=stalls)
        for field, want, words in zip(unit.hardware.ports.fields("output"), expected, found, strict=True):
            np.testing.assert_array_equal(decode(words, field.width, field.signed), want)


def test_a_reset_begins_the_sequence_again():
    unit = small_rrelu()
    built = compile_unit(unit.verilog("unit"), "unit", ports=unit.hardware.ports, latency=unit.latency)
    codes = [-40, -63, 5, -9, -40, -40]
    expected = unit.golden(codes).tolist()
    for count in range(1, 6):
        with built.player() as clock:
            for code in codes[:count]:
                clock({"x": code & 127, "x_valid": 1, "y_ready": 1})
            clock({"rst": 1, "x_valid": 1, "x": 1, "y_ready": 1})
            found = []
            for at in range(3 * len(codes) + unit.latency):  # with gaps of two clocks
                offered = at % 3 == 0 and at // 3 < len(codes)
                seen = clock({"x": codes[at // 3] & 127 if offered else 99, "x_valid": offered, "y_ready": 1})
                if seen["y_valid"]:
                    found.append(int(decode(np.array([seen["y"]], np.uint64), 6, signed=True)[0]))
        assert found == expected


def test_gaps_draw_nothing_from_any_state():
    unit = small_rrelu(interface="axis", slope_bits=3, seed=9, output="SQ2.6", products="logic")
    text = unit.verilog("rrelu_training")
    manifest = unit._unnamed
    proof = prove_composite(manifest, text)
    assert {fact.name: fact.proved for fact in proof.facts} == dict.fromkeys(
        ("registers", "stall", "move", "order", "reset", "power-up", "gap"), True
    )
    broken = text.replace("wire accepted = s_axis_tvalid & advance;", "wire accepted = advance;")
    assert broken != text
    assert "gap" in [fact.name for fact in prove_composite(manifest, broken).facts if not fact.proved]
    broken = text.replace("if (reset) lfsr <= ", "if (reset) lfsr <= 61'd1 + ")
    assert broken != text
    assert "reset" in [fact.name for fact in prove_composite(manifest, broken).facts if not fact.proved]


def test_products_are_in_blocks_where_the_clock_allows():
    def blocks(**asked):
        steps = small_rrelu(target="ecp5", **asked).hardware._built.plan.steps
        return sum(isinstance(step.operation, Multiply) for step in steps)

    assert blocks(frequency=100) == 1
    assert blocks(frequency=100, products="logic") == 0


@pytest.mark.parametrize("interface", ["pipeline", "comb"])
def test_only_streams(interface):
    with pytest.raises(ValueError, match=f"there is no interface of a unit with state '{interface}'"):
        _ = small_rrelu(interface=interface).latency


def test_other_tools_accept_the_text(tmp_path):
    import lint

    small_rrelu(interface="axis").emit(tmp_path)
    for tool in (lint.icarus, lint.verilator, lint.slang, lint.yosys):
        assert tool(tmp_path / "rrelu_training.v") == [], tool.__name__
