import os
import subprocess
import sys

import numpy as np
import pytest
from damages import DAMAGES
from driven_units import ALL8, COMB, GOOD_PIPELINE, PIPELINE, PIPELINE_VALUES, STREAM, STREAM_VALUES, X8, Y8

from softgate.hdl.interfaces import interface_ports
from softgate.plan import FixedFormat
from softgate.sim.engines import compiled
from softgate.sim.engines.bit_patterns import decode
from softgate.sim.engines.compiled import compile_unit
from softgate.sim.engines.faults import ProtocolError
from softgate.support.tools import MissingToolError, ToolError
from softgate.support.yosys import YosysError

pytestmark = pytest.mark.tools

parse = FixedFormat.parse


def build(verilog, interface="pipeline", latency=3, inputs=X8, outputs=Y8, **options):
    return compile_unit(verilog, "unit", ports=interface_ports(interface, inputs, outputs), latency=latency, **options)


def broken(old, new):
    assert old in STREAM
    return build(STREAM.replace(old, new), "stream", 2)


def test_comb_runs_every_input():
    unit = build(COMB, "comb", 0)
    (y,) = unit.run(np.arange(-128, 128))
    assert decode(y, 8, signed=True).tolist() == [-20] * 109 + list(range(-19, 20)) + [20] * 108
    assert y.dtype == np.uint64
    assert unit.measured_latency() == 0


@pytest.mark.parametrize("stalls", [None, 0, 1, 2, 3])
def test_pipeline_answers_in_order_however_it_stalls(stalls):
    unit = build(GOOD_PIPELINE)
    (y,) = unit.run(ALL8, stalls=stalls)
    assert y.tolist() == PIPELINE_VALUES.tolist()


@pytest.mark.parametrize("stalls", [None, 0, 1, 2, 3])
def test_stream_answers_in_order_however_it_stalls(stalls):
    unit = build(STREAM, "stream", 2)
    (y,) = unit.run(ALL8, stalls=stalls)
    assert y.tolist() == STREAM_VALUES.tolist()


# The stream as an AXI4-Stream of six-bit codes; %s is what is held of the output.
AXIS = """module unit(input aclk, input aresetn, input [7:0] s_axis_tdata, input s_axis_tvalid, output s_axis_tready,
            input s_axis_tlast, output [7:0] m_axis_tdata, output reg m_axis_tvalid, input m_axis_tready,
            output reg m_axis_tlast);
  reg [5:0] a;
  assign s_axis_tready = m_axis_tready || !m_axis_tvalid;
  assign m_axis_tdata = {%s, a};
  always @(posedge aclk) begin
    if (s_axis_tready) begin a <= s_axis_tdata + 1; m_axis_tlast <= s_axis_tlast; m_axis_tvalid <= s_axis_tvalid; end
    if (!aresetn) m_axis_tvalid <= 0;
  end
endmodule"""


def axis(text):
    formats = {"x": parse("SQ6.0")}, {"y": parse("SQ6.0")}
    return compile_unit(text, "unit", ports=interface_ports("axis", *formats, tlast=True), latency=1)


@pytest.mark.parametrize("stalls", [None, 0, 1])
def test_axis_answers_in_order_with_its_tlast(stalls):
    codes = np.arange(-32, 32)
    lasts = np.random.default_rng(1).integers(0, 2, 64)
    y, last = axis(AXIS % "{2{a[5]}}").run(codes, lasts, stalls=stalls)
    assert decode(y, 8, signed=True).tolist() == [*range(-31, 32), -32]
    assert last.tolist() == lasts.tolist()


def test_padding_of_an_axis_holds_rubbish_and_is_read_back():
    codes = np.arange(-32, 32)
    y, _ = axis(AXIS % "2'b00").run(codes, codes)
    assert decode(y, 8, signed=True).tolist() == [code % 64 for code in [*range(-31, 32), -32]]
    leaky, _ = axis((AXIS % "{2{a[5]}}").replace("s_axis_tdata + 1", "s_axis_tdata + 1 + s_axis_tdata[7]")).run(
        codes, codes
    )
    assert set((decode(leaky, 8, signed=True)[:62] - codes[:62]).tolist()) == {1, 2}  # 30 + 2 is a code no more


def test_faults_of_an_axis_go_by_its_names():
    text = AXIS % "{2{a[5] ^ m_axis_tready}}"
    with pytest.raises(ProtocolError, match="m_axis_tdata changes while it waits for m_axis_tready"):
        axis(text).run(ALL8, ALL8, stalls=1)


def test_latency_is_measured():
    assert build(GOOD_PIPELINE, latency=3).measured_latency() == 3
    assert build(GOOD_PIPELINE, latency=9).measured_latency() == 3
    assert build(GOOD_PIPELINE, latency=1).measured_latency() == 3
    assert build(STREAM, "stream", 7).measured_latency() == 2


def test_latency_of_a_constant_is_not_guessed():
    constant = "module unit(input clk, input en, input [7:0] x, output [7:0] y); assign y = 7; endmodule"
    with pytest.raises(ValueError, match="no output responds"):
        build(constant).measured_latency()


@pytest.mark.parametrize("declared", [2, 4])
def test_a_wrong_latency_shifts_the_outputs(declared):
    (y,) = build(GOOD_PIPELINE, latency=declared).run(ALL8)
    offset = 3 - declared
    assert y.tolist() != PIPELINE_VALUES.tolist()
    assert y[100 + offset] == PIPELINE_VALUES[100]


@pytest.mark.parametrize("enables", [("1", "en", "en"), ("en", "1", "en")])
def test_an_inner_register_without_enable_loses_data(enables):
    unit = build(PIPELINE % enables)
    assert unit.run(ALL8)[0].tolist() == PIPELINE_VALUES.tolist()
    assert unit.run(ALL8, stalls=1)[0].tolist() != PIPELINE_VALUES.tolist()


def test_an_output_register_without_enable_does_not_hold():
    unit = build(PIPELINE % ("en", "en", "1"))
    with pytest.raises(ProtocolError, match="y changes although en was low") as error:
        unit.run(ALL8, stalls=1)
    assert 0 <= error.value.transfer < 256


def test_a_stream_that_changes_waiting_data_is_caught():
    unit = broken("assign y = b;", "assign y = b ^ (count == 9 && !y_ready);")
    with pytest.raises(ProtocolError, match=r"^transfer \d+: y changes while it waits"):
        unit.run(ALL8, stalls=1)


def test_a_stream_that_withdraws_valid_is_caught():
    unit = broken("assign y_valid = b_valid;", "assign y_valid = b_valid && count != 9;")
    with pytest.raises(ProtocolError, match=r"^transfer \d+: y_valid drops"):
        unit.run(ALL8, stalls=1)


def test_a_stream_that_drops_data_is_caught():
    # Ready although the registers cannot move: what is accepted then is lost.
    unit = broken("assign x_ready = move;", "assign x_ready = 1;")
    assert unit.run(ALL8)[0].tolist() == STREAM_VALUES.tolist()
    with pytest.raises(ProtocolError, match=r"^transfer \d+: no output arrives") as error:
        unit.run(ALL8, stalls=1)
    assert 0 < error.value.transfer < 256


def test_a_stream_that_repeats_data_is_caught():
    # What is taken while not ready is offered again.
    unit = broken("assign x_ready = move;", "assign x_ready = move && !stalled;")
    assert unit.run(ALL8)[0].tolist() == STREAM_VALUES.tolist()
    with pytest.raises(ProtocolError, match=r"^transfer \d+: y_valid rises with no input left"):
        unit.run(ALL8, stalls=1)


def test_a_stream_that_invents_its_first_output_is_caught():
    unit = broken("b_valid <= 0; end", "b_valid <= 1; end")
    with pytest.raises(ProtocolError, match="transfer 0: y_valid rises with no input left"):
        unit.run(ALL8)


@pytest.mark.parametrize(
    "step",
    [
        "b <= a + 1 + stalled; b_valid <= a_valid;",
        # The newest overtakes the one before it.
        "if (stalled && a_valid && x_valid) begin a <= a; b <= x + 1; b_valid <= 1; end"
        " else begin b <= a + 1; b_valid <= a_valid; end",
    ],
    ids=["alters", "reorders"],
)
def test_a_stream_that_breaks_data_under_stall_answers_wrongly(step):
    unit = broken("b <= a + 1; b_valid <= a_valid;", step)
    assert unit.run(ALL8)[0].tolist() == STREAM_VALUES.tolist()
    assert unit.run(ALL8, stalls=1)[0].tolist() != STREAM_VALUES.tolist()


def test_a_stuck_stream_times_out():
    unit = broken("a_valid <= x_valid;", "a_valid <= x_valid && x < 40;")
    with pytest.raises(ProtocolError, match="transfer 40: no output arrives"):
        unit.run(ALL8)


@pytest.mark.parametrize("stalls", [None, 1])
def test_a_stream_may_answer_with_fewer_transfers(stalls):
    unit, taken = broken("a_valid <= x_valid;", "a_valid <= x_valid && x < 40;"), np.arange(len(ALL8) + 1)
    (y,) = unit.run(ALL8, stalls=stalls, due=np.minimum(taken, 40))
    assert y.tolist() == STREAM_VALUES.tolist()[:40]
    with pytest.raises(ProtocolError, match="transfer 39: y_valid rises with no input left"):
        unit.run(ALL8, stalls=stalls, due=np.minimum(taken, 39))
    with pytest.raises(ProtocolError, match="transfer 40: no output arrives"):
        unit.run(ALL8, stalls=stalls, due=np.minimum(taken, 41))
    with pytest.raises(ProtocolError, match="transfer 255: y_valid rises with no input left"):
        build(STREAM, "stream", 2).run(ALL8, stalls=stalls, due=np.minimum(taken, 255))


def test_one_evaluation_a_clock_equals_two_steps(monkeypatch):
    units = [(GOOD_PIPELINE, "pipeline", 3), (STREAM, "stream", 2), (PIPELINE % ("en", "1", "en"), "pipeline", 3)]
    fast = [build(*unit) for unit in units]
    monkeypatch.setattr(compiled, "_one_evaluation_suffices", lambda source, ports: False)
    slow = [build(*unit, cache=False) for unit in units]
    for a, b in zip(fast, slow, strict=True):
        for stalls in (None, *range(20)):
            assert a.run(ALL8, stalls=stalls)[0].tolist() == b.run(ALL8, stalls=stalls)[0].tolist()


def test_one_evaluation_is_only_for_rising_edges_of_clk():
    def suffices(source, interface):
        return compiled._one_evaluation_suffices(source, interface_ports(interface, X8, Y8))

    assert suffices("if (posedge_p_clk) {", "pipeline")
    assert not suffices("if (posedge_p_clk) { if (negedge_p_clk) {", "pipeline")
    assert not suffices("if (posedge_p_other) {", "stream")
    assert suffices("if (posedge_p_aclk) {", "axis")
    assert not suffices("if (posedge_p_clk) {", "axis")
    assert not suffices("no registers", "pipeline")
    assert not suffices("if (posedge_p_clk) { converged = false;", "pipeline")
    assert suffices("no registers", "comb")
    assert not suffices("converged = false;", "comb")


def test_a_falling_edge_register_still_runs_right():
    halved = """module unit(input clk, input en, input [7:0] x, output reg [7:0] y);
      reg [7:0] half;
      always @(negedge clk) half <= x + 1;
      always @(posedge clk) if (en) y <= half;
    endmodule"""
    (y,) = build(halved, latency=1).run(ALL8)
    assert y.tolist()[1:] == STREAM_VALUES.tolist()[1:]  # no edge falls before the first that rises


def test_a_latch_is_refused():
    latch = "module unit(input [7:0] x, output reg [7:0] y); always @* if (x[0]) y = x; endmodule"
    with pytest.raises(YosysError, match="latch"):
        build(latch, "comb", 0)


def test_wide_and_several_ports():
    wide = """module unit(input [63:0] a, input [39:0] b_2, output [63:0] total, output [32:0] high);
      assign total = a + b_2; assign high = a[63:31];
    endmodule"""
    inputs = {"a": parse("UQ64.0"), "b_2": parse("UQ40.0")}
    unit = build(wide, "comb", 0, inputs, {"total": parse("UQ64.0"), "high": parse("UQ33.0")})
    total, high = unit.run(np.array([0xFFFF_FFFF_FFFF_FFFF], np.uint64), np.array([-1]))
    assert (total[0], high[0]) == (0xFF_FFFF_FFFE, 0x1_FFFF_FFFF)
    assert total.dtype == high.dtype == np.uint64


def test_no_inputs_give_no_outputs():
    assert build(GOOD_PIPELINE).run(ALL8[:0])[0].tolist() == []
    assert build(STREAM, "stream", 2).run(ALL8[:0], stalls=1)[0].tolist() == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"inputs": {"x": parse("UQ9.0")}}, "module unit has no input x of 9 bits"),
        ({"outputs": {"z": parse("UQ8.0")}}, "module unit has no output z of 8 bits"),
        ({"interface": "axis"}, "module unit has no input aclk of 1 bits, input aresetn of 1 bits, input s_axis_tdata"),
        ({"interface": "stream"}, "module unit has no input rst of 1 bits, input x_valid of 1 bits"),
    ],
)
def test_what_does_not_fit_the_module_is_named(options, message):
    with pytest.raises(ValueError, match=message):
        build(GOOD_PIPELINE, **options)


def test_wrong_arrays_are_refused():
    unit = build(GOOD_PIPELINE)
    with pytest.raises(ValueError, match="expected 1 input arrays, got 2"):
        unit.run(ALL8, ALL8)
    with pytest.raises(TypeError, match="expected integers, got float64"):
        unit.run(ALL8 / 2)
    with pytest.raises(ValueError, match="one-dimensional"):
        unit.run(ALL8.reshape(16, 16))


def test_a_missing_compiler_is_named(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingToolError, match=r"g\+\+"):
        build(GOOD_PIPELINE)


def test_the_cache_spares_yosys_and_the_compiler(tmp_path, monkeypatch):
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path))
    build(COMB, "comb", 0)
    assert len(list(tmp_path.iterdir())) == 1
    monkeypatch.setattr(compiled, "run_yosys", None)
    assert build(COMB, "comb", 0).run(np.array([100]))[0].tolist() == [20]


_RUN_COMB = f"""
import numpy as np
from softgate.hdl.interfaces import interface_ports
from softgate.plan import FixedFormat
from softgate.sim.engines.compiled import compile_unit
eight = FixedFormat.parse("UQ8.0")
unit = compile_unit({COMB!r}, "unit", ports=interface_ports("comb", {{"x": eight}}, {{"y": eight}}), latency=0)
print(unit.run(np.array([100, -100]))[0].tolist())
"""


def test_processes_may_build_the_same_unit_at_once(tmp_path):
    environment = {**os.environ, "SOFTGATE_CACHE": str(tmp_path)}
    command = [sys.executable, "-c", _RUN_COMB]
    started = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[0] for process in started] == ["[20, 236]\n"] * 3
    assert len(os.listdir(tmp_path)) == 1


@pytest.fixture(scope="module")
def shared_object(tmp_path_factory):
    """What the compiler makes of `COMB`."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("SOFTGATE_CACHE", str(folder))
        build(COMB, "comb", 0)
        (entry,) = folder.iterdir()
        return entry.read_bytes()[32:]


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_compiled_again_and_never_loaded(shared_object, monkeypatch, tmp_path, damage):
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path / "cache"))
    compilations, loaded, real = [], [], compiled.load_library
    monkeypatch.setattr(compiled, "_compile", lambda *_: (compilations.append(1), shared_object)[1])
    monkeypatch.setattr(compiled, "load_library", lambda built: (loaded.append(built), real(built))[1])
    build(COMB, "comb", 0)
    (entry,) = (tmp_path / "cache").iterdir()
    DAMAGES[damage](entry)
    spared = damage == "unreadable" and os.access(entry, os.R_OK)  # the super-user reads what is unreadable
    for _ in range(2):
        assert build(COMB, "comb", 0).run(np.array([100]))[0].tolist() == [20]
    assert len(compilations) == (1 if spared else 2)
    assert loaded == [shared_object] * 3


def test_what_the_compiler_says_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(compiled, "_CXX_FLAGS", (*compiled._CXX_FLAGS, "--no-such-flag"))
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path))
    with pytest.raises(ToolError, match=r"g\+\+ could not compile the generated code: .*--no-such-flag"):
        build(COMB, "comb", 0)
    assert list(tmp_path.iterdir()) == []
