import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from icarus_batch import icarus
from standalone_benches import run, run_bench, run_vectors

from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.hdl.build_options import BuildOptions
from softgate.hdl.manifest import Manifest
from softgate.hdl.unit import Unit, choose_schedule
from softgate.methods import find_method
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.operations import Add, Range, Subtract
from softgate.sim.cocotb_runner import simulator_environment
from softgate.sim.golden.model import golden
from softgate.sim.standalone.cocotb_bench import bench_file
from softgate.sim.standalone.vector_bench import vector_files
from softgate.support.files import sha256_text

pytestmark = pytest.mark.tools

SPECIFICATION = Specification(create_function("tanh"), FixedFormat.parse("SQ4.4"), FixedFormat.parse("SQ1.7"))
PLAN = next(find_method("taylor").candidates(SPECIFICATION, {"degree": 2, "segments": 8})).plan

# Six bits of input in one byte, nine of output in two.
ODD = Specification(create_function("tanh"), FixedFormat.parse("SQ3.3"), FixedFormat.parse("SQ1.8"))
ODD_PLAN = next(find_method("taylor").candidates(ODD, {"degree": 1, "segments": 4})).plan

UNITS = [("comb", None), ("pipeline", 0), ("pipeline", 3), ("stream", 0), ("stream", 1), ("stream", 4)]


def sum_and_difference():
    narrow, wide = FixedFormat.parse("SQ3.0"), FixedFormat.parse("SQ4.0")
    b = PlanBuilder()
    u, expected = b.input("u", narrow), b.input("expected", narrow)
    plan = b.build(above=(b.let("s", Add(u, expected)), wide), below=(b.let("d", Subtract(u, expected)), wide))
    return plan, None


def emit(folder, interface, stages=None, plan=PLAN, specification=SPECIFICATION, tlast=False):
    verilog = Unit(plan, interface=interface, stages=stages, tlast=tlast).verilog("gate")
    schedule = choose_schedule(plan, interface, stages=stages)
    sha256 = sha256_text(verilog)
    options = BuildOptions(interface=interface, tlast=tlast)
    method, error = (None, None) if specification is None else ("taylor", {})
    manifest = Manifest("gate", specification, method, {}, options, schedule, error, "gate.v", sha256, {})
    (folder / "gate.v").write_text(verilog)
    (folder / "gate.json").write_text(manifest.to_json())
    for name, text in (vector_files(manifest) | {"test_gate.py": bench_file(manifest)}).items():
        (folder / name).write_text(text)
    return manifest


def break_unit(folder, old, new):
    verilog = folder / "gate.v"
    assert old in verilog.read_text()
    verilog.write_text(verilog.read_text().replace(old, new))


def test_vectors_are_the_golden_models(tmp_path):
    files = vector_files(emit(tmp_path, "comb"))
    assert files.keys() == {"gate_x.hex", "gate_y.hex", "gate_tb.v"}
    codes = [int(line, 16) for line in files["gate_x.hex"].splitlines()]
    assert codes == [code % 256 for code in range(-128, 128)]
    answers = [int(line, 16) for line in files["gate_y.hex"].splitlines()]
    assert answers == [code % 256 for code in golden(PLAN)(range(-128, 128)).tolist()]


def test_several_ports_share_a_word(tmp_path):
    plan, specification = sum_and_difference()
    files = vector_files(emit(tmp_path, "comb", None, plan, specification))
    at = files["gate_x.hex"].splitlines().index(f"{0b011_110:02x}")  # 3 and -2
    assert files["gate_y.hex"].splitlines()[at] == f"{0b0001_0101:02x}"


@icarus
@pytest.mark.parametrize(("interface", "stages"), UNITS)
def test_vectors_pass_on_icarus(tmp_path, interface, stages):
    emit(tmp_path, interface, stages)
    assert run_vectors(tmp_path).splitlines()[0] == "PASS 256 vectors"


@icarus
@pytest.mark.parametrize(("interface", "stages"), [("comb", None), ("pipeline", 1), ("stream", 2), ("axis", 1)])
def test_vectors_of_several_ports_pass(tmp_path, interface, stages):
    plan, specification = sum_and_difference()
    emit(tmp_path, interface, stages, plan, specification)
    assert run_vectors(tmp_path).splitlines()[0] == "PASS 64 vectors"


@icarus
@pytest.mark.parametrize("interface", ["comb", "pipeline", "stream", "axis"])
def test_vectors_find_a_wrong_answer(tmp_path, interface):
    emit(tmp_path, interface)
    text = (tmp_path / "gate.v").read_text()
    (tmp_path / "gate.v").write_text(re.sub(r"assign (y|m_axis_tdata) = (.*);", r"assign \1 = (\2) ^ 8'd1;", text))
    first, second = run_vectors(tmp_path).splitlines()[:2]
    assert (first, second) == ("vector 0: x = 80, y should be 80, not 81", "FAIL")


@icarus
@pytest.mark.parametrize("interface", ["comb", "pipeline", "stream", "axis"])
def test_vectors_find_an_unknown_output(tmp_path, interface):
    emit(tmp_path, interface)
    text = (tmp_path / "gate.v").read_text()
    (tmp_path / "gate.v").write_text(re.sub(r"assign (y|m_axis_tdata) = (.*);", r"assign \1 = (\2) ^ 8'bx;", text))
    first, second = run_vectors(tmp_path).splitlines()[:2]
    assert re.fullmatch("vector 0: x = 80, y should be 80, not [xX]+", first)
    assert second == "FAIL"


def lost(folder):
    folder.joinpath("gate_x.hex").unlink()


def lost_answers(folder):
    folder.joinpath("gate_y.hex").unlink()


def empty(folder):
    folder.joinpath("gate_y.hex").write_text("")


def short(folder):
    lines = folder.joinpath("gate_x.hex").read_text().splitlines()
    folder.joinpath("gate_x.hex").write_text("\n".join(lines[:-1]))


def unknown(folder):
    folder.joinpath("gate_y.hex").write_text(folder.joinpath("gate_y.hex").read_text().replace("80\n", "xx\n", 1))


def same_answer(folder):
    # The function is flat there: another input has the same answer.
    folder.joinpath("gate_x.hex").write_text(folder.joinpath("gate_x.hex").read_text().replace("80\n", "81\n", 1))


def swapped(folder):
    for name in ("gate_x.hex", "gate_y.hex"):
        lines = folder.joinpath(name).read_text().splitlines()
        folder.joinpath(name).write_text("\n".join([lines[1], lines[0], *lines[2:]]))


SPOILT = [lost, lost_answers, empty, short, unknown, same_answer, swapped]
REFUSAL = ["gate_x.hex and gate_y.hex in folder {} are not those of this bench"]
REFUSAL += ["run it where they are, or with +folder= and the name of that folder", "FAIL"]


def check_vectors(bench, made):
    """Run a bench where its files are, elsewhere, elsewhere with the folder, and with each kind of spoilt files."""
    answers = (made / "gate_y.hex").read_text().splitlines()
    assert answers[0] == answers[1]  # those of 80 and 81, for `same_answer`
    for spoil in [None, *SPOILT]:
        folder = made / ("elsewhere" if spoil is None else spoil.__name__)
        folder.mkdir()
        if spoil is not None:
            for name in ("gate_x.hex", "gate_y.hex"):
                shutil.copy(made / name, folder)
            spoil(folder)
        job = run(bench, folder)
        assert job.returncode != 0
        assert job.stdout.splitlines()[:3] == [REFUSAL[0].format("."), *REFUSAL[1:]]
    for where, command in ((made, bench), (folder, [*bench, f"+folder={made}"])):
        job = run(command, where)
        assert (job.returncode, job.stdout.splitlines()[0]) == (0, "PASS 256 vectors")


@icarus
@pytest.mark.parametrize("interface", ["comb", "pipeline", "stream", "axis"])
def test_vectors_have_to_be_there(tmp_path, interface):
    emit(tmp_path, interface)
    run_vectors(tmp_path)  # builds the bench
    check_vectors(["vvp", "-n", tmp_path / "bench"], tmp_path)


@icarus
def test_vectors_of_an_axis(tmp_path):
    emit(tmp_path, "axis", 2, ODD_PLAN, ODD, tlast=True)
    lines = [(tmp_path / f"gate_{side}.hex").read_text().splitlines() for side in "xy"]
    assert {len(line) for line in lines[0]} == {3}  # a byte and tlast
    words = [int(line, 16) for line in lines[0]]
    assert [word >> 1 & 63 for word in words] == [code % 64 for code in range(-32, 32)]
    assert len({word >> 7 for word in words}) == 4  # two bits above the code hold rubbish
    answers = [code % (1 << 16) for code in golden(ODD_PLAN)(range(-32, 32)).tolist()]
    assert [int(line, 16) for line in lines[1]] == [
        answer << 1 | word & 1 for answer, word in zip(answers, words, strict=True)
    ]
    assert run_vectors(tmp_path) == "PASS 64 vectors\n"
    break_unit(tmp_path, "m_axis_tlast = last_r2", "m_axis_tlast = last_r1")
    assert run_vectors(tmp_path).splitlines()[-1] == "FAIL"


@icarus
@pytest.mark.parametrize("tlast", [pytest.param(False, marks=pytest.mark.slow), True])
def test_the_bench_of_an_axis(tmp_path, tlast):
    emit(tmp_path, "axis", 2, ODD_PLAN, ODD, tlast=tlast)
    assert ("tlast" in (tmp_path / "test_gate.py").read_text()) == tlast
    result = run_bench(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    break_unit(tmp_path, "reset = ~aresetn", "reset = aresetn")
    assert run_bench(tmp_path).returncode != 0


@icarus
def test_vectors_find_a_stream_that_hangs(tmp_path):
    emit(tmp_path, "stream", 2)
    break_unit(tmp_path, "advance = y_ready | ~valid_r2;", "advance = y_ready & valid_r2;")
    first, second = run_vectors(tmp_path).splitlines()[:2]
    assert (first, second) == ("nothing moves any more: 0 inputs were taken, 0 answered", "FAIL")


@pytest.mark.slow
@pytest.mark.parametrize("interface", ["comb", "pipeline", "stream", "axis"])
def test_vectors_on_verilator(tmp_path, interface):
    emit(tmp_path, interface)
    command = ["verilator", "--binary", "--timing", "-CFLAGS", "-std=c++20", "gate_tb.v", "gate.v"]
    environment = simulator_environment("verilator")
    command[0] = shutil.which("verilator", path=environment["PATH"])
    build = run(command, tmp_path, env=environment)
    assert (build.returncode, build.stderr) == (0, "")
    check_vectors([tmp_path / "obj_dir" / "Vgate_tb"], tmp_path)


@icarus
@pytest.mark.parametrize(
    ("interface", "stages"),
    [("comb", None), ("pipeline", 3), ("stream", 2), pytest.param("pipeline", 0, marks=pytest.mark.slow)],
)
def test_the_bench_passes(tmp_path, interface, stages):
    emit(tmp_path, interface, stages)
    result = run_bench(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "TESTS=1 PASS=1 FAIL=0" in result.stdout + result.stderr


@icarus
@pytest.mark.parametrize("interface", [pytest.param("pipeline", marks=pytest.mark.slow), "axis"])
def test_the_bench_takes_several_ports(tmp_path, interface):
    emit(tmp_path, interface, 1, *sum_and_difference())
    assert run_bench(tmp_path).returncode == 0


@icarus
@pytest.mark.parametrize(
    "interface", [*(pytest.param(each, marks=pytest.mark.slow) for each in ("comb", "pipeline")), "stream"]
)
def test_the_bench_finds_a_wrong_bit(tmp_path, interface):
    emit(tmp_path, interface)
    text = (tmp_path / "gate.v").read_text()
    wrong = re.sub(r"(c0_table\[ *0\] = \d+'h)(.*?);", lambda entry: f"{entry[1]}{int(entry[2], 16) ^ 1 << 8:x};", text)
    assert wrong != text
    (tmp_path / "gate.v").write_text(wrong)
    result = run_bench(tmp_path)
    assert result.returncode != 0
    assert "AssertionError: input" in result.stdout + result.stderr


@icarus
def test_pytest_runs_the_bench(tmp_path):
    emit(tmp_path, "stream")
    environment = os.environ | {"SIM": "icarus"}
    assert run([sys.executable, "-m", "pytest", "-q"], tmp_path, env=environment).returncode == 0


@pytest.mark.slow
def test_the_bench_passes_on_verilator(tmp_path):
    emit(tmp_path, "stream")
    result = run([sys.executable, Path("test_gate.py")], tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


RANGED = Specification(
    create_function("tanh"), FixedFormat.parse("SQ4.4"), FixedFormat.parse("SQ1.7"), input_range=Range(20, 40)
)
RANGED_PLAN = next(find_method("taylor").candidates(RANGED, {"degree": 2, "segments": 4})).plan


def test_vectors_of_a_range(tmp_path):
    files = vector_files(emit(tmp_path, "comb", None, RANGED_PLAN, RANGED))
    assert [int(line, 16) for line in files["gate_x.hex"].splitlines()] == list(range(20, 41))
    assert [int(line, 16) for line in files["gate_y.hex"].splitlines()] == golden(RANGED_PLAN)(range(20, 41)).tolist()
    assert "input within 1.25 to 2.5 (codes 20 to 40), interface comb" in files["gate_tb.v"]


@icarus
@pytest.mark.parametrize(
    ("interface", "stages"),
    [
        ("pipeline", 0),
        ("stream", 2),
        *(pytest.param(*each, marks=pytest.mark.slow) for each in [("comb", None), ("pipeline", 2)]),
    ],
)
def test_benches_of_a_range_pass(tmp_path, interface, stages):
    emit(tmp_path, interface, stages, RANGED_PLAN, RANGED)
    taken = {"comb": "", "pipeline": "en && ", "stream": "x_valid && "}[interface]
    event = "@*" if interface == "comb" else "@(posedge clk)"
    break_unit(tmp_path, "endmodule\n", f"  always {event} if ({taken}(x < 20 || x > 40)) $fatal;\nendmodule\n")
    assert run_vectors(tmp_path).splitlines()[0] == "PASS 21 vectors"
    result = run_bench(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


TOGGLE = "  reg odd = 0;\n  always @(posedge clk) odd <= ~odd;\nendmodule\n"

# An interface, what becomes of a sound unit, and the first line of the bench.
BAD_MANNERS = {
    "valid drops while it waits": (
        "stream",
        {"assign y_valid = valid_r2": "assign y_valid = valid_r2 & odd", "endmodule\n": TOGGLE},
        r"y_valid is 0 before vector \d+, though it waits: 1",
    ),
    "valid without an input": (
        "stream",
        {"assign y_valid = valid_r2": "assign y_valid = 1'b1"},
        "y_valid is high, but all 0 inputs taken so far have been answered",
    ),
    "unknown valid": (
        "stream",
        {"assign y_valid = valid_r2": "assign y_valid = 1'bx"},
        "y_valid is x before vector 0, though .*",
    ),
    "data that move while they wait": ("stream", {"if (advance) limited_r2": "limited_r2"}, r"vector \d+: x = .*"),
    "ready that is always high": ("stream", {"assign x_ready = advance": "assign x_ready = 1'b1"}, r"vector \d+: .*"),
    "an output that does not wait": ("pipeline", {"if (en) limited_r2": "limited_r2"}, r"vector \d+: x = .*"),
    "a register that does not wait": ("pipeline", {"if (en) begin": "begin"}, r"vector \d+: x = .*"),
    "a register too few": ("pipeline", {"assign y = limited_r2": "assign y = limited"}, r"vector \d+: x = .*"),
    "an unknown bit": (
        "pipeline",
        {"assign y = limited_r2": "assign y = {1'bx, limited_r2[6:0]}"},
        "vector 0: x = .*",
    ),
    "the lowest input": (
        "comb",
        {"assign y = limited": "assign y = (x == -8'sd128) ? ~limited : limited"},
        "vector 0: x = 80, .*",
    ),
    "the highest input, unconnected": (
        "comb",
        {"assign y = limited": "assign y = (x == 8'sd127) ? 8'bz : limited"},
        "vector 255: x = 7f, .*",
    ),
}


@icarus
@pytest.mark.parametrize("fault", BAD_MANNERS)
def test_vectors_find_bad_manners(tmp_path, fault):
    interface, changes, message = BAD_MANNERS[fault]
    emit(tmp_path, interface, None if interface == "comb" else 2)
    for old, new in changes.items():
        break_unit(tmp_path, old, new)
    first, second = run_vectors(tmp_path).splitlines()[:2]
    assert re.fullmatch(message, first), first
    assert second == "FAIL"
