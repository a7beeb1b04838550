import pytest
import shared_programs

from softgate.sim import icarus
from softgate.support import yosys
from softgate.support.yosys import YosysError, run_yosys

pytestmark = pytest.mark.tools

UNIT = "module unit(input x, output y); assign y = ~x; endmodule\n"
SCRIPT = "read_verilog unit.v\nlog made\nwrite_verilog out.v"


@pytest.fixture
def calls(tmp_path, monkeypatch):
    """Share from an empty store; return the programs that are really run."""
    made, run_job, run_program = [], yosys.run_job, icarus.run_program

    def counted_job(*asked):
        made.append("yosys")
        return run_job(*asked)

    def counted_program(folder, *command):
        made.append(command[0])
        return run_program(folder, *command)

    monkeypatch.setattr(yosys, "run_job", counted_job)
    monkeypatch.setattr(icarus, "run_program", counted_program)
    shared_programs.install(tmp_path / "store", monkeypatch)
    return made


def folder_with(text, tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "unit.v").write_text(text)
    return folder


def test_the_same_is_run_once_and_leaves_the_same(calls, tmp_path):
    first, second = (folder_with(UNIT, tmp_path, name) for name in "ab")
    said = run_yosys(SCRIPT, cwd=first)
    assert "made" in said and run_yosys(SCRIPT, cwd=second) == said
    assert calls == ["yosys"]
    assert (first / "out.v").read_bytes() == (second / "out.v").read_bytes()


@pytest.mark.parametrize(
    ("text", "script"), [(UNIT.replace("~", ""), SCRIPT), (UNIT, f"{SCRIPT}\nlog more"), (UNIT, f"{SCRIPT}.v")]
)
def test_another_text_or_script_is_run(calls, tmp_path, text, script):
    run_yosys(SCRIPT, cwd=folder_with(UNIT, tmp_path, "a"))
    run_yosys(script, cwd=folder_with(text, tmp_path, "b"))
    assert calls == ["yosys"] * 2


@pytest.mark.parametrize("more", ["exec -- true", "tee -o ../log stat", "tee -o /dev/null stat"])
def test_what_reaches_beyond_its_folder_is_run_each_time(calls, tmp_path, more):
    for name in "ab":
        run_yosys(f"{SCRIPT}\n{more}", cwd=folder_with(UNIT, tmp_path, name))
    assert calls == ["yosys"] * 2


def test_a_failure_is_not_kept(calls, tmp_path):
    for name in "ab":
        with pytest.raises(YosysError, match="syntax error"):
            run_yosys(SCRIPT, cwd=folder_with("module", tmp_path, name))
    assert calls == ["yosys"] * 2


def test_a_damaged_entry_is_run_again(calls, tmp_path):
    for name in "ab":
        run_yosys(SCRIPT, cwd=folder_with(UNIT, tmp_path, name))
        (entry,) = (tmp_path / "store").iterdir()
        entry.write_bytes(entry.read_bytes()[:-9])
    assert calls == ["yosys"] * 2


@pytest.mark.skipif(not icarus.is_installed(), reason="iverilog is not installed")
def test_simulations_that_pass_are_run_once(calls, tmp_path):
    for name, said in (("a", "PASS"), ("b", "PASS"), ("c", "FAIL"), ("d", "FAIL")):
        text = f'module unit; initial $display("{said} 1 vectors"); endmodule\n'
        folder = folder_with(text, tmp_path, name)
        assert icarus.run_program(folder, "iverilog", "-o", "bench", "unit.v") == ""
        assert icarus.run_program(folder, "vvp", "-n", "bench") == f"{said} 1 vectors\n"
    assert calls == ["iverilog", "vvp", "iverilog", "vvp", "vvp"]
