import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from softgate.support.programs import crew, ended_with_the_wait, run_program
from softgate.support.yosys import run_yosys

pytestmark = pytest.mark.tools

# A program with a child, of which both would go on for a minute; it says what their numbers are.
FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen(["sleep", "60"])
open(sys.argv[1], "w").write(f"{os.getpid()} {child.pid} ")
time.sleep(60)
"""


def family(path):
    return run_program([sys.executable, "-c", FAMILY, str(path)])


def pids(path):
    """Return the numbers of a family's processes, once it is complete."""
    for _ in range(600):
        if path.exists() and path.read_text().rstrip("\n").endswith(" "):
            return [int(pid) for pid in path.read_text().split()]
        time.sleep(0.02)
    raise AssertionError("it did not start")


def gone(pid):
    for _ in range(200):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def interrupt_when(condition):
    """Let the main thread be interrupted as soon as something is so."""

    def wait():
        condition()
        time.sleep(0.05)
        os.kill(os.getpid(), 2)

    threading.Thread(target=wait, daemon=True).start()


def test_what_it_says_and_how_it_ends():
    result = run_program([sys.executable, "-c", "import sys; print('out'); sys.stderr.write('err'); sys.exit(3)"])
    assert (result.returncode, result.stdout, result.stderr) == (3, "out\n", "err")


def test_what_is_no_text_does_not_end_it():
    assert "caf" in run_program([sys.executable, "-c", r"import os; os.write(1, b'caf\xe9')"]).stdout


def test_it_has_a_group_and_temporary_files_of_its_own(tmp_path):
    script = "import os, tempfile; print(os.getpgid(0) == os.getpid(), tempfile.gettempdir(), os.read(0, 1))"
    assert run_program([sys.executable, "-c", script], scratch=tmp_path).stdout == f"True {tmp_path} b''\n"


def test_an_interrupt_ends_it_and_what_it_started(tmp_path):
    interrupt_when(lambda: pids(tmp_path / "pids"))
    with pytest.raises(KeyboardInterrupt):
        family(tmp_path / "pids")
    assert all(gone(pid) for pid in pids(tmp_path / "pids"))


def test_an_interrupt_ends_what_a_crew_waits_for_and_drops_the_rest(tmp_path):
    started = [tmp_path / str(number) for number in range(5)]
    interrupt_when(lambda: [pids(path) for path in started[:2]])
    with pytest.raises(KeyboardInterrupt), crew(2) as threads:
        list(threads.map(family, started))
    assert all(gone(pid) for path in started[:2] for pid in pids(path))
    assert not any(path.exists() for path in started[2:])


def test_a_crew_within_a_crew_ends_with_it(tmp_path):
    def inner(path):
        with crew(1) as threads:
            return list(threads.map(family, [path]))

    interrupt_when(lambda: pids(tmp_path / "pids"))
    with pytest.raises(KeyboardInterrupt), crew(1) as threads:
        list(threads.map(inner, [tmp_path / "pids"]))
    assert all(gone(pid) for pid in pids(tmp_path / "pids"))


def test_one_that_fails_ends_the_others(tmp_path):
    def fail(_):
        pids(tmp_path / "pids")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"), crew(2) as threads:
        threads.submit(family, tmp_path / "pids")
        threads.submit(fail, None).result()
    assert all(gone(pid) for pid in pids(tmp_path / "pids"))


def test_a_crew_that_has_ended_starts_nothing_that_lasts(tmp_path):
    ended = threading.Event()

    def late():
        ended.wait()
        with ended_with_the_wait(lambda: (tmp_path / "ended").write_text("")):
            pass

    with pytest.raises(ZeroDivisionError), crew(1) as threads:
        threads.submit(late)
        threading.Timer(0.2, ended.set).start()
        1 / 0  # noqa: B018
    assert (tmp_path / "ended").exists()


def test_a_job_of_yosys_ends_with_the_wait(tmp_path):
    (tmp_path / "job.sh").write_text(f"echo $$ $$ '' > {tmp_path}/pids; exec sleep 60")
    interrupt_when(lambda: pids(tmp_path / "pids"))
    with pytest.raises(KeyboardInterrupt):
        run_yosys(f"exec -- sh {tmp_path}/job.sh")
    assert all(gone(pid) for pid in pids(tmp_path / "pids"))
    assert run_yosys("log again").endswith("again\n")


def test_what_stays_in_the_group_of_its_parent():
    script = (
        "import os; from softgate.support.programs import run_program, stay_in_this_group as stay; stay(); "
        "print(os.getpgid(0), run_program(['sh', '-c', 'ps -o pgid= -p $$']).stdout)"
    )
    ours, theirs = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert ours == theirs
