import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from softgate.support import tools, yosys_server
from softgate.support.tools import MissingToolError, ToolError, require_program
from softgate.support.yosys import YosysError, run_yosys

INVERTER = "module inverter(input x, output y); assign y = ~x; endmodule\n"


@pytest.mark.tools
def test_commands_run_in_the_given_folder_and_return_the_log(tmp_path):
    (tmp_path / "inverter.v").write_text(INVERTER)
    log = run_yosys("read_verilog inverter.v\nstat\nwrite_rtlil inverter.il", cwd=tmp_path)
    assert "1   $not" in log
    assert "cell $not" in (tmp_path / "inverter.il").read_text()


@pytest.mark.tools
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("frobnicate", "ERROR: No such command: frobnicate (type 'help' for a command overview)"),
        ("read_verilog absent.v", "ERROR: File `absent.v' not found or is a directory"),
        ("read_verilog wrong.v", "wrong.v:2: ERROR: syntax error, unexpected TOK_ENDMODULE"),
    ],
)
def test_an_error_is_yosys_own_line(tmp_path, script, message):
    (tmp_path / "wrong.v").write_text("module wrong(input x, output y);\nassign y = endmodule\n")
    with pytest.raises(YosysError) as error:
        run_yosys(script, cwd=tmp_path)
    assert str(error.value) == message


@pytest.mark.tools
def test_commands_after_an_error_do_not_run(tmp_path):
    with pytest.raises(YosysError):
        run_yosys("frobnicate\nwrite_rtlil after.il", cwd=tmp_path)
    assert not (tmp_path / "after.il").exists()


@pytest.mark.tools
def test_results_do_not_depend_on_earlier_jobs(tmp_path):
    (tmp_path / "inverter.v").write_text(INVERTER)
    script = "read_verilog inverter.v\nsynth -top inverter\nwrite_verilog out.v"
    texts = []
    for _ in range(2):
        run_yosys(script, cwd=tmp_path)
        texts.append((tmp_path / "out.v").read_bytes())
    assert texts[0] == texts[1]


@pytest.mark.tools
def test_starting_is_quick():
    best = min(_seconds(lambda: run_yosys("# nothing")) for _ in range(3))
    assert best < 0.25  # some 0.03 s on an idle machine


@pytest.mark.tools
def test_jobs_share_a_process_that_forks(tmp_path):
    run_yosys("# nothing")
    (server,) = {id(server) for server in yosys_server._idle()[-1:]}
    for _ in range(3):
        run_yosys("# nothing")
        assert id(yosys_server._idle()[-1]) == server


@pytest.mark.tools
def test_jobs_at_the_same_time_have_a_process_each(tmp_path):
    (tmp_path / "inverter.v").write_text(INVERTER)

    def job(number):
        folder = tmp_path / str(number)
        folder.mkdir()
        log = run_yosys(f"read_verilog ../inverter.v\nrename inverter unit{number}\nwrite_verilog out.v", cwd=folder)
        return number, log.count("rename"), f"module unit{number}(" in (folder / "out.v").read_text()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(job, range(12))) == [(number, 1, True) for number in range(12)]


@pytest.mark.tools
def test_a_process_that_was_ended_is_replaced():
    run_yosys("# nothing")
    for server in yosys_server._idle():
        os.kill(server._process.pid, signal.SIGKILL)
        server._process.wait()
    assert run_yosys("log still here").endswith("still here\n")


@pytest.mark.tools
def test_a_process_that_is_ended_during_a_job_is_told():
    run_yosys("# nothing")
    pid = yosys_server._idle()[-1]._process.pid
    killer = threading.Timer(0.3, os.kill, (pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(ToolError, match="the process that runs Yosys was ended"):
        run_yosys("exec -- sleep 2")
    assert run_yosys("log again").endswith("again\n")


@pytest.mark.tools
def test_processes_end_with_their_user_and_not_with_a_fork_of_it():
    script = """
import os, signal
from softgate.support.yosys import run_yosys
from softgate.support import yosys_server
run_yosys("log one")
print(yosys_server._idle()[0]._process.pid)
if os.fork() == 0:
    assert yosys_server._idle() == []
    os._exit(0)
os.wait()
assert run_yosys("log two").endswith("two\\n")
"""
    result = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert not os.path.exists(f"/proc/{result.stdout.strip()}")


def test_a_missing_pyosys_is_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingToolError, match=r"^pyosys was not found: install it with: pip install pyosys\.$"):
        run_yosys("stat")


def test_a_missing_program_is_named_with_its_package(monkeypatch):
    monkeypatch.setattr(tools.shutil, "which", lambda name: None)
    with pytest.raises(MissingToolError, match="iverilog was not found: install the package iverilog") as error:
        require_program("iverilog", "iverilog")
    assert error.value.tool == "iverilog"
    assert "apt install iverilog" in error.value.package


def test_a_program_is_found():
    assert os.access(require_program("sh", "dash"), os.X_OK)


def _seconds(job):
    start = time.perf_counter()
    job()
    return time.perf_counter() - start
