"""The workers of a sweep: processes of this machine or a Dask cluster, as a `concurrent.futures.Executor`.

Decision 010 says why those of this machine are our own.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from ...support.tools import MissingToolError, ToolError

__all__ = ["LocalExecutor", "WorkerDiedError", "Workers", "dask_workers", "local_workers"]


_PATIENCE = 10
"""Seconds to wait for a scheduler, and for a process that is to end by itself."""


class WorkerDiedError(BrokenExecutor):
    """The process that ran a call ended before it answered; the executor goes on with a new one."""


@dataclass(frozen=True)
class Workers:
    """An executor, and the number of calls to hand it at a time: some more than it has hands, so that none is idle."""

    executor: Executor
    capacity: Callable[[], int]


@contextmanager
def local_workers(jobs: int) -> Iterator[Workers]:
    """Give `jobs` processes of this machine; they are killed at the end of the block, whatever they do."""
    executor = LocalExecutor(jobs)
    try:
        yield Workers(executor, lambda: jobs + 1)
    finally:
        executor.kill()


@contextmanager
def dask_workers(address: str) -> Iterator[Workers]:
    """Give the Dask cluster whose scheduler is at `address`; its workers, which need softgate, may come and go.

    Raises
    ------
    MissingToolError
        If Dask is not installed.
    ToolError
        If there is no scheduler.

    """
    try:
        from distributed import Client
    except ImportError:
        raise MissingToolError("dask.distributed", 'it with: pip install "softgate[dask]"') from None
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ToolError(f"there is no Dask scheduler at {address!r}: {error}") from None
    with client:
        yield Workers(client.get_executor(pure=False), lambda: 1 + 2 * sum(client.nthreads().values()))


class LocalExecutor(Executor):
    """Processes of this machine: like `ProcessPoolExecutor`, but a process that dies takes only its own call with it.

    Every process leads a process group, which ends as one: with `kill`, and also when this process ends in any way.
    Processes are started afresh and do not import the main module of the program.
    """

    def __init__(self, jobs: int) -> None:
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="softgate")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._workers: set[_Worker] = set()
        self._killed = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call a function of an importable module; `WorkerDiedError` is raised where the process dies over it."""
        return self._threads.submit(self._call, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End, with `wait` when all that was submitted is done."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        if wait:
            self.kill()

    def kill(self) -> None:
        """End at once; what was submitted and is not done yet fails."""
        with self._lock:
            self._killed = True
            for worker in self._workers:
                worker.stop()
            for worker in self._workers:
                worker.wait()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def _call(self, *call: Any) -> Any:
        """Have this thread's process do a call."""
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None:
            with self._lock:
                if self._killed:
                    raise WorkerDiedError("the executor was ended")
                worker = self._own.worker = _Worker()
                self._workers.add(worker)
        try:
            good, answer = worker.ask(call)
        except (EOFError, OSError):
            with self._lock:
                worker.stop()
                worker.wait()
                self._workers.discard(worker)
            worker.close()
            self._own.worker = None
            raise WorkerDiedError(f"its process ended with status {worker.status}") from None
        if good:
            return answer
        raise answer


class _Worker:
    """A process that runs `worker`, with a folder of its own for temporary files."""

    def __init__(self) -> None:
        self._scratch = tempfile.mkdtemp(prefix="softgate-")
        self._socket, theirs = socket.socketpair()
        self._connection = Connection(os.dup(self._socket.fileno()))
        module = f"{__package__}.worker"
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, str(theirs.fileno()), self._scratch],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=2,
                process_group=0,
            )

    @property
    def status(self) -> int | None:
        """Exit status, negative for a signal."""
        return self._process.returncode

    def ask(self, call: Any) -> Any:
        self._connection.send(call)
        return self._connection.recv()

    def stop(self) -> None:
        """Tell the process to end, and who waits for an answer that there will be none."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def wait(self) -> None:
        """Wait for the end of the process, and end all that it has started."""
        if self.status is not None:
            return
        end = os.pidfd_open(self._process.pid)
        select.select([end], [], [], _PATIENCE)
        os.close(end)
        # Ended or not, the process is still there to be waited for, so that the group is still its own.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def close(self) -> None:
        """Let go of the connection, once no answer is waited for."""
        self._connection.close()
        self._socket.close()
