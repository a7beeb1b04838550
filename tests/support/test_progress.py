import io
import os
import pty
import subprocess
import sys
import time

import pytest

from softgate.support import progress
from softgate.support.progress import watched, working


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(progress, "_SILENCE", 0.1)
    monkeypatch.setattr(progress, "_LONGEST_SILENCE", 0.25)


def test_what_is_quick_is_done_in_silence(capsys):
    with working("thinking") as at:
        at.at("thinking hard")
        at.done(0.5)
    assert capsys.readouterr() == ("", "")


def test_what_takes_long_says_so_and_what_it_is_at(capsys, hasty):
    with working("thinking") as at:
        while not (before := capsys.readouterr().err):
            time.sleep(0.01)
        at.at("writing")
        at.done(0.5)
        time.sleep(0.8)
    out, err = capsys.readouterr()
    others = err.splitlines()
    assert (out, before) == ("", "thinking, after 0 s\n")
    assert all(line.startswith("writing, 50%, after ") for line in others)
    assert others


def test_items_are_yielded_and_a_slow_one_says_which_it_is(capsys, hasty):
    def slow_second():
        yield "quick"
        time.sleep(0.5)
        yield "slow"

    assert list(watched("measuring", slow_second())) == ["quick", "slow"]
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == ""
    assert lines
    assert all(line.startswith("measuring, row 2, after ") for line in lines)


def test_silence_grows_up_to_a_limit(monkeypatch):
    waits = []

    class Over:
        def wait(self, seconds):
            waits.append(seconds)
            return len(waits) == 9

        def set(self):
            pass

    monkeypatch.setattr(progress, "Event", Over)
    monkeypatch.setattr(progress.click, "echo", lambda *_, **__: None)
    with working("thinking"):
        time.sleep(0.2)
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_an_error_ends_it(capsys, hasty):
    with pytest.raises(ZeroDivisionError), working("thinking"):
        1 / 0  # noqa: B018
    time.sleep(0.3)
    assert capsys.readouterr().err == ""


@pytest.mark.tools
@pytest.mark.parametrize(("terminal", "drawn"), [("xterm", True), ("dumb", False)])
def test_a_terminal_shows_a_bar_at_once(terminal, drawn):
    script = (
        "import time; from softgate.support.progress import working\n"
        "with working('thinking [hard]') as at: at.done(0.25); time.sleep(0.5)"
    )
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": terminal, "COLUMNS": "80"}
    subprocess.run([sys.executable, "-c", script], stderr=follower, env=environment, check=True)
    os.close(follower)
    said = b""
    with io.FileIO(leader) as file:
        try:
            while block := file.read(4096):
                said += block
        except OSError:  # that is how a terminal ends
            pass
    assert (b"thinking [hard]" in said) == drawn
    assert (b"\x1b[" in said) == drawn


@pytest.mark.tools
def test_a_real_command_that_takes_long_says_so(tmp_path):
    """Nothing is silent above two seconds: a search that takes many, without a terminal."""
    code = "from softgate.scripts.cli import main; main()"
    arguments = [
        "emit",
        "tanh",
        "-i",
        "SQ4.20",
        "-o",
        "SQ1.22",
        "--max-error",
        "0.5ulp",
        "--out",
        str(tmp_path / "out"),
    ]
    start = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", code, *arguments], stderr=subprocess.PIPE, text=True) as job:
        line = job.stderr.readline()
        waited = time.monotonic() - start
        job.terminate()
        assert job.wait(30) == 143
    assert line.endswith(", after 2 s\n")
    assert waited < 30  # some three seconds on an idle machine: the program has to be loaded first
