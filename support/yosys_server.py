"""A server process that has Yosys loaded and forks for every job.

Loading pyosys takes longer than most scripts. The server does it once and nothing else: it has one thread and no state,
so that each of its forks is equivalent to a fresh process.
"""

from __future__ import annotations

import atexit
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import IO

from .programs import end, ended_with_the_wait, start
from .tools import ToolError

__all__ = ["run_job"]

_SERVER = """
import ctypes, os, signal, socket, sys
sys.path.insert(0, sys.argv[1])
from pyosys import libyosys
libc = ctypes.CDLL(None)
client = socket.socket(fileno=int(sys.argv[2]))
while True:
    folder, files, _, _ = socket.recv_fds(client, 1 << 16, 3)
    if not folder:
        break
    job = os.fork()
    if job == 0:
        libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: a job ends with its server
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.chdir(folder)
        os.environ["TMPDIR"] = os.getcwd()  # what a job that is ended leaves behind goes with its folder
        for command in sys.stdin.read().splitlines():
            libyosys.run_pass(command)
        libc.fflush(None)
        os._exit(0)  # to take Yosys down in order takes longer than most scripts do
    for file in files:
        os.close(file)
    status = os.waitstatus_to_exitcode(os.waitpid(job, 0)[1])
    try:
        client.sendall(str(status).encode())
    except OSError:  # nobody waits for it any more
        break
"""


def run_job(script: str, folder: Path, pyosys: Path) -> tuple[int, str, str]:
    """Run Yosys commands, one a line, in a folder; return exit status, standard output and standard error.

    `pyosys` is the folder of that package.
    """
    idle = _idle()
    server = idle.pop() if idle else _Server(pyosys)
    if not server.alive:
        server.stop()
        server = _Server(pyosys)
    with ended_with_the_wait(server.stop):  # it may still be running a job
        result = server.run(script, folder)
    idle.append(server)
    return result


class _Server:
    """A running server, for one job at a time."""

    def __init__(self, pyosys: Path) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # -I and -S keep the site's start-up hooks and the user's environment out; the argument brings pyosys back in.
        command = [sys.executable, "-I", "-S", "-c", _SERVER, str(pyosys.parent), str(theirs.fileno())]
        with theirs:
            self._process = start(command, pass_fds=[theirs.fileno()])

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def run(self, script: str, folder: Path) -> tuple[int, str, str]:
        with (
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as said,
            tempfile.TemporaryFile() as complained,
        ):
            given.write(script.encode())
            given.seek(0)
            files: list[IO[bytes]] = [given, said, complained]
            socket.send_fds(self._socket, [os.fsencode(folder)], [file.fileno() for file in files])
            status = self._socket.recv(64)
            for file in (said, complained):
                file.seek(0)
            if not status:
                raise ToolError("the process that runs Yosys was ended")
            return int(status), said.read().decode(errors="replace"), complained.read().decode(errors="replace")

    def stop(self) -> None:
        end(self._process)
        self._process.wait()
        self._socket.close()


_servers: dict[int, list[_Server]] = {}


def _idle() -> list[_Server]:
    """Return the idle servers of this process; a fork of it must not use those of its parent."""
    return _servers.setdefault(os.getpid(), [])


@atexit.register
def _stop_all() -> None:
    while idle := _idle():
        idle.pop().stop()
