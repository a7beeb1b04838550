import operator
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from softgate.explore.sweep.workers import LocalExecutor, WorkerDiedError, local_workers
from softgate.support.tools import MissingToolError, ToolError, require_program

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def executor():
    with LocalExecutor(2) as executor:
        yield executor


def gone(pid):
    """Return whether a process has ended, within a few seconds."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_calls_are_answered(executor):
    assert executor.submit(operator.add, 2, b=3).exception().__class__ is TypeError
    assert list(executor.map(pow, range(20), [2] * 20)) == [n * n for n in range(20)]


def test_the_processes_are_others(executor):
    pids = {future.result() for future in [executor.submit(os.getpid) for _ in range(20)]}
    assert 1 <= len(pids) <= 2
    assert os.getpid() not in pids
    assert all(os.getpgid(pid) == pid for pid in pids)


def test_an_error_comes_back_as_it_is(executor):
    with pytest.raises(ValueError, match="invalid literal for int"):
        executor.submit(int, "x").result()
    with pytest.raises(MissingToolError, match=r"^iverilog9 was not found: install the package") as error:
        executor.submit(require_program, "iverilog9", "iverilog").result()
    assert error.value.tool == "iverilog9"
    with pytest.raises(AttributeError):
        executor.submit(operator.attrgetter("x"), None).result()


@pytest.mark.parametrize(("code", "status"), [(0, 0), (3, 3)])
def test_a_process_that_ends_takes_only_its_own_call_with_it(executor, code, status):
    others = [executor.submit(time.sleep, 0.3) for _ in range(3)]
    dying = executor.submit(os._exit, code)
    others += [executor.submit(abs, -1) for _ in range(5)]
    with pytest.raises(WorkerDiedError, match=f"its process ended with status {status}"):
        dying.result()
    assert [future.result() for future in others] == [None] * 3 + [1] * 5


def test_a_process_that_is_killed(executor):
    pid = executor.submit(os.getpid).result()
    sleeping = [executor.submit(time.sleep, 0.5) for _ in range(2)]
    time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    assert sorted(type(future.exception()).__name__ for future in sleeping) == ["NoneType", "WorkerDiedError"]
    assert executor.submit(abs, -1).result() == 1


def test_what_a_process_has_started_ends_with_it():
    with local_workers(1) as workers:
        submit = workers.executor.submit
        pid, scratch = submit(os.getpid).result(), submit(tempfile.gettempdir).result()
        sleeping = submit(subprocess.run, ["sleep", "60"])
        children = []
        while not children:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(WorkerDiedError, match="its process ended with status -9"):
            sleeping.result()
        assert all(gone(int(child)) for child in children)
        assert not Path(scratch).exists()
        assert submit(abs, -1).result() == 1


def test_kill_ends_everything_at_once():
    with local_workers(2) as workers:
        assert workers.capacity() == 3
        pids = [workers.executor.submit(os.getpid).result()]
        scratch = workers.executor.submit(tempfile.gettempdir).result()
        assert Path(scratch).is_dir()
        sleeping = [workers.executor.submit(subprocess.run, ["sleep", "60"]) for _ in range(5)]
        time.sleep(0.5)
        children = Path(f"/proc/{pids[0]}/task/{pids[0]}/children").read_text().split()
        assert children
        start = time.perf_counter()
    assert time.perf_counter() - start < 5
    for future in sleeping:
        assert future.done()
        with pytest.raises((WorkerDiedError, CancelledError)):
            future.result()
    assert all(gone(int(pid)) for pid in [*pids, *children])
    assert not Path(scratch).exists()
    with pytest.raises(RuntimeError):
        workers.executor.submit(abs, 1)


PARENT = """
import os, subprocess, sys, tempfile
from softgate.explore.sweep.workers import LocalExecutor

executor = LocalExecutor(1)
print(executor.submit(os.getpid).result(), executor.submit(tempfile.gettempdir).result(), flush=True)
executor.submit(subprocess.run, ["sleep", "60"]).result()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_do_not_outlive_their_parent(how):
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        pid, scratch = parent.stdout.readline().split()
        children = []
        while not children:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        parent.send_signal(how)
    assert all(gone(int(process)) for process in [pid, *children])
    assert not Path(scratch).exists()


def test_no_scheduler_is_told():
    pytest.importorskip("distributed")
    from softgate.explore.sweep.workers import dask_workers

    with pytest.raises(ToolError, match="there is no Dask scheduler at 'nonsense://x'"), dask_workers("nonsense://x"):
        pass


def test_dask_that_is_not_installed_is_named(monkeypatch):
    from softgate.explore.sweep.workers import dask_workers

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingToolError, match=r'pip install "softgate\[dask\]"'), dask_workers("tcp://localhost:1"):
        pass
