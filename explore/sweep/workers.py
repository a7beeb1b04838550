"""The workers of a sweep: processes of this machine or a Dask cluster, as a `concurrent.futures.Executor`.

Decision 010 says why softgate has its own executor for this machine.
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
"""Seconds to wait for a scheduler, and for a process to end by itself."""


class WorkerDiedError(BrokenExecutor):
    """The process that ran a call ended before it answered; the executor goes on with a new one."""


@dataclass(frozen=True)
class Workers:
    """An executor, and the number of calls to submit at a time: a few more than it has workers, to keep all busy."""

    executor: Executor
    capacity: Callable[[], int]


@contextmanager
def local_workers(jobs: int) -> Iterator[Workers]:
    """Yield `jobs` processes of this machine, which are killed at the end of the block."""
    executor = LocalExecutor(jobs)
    try:
        yield Workers(executor, lambda: jobs + 1)
    finally:
        executor.kill()


@contextmanager
def dask_workers(address: str) -> Iterator[Workers]:
    """Yield the Dask cluster with the scheduler at `address`; its workers, which need softgate, may come and go.

    Raises
    ------
    MissingToolError
        If Dask is not installed.
    ToolError
        If the scheduler does not answer.

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
        """Call a function of an importable module; raise `WorkerDiedError` if the process dies during it."""
        return self._threads.submit(self._call, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End; with `wait`, after all submitted calls are done."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        if wait:
            self.kill()

    def kill(self) -> None:
        """End at once; unfinished calls fail."""
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
        """Do a call in this thread's process."""
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
        """Tell the process to end, and the waiting thread that no answer will come."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def wait(self) -> None:
        """Wait for the end of the process, and end everything that it started."""
        if self.status is not None:
            return
        end = os.pidfd_open(self._process.pid)
        select.select([end], [], [], _PATIENCE)
        os.close(end)
        # The process has not been waited for, even if it has ended, so that its group number is not reused.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def close(self) -> None:
        """Close the connection, once no thread waits for an answer."""
        self._connection.close()
        self._socket.close()
