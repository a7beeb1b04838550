"""Build options: kinds, limits, names in any case, contradictions."""

from __future__ import annotations

import pytest

from softgate.hdl.build_options import BuildOptions
from softgate.hdl.targets import target, target_names
from softgate.hdl.unit import choose_schedule
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op


def test_names_are_read_in_any_case_and_written_in_one():
    options = BuildOptions.read(interface="AXIS", tlast=True, target="ICE40", objective="LUTs")
    assert (options.interface, options.target, options.objective) == ("axis", "ice40-hx8k", "luts")


def test_what_is_read_is_read_the_same_again():
    given = {"target": "ecp5", "frequency": 100, "latency": 7, "dsp": 2, "bram": 0, "compact": True, "interval": 3}
    options = BuildOptions.read(interface="stream", **given)
    assert BuildOptions.read(**options.keywords) == options


def test_names_of_steps_may_come_from_an_iterator():
    assert BuildOptions.read(interface="pipeline", registers=iter(["a", "b"])).registers == ("a", "b")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"interface": ["comb"]}, TypeError, "interface must be a name such as comb, not ['comb']"),
        (
            {"interface": "wires"},
            ValueError,
            "there is no interface 'wires'; choose one of axis, comb, pipeline, stream",
        ),
        ({"tlast": 1}, TypeError, "tlast must be True or False, not 1"),
        ({"tlast": True}, ValueError, "tlast belongs to interface axis; interface pipeline has none"),
        ({"target": 5}, TypeError, "target must be a name such as ecp5, not 5"),
        ({"frequency": "fast"}, TypeError, "frequency must be a number of MHz, not 'fast'"),
        ({"frequency": True}, TypeError, "frequency must be a number of MHz, not True"),
        ({"frequency": 0}, ValueError, "frequency must be from 1 to 2000 MHz, not 0"),
        ({"frequency": 2001}, ValueError, "frequency must be from 1 to 2000 MHz, not 2001"),
        ({"frequency": float("nan")}, ValueError, "frequency must be from 1 to 2000 MHz, not nan"),
        ({"latency": 1.0}, TypeError, "latency must be an integer, not 1.0"),
        ({"latency": 0}, ValueError, "latency must be from 1 to 256, not 0"),
        ({"latency": 257}, ValueError, "latency must be from 1 to 256, not 257"),
        ({"stages": "2"}, TypeError, "stages must be an integer, not '2'"),
        ({"stages": -1}, ValueError, "stages must be from 0 to 256, not -1"),
        ({"registers": "x"}, TypeError, "registers must be names of steps in a list or the like, not 'x'"),
        ({"registers": 3}, TypeError, "registers must be names of steps in a list or the like, not 3"),
        ({"registers": ["x", 3]}, TypeError, "registers must be names of steps, not 3"),
        (
            {"objective": "speed"},
            ValueError,
            "there is no objective 'speed'; choose one of balanced, fmax, latency, luts",
        ),
        ({"objective": {}}, TypeError, "objective must be a name such as balanced, not {}"),
        ({"compact": 0}, TypeError, "compact must be True or False, not 0"),
        ({"dsp": True}, TypeError, "dsp must be an integer, not True"),
        ({"dsp": -1}, ValueError, "dsp must be 0 or more, not -1"),
        ({"bram": "1"}, TypeError, "bram must be an integer, not '1'"),
        ({"registers": ["x", "y", "x"]}, ValueError, "registers must be different steps; 'x' is there 2 times"),
        ({"clock": 3}, TypeError, "there is no option 'clock'; choose one of interface, tlast, target, "),
        ({"stage": 3}, TypeError, "there is no option 'stage'; did you mean stages?"),
        ({"interval": "4"}, TypeError, "interval must be an integer, not '4'"),
        ({"interval": True}, TypeError, "interval must be an integer, not True"),
        ({"interval": 0}, ValueError, "interval must be from 1 to 32 clocks, not 0"),
        ({"interval": -4}, ValueError, "interval must be from 1 to 32 clocks, not -4"),
        ({"interval": 33}, ValueError, "interval must be from 1 to 32 clocks, not 33"),
        # Contradictions.
        (
            {"interval": 4, "interface": "comb"},
            ValueError,
            "an interval of 4 clocks needs an interface with a clock, pipeline, stream or axis, not comb",
        ),
        ({"interval": 4, "stages": 3}, ValueError, "stages and an interval of 4 clocks exclude each other"),
        ({"interval": 4, "registers": ["x"]}, ValueError, "registers and an interval of 4 clocks exclude each other"),
        ({"interval": 4, "objective": "fmax"}, ValueError, "objective fmax is for interval 1, not 4"),
        (
            {"interface": "comb", "frequency": 100},
            ValueError,
            "interface comb has no clock, so frequency means nothing",
        ),
        ({"interface": "comb", "latency": 3}, ValueError, "interface comb has no clock, so latency means nothing"),
        ({"interface": "comb", "stages": 1}, ValueError, "interface comb has no clock, so stages means nothing"),
        (
            {"interface": "comb", "registers": ["x"]},
            ValueError,
            "interface comb has no clock, so registers means nothing",
        ),
        (
            {"interface": "comb", "target": "ecp5", "bram": 1},
            ValueError,
            "interface comb has no registers, and a table",
        ),
        ({"stages": 1, "frequency": 9}, ValueError, "frequency and stages exclude each other; give one of them"),
        ({"stages": 1, "latency": 9}, ValueError, "latency and stages exclude each other; give one of them"),
        ({"stages": 1, "registers": []}, ValueError, "stages and registers exclude each other; give one of them"),
        ({"objective": "fmax", "frequency": 9}, ValueError, "objective fmax finds the clock and the registers itself"),
        ({"objective": "fmax", "stages": 9}, ValueError, "objective fmax finds the clock and the registers itself"),
        ({"target": "ecp5", "stages": 2, "bram": 1}, ValueError, "bram must be 0 or left out, not 1: tables go into"),
        (
            {"target": "ecp5", "registers": [], "bram": 1},
            ValueError,
            "bram must be 0 or left out, not 1: tables go into",
        ),
    ],
)
def test_refusals(options, error, message):
    with pytest.raises(error) as raised:
        BuildOptions.read(**{"interface": "pipeline", **options})
    assert str(raised.value).startswith(message)
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ2.2"))
    plan = b.build(y=(b.let("size", op.Absolute(x)), FixedFormat.parse("UQ2.2")))
    pipelining = {name: value for name, value in options.items() if name not in ("interface", "tlast")}
    if "tlast" not in options:
        with pytest.raises(error) as by_schedule:
            choose_schedule(plan, options.get("interface", "pipeline"), **pipelining)
        assert str(by_schedule.value) == str(raised.value)


@pytest.mark.parametrize("name", target_names())
def test_blocks_that_a_target_has_not_cannot_be_asked_for(name):
    on = target(name)
    for limit, block, what in (("dsp", on.multiplier, "multiplier blocks"), ("bram", on.block_ram, "block RAM")):
        assert getattr(BuildOptions.read(interface="pipeline", target=name, **{limit: 0}), limit) == 0
        if block is not None:
            assert getattr(BuildOptions.read(interface="pipeline", target=name, **{limit: 3}), limit) == 3
            continue
        with pytest.raises(ValueError) as raised:
            BuildOptions.read(interface="pipeline", target=name, **{limit: 3})
        assert str(raised.value) == f"{limit} must be 0 or left out, not 3: target {name} has no {what}"
    assert target("generic").block_ram is None
    assert target("ice40-hx8k").multiplier is None
