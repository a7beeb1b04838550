import pytest
from amaranth.hdl import signed, unsigned
from amaranth.lib import stream
from amaranth.lib.data import StructLayout
from amaranth.lib.wiring import In, Out
from several_ports import sum_and_distance

from softgate import design
from softgate.hdl import Unit
from softgate.hdl.connection import axi_stream
from softgate.hdl.interfaces import INTERFACES, check_interface
from softgate.hdl.unit import choose_schedule
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op

parse = FixedFormat.parse
PLAN = design("logistic", "SQ4.4", "UQ0.8", method="taylor", degree=2, segments=8).plan


def difference(left="a", right="b", output="d", extra=None):
    """Return a plan of two inputs, whose output is their difference."""
    b = PlanBuilder()
    first, second = b.input(left, parse("SQ4.0")), b.input(right, parse("SQ4.0"))
    return b.build(**{output: (b.let(extra or "total", op.Subtract(first, second)), parse("SQ5.0"))})


def test_signatures():
    members = {interface: Unit(PLAN, interface=interface).signature.members for interface in INTERFACES}
    assert dict(members["comb"]) == {"x": In(signed(8)), "y": Out(unsigned(8))}
    assert dict(members["pipeline"]) == {"en": In(unsigned(1)), "x": In(signed(8)), "y": Out(unsigned(8))}
    assert dict(members["stream"]) == {"x": In(stream.Signature(signed(8))), "y": Out(stream.Signature(unsigned(8)))}
    sides = {"s_axis": In(axi_stream(signed(8))), "m_axis": Out(axi_stream(unsigned(8)))}
    assert dict(members["axis"]) == sides
    assert dict(sides["s_axis"].signature.flip().members) == {
        "tdata": Out(signed(8)),
        "tvalid": Out(1),
        "tready": In(1),
    }


def test_signature_of_several_ports():
    members = Unit(difference(), interface="comb").signature.members
    assert dict(members) == {"a": In(signed(4)), "b": In(signed(4)), "d": Out(signed(5))}


@pytest.mark.parametrize("interface", ["pipeline", "stream", "axis"])
@pytest.mark.parametrize("stages", [0, 1, 5])
def test_latency_is_the_number_of_stages(interface, stages):
    unit = Unit(PLAN, interface=interface, stages=stages)
    assert unit.latency == unit.schedule.latency == stages
    assert unit.initiation_interval == 1
    assert (unit.interface, unit.plan) == (interface, PLAN)


def test_registers_go_after_the_steps_named():
    unit = Unit(PLAN, registers=["magnitude", "rounded"])
    assert unit.latency == 2
    assert "magnitude_r1 <= magnitude;" in unit.verilog()


def test_comb_has_no_registers():
    unit = Unit(PLAN, interface="comb")
    assert unit.latency == 0
    assert "reg " not in unit.verilog().replace("_table", "").replace("reg [", "")
    assert "posedge" not in unit.verilog()
    assert Unit(PLAN, interface="comb", stages=0).latency == 0


@pytest.mark.parametrize(
    ("name", "value"), [("stages", 1), ("registers", ["magnitude"]), ("frequency", 100), ("latency", 2)]
)
def test_comb_refuses_registers(name, value):
    with pytest.raises(ValueError, match=f"interface comb has no clock, so {name} means nothing to it"):
        Unit(PLAN, interface="comb", **{name: value})


def test_stages_and_registers_exclude_each_other():
    with pytest.raises(ValueError, match="stages and registers exclude each other"):
        Unit(PLAN, stages=1, registers=["magnitude"])


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"interface": "streams"}, ValueError, r"there is no interface 'streams'; did you mean stream\?"),
        ({"interface": "wishbone"}, ValueError, "choose one of axis, comb, pipeline, stream"),
        ({"interface": "stream", "tlast": True}, ValueError, "tlast belongs to interface axis; interface stream has"),
        ({"interface": None}, TypeError, "interface must be a name such as comb, not None"),
        ({"stages": -1}, ValueError, "stages must be from 0 to 256, not -1"),
        ({"stages": "2"}, TypeError, "stages must be an integer, not '2'"),
        ({"dsp": -1}, ValueError, "dsp must be 0 or more, not -1"),
        ({"bram": -1}, ValueError, "bram must be 0 or more, not -1"),
        ({"dsp": True}, TypeError, "dsp must be an integer, not True"),
        ({"bram": "1"}, TypeError, "bram must be an integer, not '1'"),
        ({"bram": 1, "interface": "comb"}, ValueError, "interface comb has no registers"),
        ({"registers": ["magnitud"]}, ValueError, r"did you mean magnitude\?"),
        ({"registers": "magnitude"}, (TypeError, ValueError), "registers"),
    ],
)
def test_wrong_arguments_are_named(options, error, match):
    with pytest.raises(error, match=match):
        Unit(PLAN, **options)


def test_signatures_of_streams_of_several():
    members = Unit(sum_and_distance(), interface="stream").signature.members
    assert dict(members) == {
        "a": In(stream.Signature(StructLayout({"a": signed(7), "c": unsigned(6)}))),
        "total": Out(stream.Signature(StructLayout({"total": signed(8), "distance": unsigned(7)}))),
    }
    members = Unit(sum_and_distance(), interface="axis", tlast=True).signature.members
    assert dict(members) == {
        "s_axis": In(axi_stream(StructLayout({"a": signed(8), "c": unsigned(8)}), tlast=True)),
        "m_axis": Out(axi_stream(StructLayout({"total": signed(8), "distance": unsigned(8)}), tlast=True)),
    }


def test_text_of_an_axi_stream_of_several():
    text = Unit(sum_and_distance(), interface="axis", stages=0).verilog()
    for line in (
        "wire signed [6:0] a = s_axis_tdata[6:0];",
        "wire [5:0] c = s_axis_tdata[13:8];",
        "assign m_axis_tdata = {distance, total};",
    ):
        assert line in text


@pytest.mark.parametrize(
    ("interface", "plan", "name"),
    [
        ("pipeline", difference(left="en"), "en"),
        ("pipeline", difference(output="clk"), "clk"),
        ("pipeline", difference(extra="en"), "en"),
    ],
)
def test_names_of_control_ports_are_taken(interface, plan, name):
    with pytest.raises(ValueError, match=f"the plan has a step '{name}', which is a port of interface {interface}"):
        check_interface(interface, plan)
    assert check_interface("comb", plan) == "comb"


def test_inputs_may_not_be_called_as_methods_of_the_component():
    with pytest.raises(ValueError, match="'latency'"):
        Unit(difference(left="latency"), interface="comb")


def test_choose_schedule_leaves_no_stage_longer_than_a_step():
    assert choose_schedule(PLAN, "comb").latency == 0
    assert choose_schedule(PLAN, "pipeline") == choose_schedule(PLAN, "stream")
    assert choose_schedule(PLAN, "pipeline").latency > 1


def test_emit_writes_a_module_called_as_the_file(tmp_path):
    path = Unit(PLAN).emit(tmp_path / "gate.v", header="mine")
    assert path == tmp_path / "gate.v"
    assert path.read_text().startswith("// mine\nmodule gate (")


@pytest.mark.parametrize(
    ("file", "match"), [("gate.sv", r"path must end in \.v, not 'gate\.sv'"), ("2.v", "module name '2' is no")]
)
def test_emit_refuses_other_names(file, match, tmp_path):
    with pytest.raises(ValueError, match=match):
        Unit(PLAN).emit(tmp_path / file)
    assert list(tmp_path.iterdir()) == []


def test_a_unit_may_be_printed_any_number_of_times():
    unit = Unit(PLAN)
    assert unit.verilog("a").replace("module a", "module b") == unit.verilog("b")
