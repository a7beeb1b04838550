"""A process that does calls for a `LocalExecutor`: ``python -m softgate.explore.sweep.worker DESCRIPTOR SCRATCH``.

The descriptor is that of a connection on which calls arrive, each a function with its arguments, and answers go back.
Temporary files, those of the tools included, are in the folder SCRATCH, which goes when the process ends.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from ...support.programs import stay_in_this_group


def main(descriptor: int, scratch: str) -> None:
    """Do calls until the other end of the connection is closed; then end at once, with all tools that run here."""
    connection = Connection(descriptor)
    calls: SimpleQueue[Any] = SimpleQueue()
    stay_in_this_group()
    os.environ["TMPDIR"] = tempfile.tempdir = scratch
    signal.signal(signal.SIGTERM, lambda *_: None)  # child processes do not inherit it

    def receive() -> None:
        try:
            while True:
                calls.put(connection.recv())
        except (EOFError, OSError):
            os.killpg(os.getpid(), signal.SIGTERM)
            shutil.rmtree(scratch, ignore_errors=True)
            os.killpg(os.getpid(), signal.SIGKILL)

    threading.Thread(target=receive, daemon=True).start()
    while True:
        function, arguments, options = calls.get()
        try:
            answer = (True, function(*arguments, **options))
        except Exception as error:
            answer = (False, _sendable(error))
        with contextlib.suppress(OSError):  # a closed connection is handled above
            connection.send(answer)


def _sendable(error: Exception) -> Exception:
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
