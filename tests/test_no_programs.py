import contextlib
import multiprocessing
import os
import subprocess
import sys

import no_programs
import pytest

WAYS = {
    "subprocess": lambda: subprocess.run(["true"], check=True),
    "a shell": lambda: os.system("true"),
    "spawn": lambda: os.waitpid(os.posix_spawn(sys.executable, [sys.executable, "-c", ""], os.environ), 0),
    "multiprocessing": lambda: finish(multiprocessing.get_context("spawn").Process(target=os.getpid)),
    "fork": lambda: finish(multiprocessing.get_context("fork").Process(target=os.getpid)),
}


def finish(process):
    process.start()
    process.join()


@pytest.mark.parametrize("way", WAYS)
def test_without_a_mark_no_program_starts(way):
    with pytest.raises(pytest.fail.Exception, match=r"starts a program, .*: mark it with pytest\.mark\.tools"):
        WAYS[way]()
    assert len(no_programs.refused()) == 1


def test_what_is_swallowed_is_known():
    with contextlib.suppress(BaseException):
        subprocess.run(["true"], check=True)
    assert no_programs.refused() == ["true"]


def test_fonts_may_be_listed():
    with pytest.raises(FileNotFoundError):
        subprocess.run(["/nowhere/fc-list"], check=True)
    assert no_programs.refused() == []


@pytest.mark.tools
@pytest.mark.parametrize("way", WAYS)
def test_with_a_mark_it_does(way):
    WAYS[way]()
    assert no_programs.refused() == []


@pytest.mark.browser
def test_a_browser_may_start_too():
    assert subprocess.run(["true"], check=True).returncode == 0
