"""A process that does calls for a `LocalExecutor`: ``python -m softgate.explore.sweep.worker DESCRIPTOR``.

The descriptor is that of a connection on which calls arrive, each a function with its arguments, and answers go back.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any


def main(descriptor: int) -> None:
    """Do calls until the other end of the connection is closed."""
    connection = Connection(descriptor)
    calls: SimpleQueue[Any] = SimpleQueue()

    def receive() -> None:
        try:
            while True:
                calls.put(connection.recv())
        except (EOFError, OSError):  # nobody is there any more to answer to: stop in the middle, and the tools as well
            os.killpg(os.getpid(), signal.SIGKILL)

    threading.Thread(target=receive, daemon=True).start()
    while True:
        function, arguments, options = calls.get()
        try:
            answer = (True, function(*arguments, **options))
        except Exception as error:
            answer = (False, _sendable(error))
        connection.send(answer)


def _sendable(error: Exception) -> Exception:
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


if __name__ == "__main__":
    main(int(sys.argv[1]))
