"""Additions with a complemented addend in a vendor's cells."""

import numpy as np
import pytest
from amaranth.sim import Simulator
from complemented import every_kind, narrow, one, text_for
from hardware import run_golden
from lint import LINTERS
from lowered import every_code

from softgate.explore.flows import netlist_commands, synthesise
from softgate.hdl import Unit
from softgate.hdl.adder_module import adder_module_name
from softgate.hdl.interfaces import ports
from softgate.hdl.targets import target, target_names
from softgate.sim.engines.bit_patterns import decode
from softgate.sim.engines.compiled import compile_unit
from softgate.sim.engines.interpreted import interpret_unit

WITH_CELLS = ["ecp5", "gowin"]


def outputs(unit, plan):
    """Return the codes of all outputs at every input."""
    columns = every_code(plan)
    words = unit.run(*(np.array(c, dtype=fmt.code_dtype) for c, (_, fmt) in zip(columns, plan.inputs, strict=True)))
    return [decode(w, o.format.width, o.format.signed).tolist() for w, o in zip(words, plan.outputs, strict=True)]


def test_targets_with_cells():
    assert [name for name in target_names() if target(name).adder_cell] == WITH_CELLS
    assert [name for name in target_names() if target(name).complements_addends] == [*WITH_CELLS, "xc7"]


def test_the_text_of_an_addition():
    text = text_for("ecp5", one(4, carry=1, kept=2), "pipeline", stages=1)
    assert (
        """
    wire signed [4:0] sum;
    unit_add_complemented #(.WIDTH(5), .KEPT(2), .CARRY(1)) sum_adder (
        .left({a[3], a}), .right({b[3], b}), .condition(s), .sum(sum)
    );

    reg signed [4:0] sum_r1;
"""
        in text
    )
    assert text.count("\nmodule ") == text.count("\nendmodule") == 2
    assert text.count("CCU2C #(") == 1


def test_an_output_is_driven_by_the_addition_of_its_name():
    plan = one(4)
    text = text_for("ecp5", plan)
    assert ".sum(sum)" in text
    assert "assign y = sum;" in text


@pytest.mark.parametrize("name", sorted({*target_names()} - {*WITH_CELLS}))
def test_other_targets_have_plain_text(name):
    text = text_for(name, one(4))
    assert text.count("\nmodule ") == 1
    assert "wire signed [3:0] sum_addend = b ^ {4{s}};" in text
    assert "SYNTHESIS" not in text


def test_a_unit_without_such_an_addition_has_no_helper_module():
    from softgate.plan import FixedFormat, PlanBuilder
    from softgate.plan.operations import Add

    b = PlanBuilder()
    b.let("sum", Add(b.input("a", FixedFormat.parse("SQ4.0")), "a"))
    assert "add_complemented" not in text_for("ecp5", b.build(y=("sum", FixedFormat.parse("SQ5.0"))))


def test_units_have_helper_modules_of_their_own():
    assert adder_module_name("tanh") == "tanh_add_complemented"
    names = {name: Unit(one(4), interface="comb", target="ecp5").verilog(name) for name in ("first", "second")}
    assert all(f"module {name}_add_complemented #(" in text for name, text in names.items())
    assert "second" not in names["first"]


def test_components_are_amaranth_alone():
    """Whoever elaborates a unit can simulate it in Amaranth, whatever it is built for."""
    unit = Unit(one(3, kept=1), interface="comb", target="ecp5")
    seen = []

    async def bench(ctx):
        for a, b, s in ((3, 2, 0), (3, 2, 1), (-4, -1, 1)):
            ctx.set(unit.a, a)
            ctx.set(unit.b, b)
            ctx.set(unit.s, s)
            await ctx.delay(1e-9)
            seen.append(ctx.get(unit.y))

    simulator = Simulator(unit)
    simulator.add_testbench(bench)
    simulator.run()
    assert seen == [5, 3 + (2 ^ -2), -4 + (-1 ^ -2)]


@pytest.mark.tools
@pytest.mark.parametrize("name", WITH_CELLS)
def test_the_plain_text_adds_as_the_plan_does(name):
    plan = every_kind()
    unit = interpret_unit(text_for(name, plan), "unit", ports=ports(plan, "comb"), latency=0)
    assert outputs(unit, plan) == run_golden(plan, every_code(plan))


@pytest.mark.tools
@pytest.mark.parametrize("name", WITH_CELLS)
def test_synthesis_is_given_cells_that_add_as_the_plan_does(name):
    plan = every_kind()
    text, commands = text_for(name, plan), netlist_commands(target(name), "unit")
    unit = compile_unit(text, "unit", ports=ports(plan, "comb"), latency=0, prepare=commands)
    assert outputs(unit, plan) == run_golden(plan, every_code(plan))


@pytest.mark.tools
def test_sums_of_a_bit_or_two():
    plan = narrow()
    assert plan.ranges["above"].width == 1
    unit = interpret_unit(text_for("ecp5", plan), "unit", ports=ports(plan, "comb"), latency=0)
    assert outputs(unit, plan) == run_golden(plan, every_code(plan)) == [[0, -1], [0, 0], [-3, -4], [0, 1]]


@pytest.mark.tools
@pytest.mark.parametrize("linter", LINTERS)
@pytest.mark.parametrize("make", [every_kind, narrow])
def test_no_tool_has_a_remark(linter, make, tmp_path):
    path = tmp_path / "unit.v"
    path.write_text(text_for("ecp5", make(), "pipeline", stages=1))
    assert linter(path) == []


@pytest.mark.tools
@pytest.mark.parametrize(
    ("name", "inverted", "luts"),
    [
        ("ecp5", False, 2 * 6),
        ("ecp5", True, 2 * 6),
        ("gowin", False, 12 + 1),
        ("gowin", True, 12 + 1 + 11),
        ("xc7", False, 11),
        ("ice40-hx8k", False, 11 + 12),
    ],
)
def test_look_up_tables_of_an_addition(name, inverted, luts):
    """Such adders take no more than for an addition, but one that inverts the condition, and ``~a`` on Gowin."""
    plan = one(11, left_complemented=inverted)
    text = text_for(name, plan, "pipeline", stages=1)
    found = synthesise(target(name), text, "unit", ports=ports(plan, "pipeline"), seeds=())
    assert found.luts == luts
