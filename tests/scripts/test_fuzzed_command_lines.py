"""Whatever is written on the command line: no traceback, exit code 0, 1 or 2, one sentence, and nothing half-done."""

from __future__ import annotations

import pytest
from command_lines import command_lines, furnish, listing, one_thing_odd

from softgate import design

RAW = (
    "Traceback",
    " object at 0x",
    "NoneType",
    "unsupported operand",
    "__init__",
    "unexpected keyword",
    "has no attribute",
)
"""What the messages of Python and numpy have in them, and ours have not."""


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unit")
    design("tanh", "SQ3.2", "SQ1.4").emit(folder, name="u")
    return folder


@pytest.fixture
def faults(run, unit, tmp_path, monkeypatch):
    """Run lines, and return what is wrong with how they end."""

    def collect(lines):
        folder = tmp_path / "cwd"
        furnish(folder, unit)
        monkeypatch.chdir(folder)
        before, found = listing(folder), []
        for line in lines:
            try:
                code, out, err = run(*line)
            except Exception as error:
                found.append((line, f"{type(error).__name__}: {error}"))
                continue
            after = listing(folder)
            sentences = [each for each in err.splitlines() if each.startswith("Error: ")]
            if code not in (0, 1, 2):
                found.append((line, f"exit code {code}"))
            elif any(raw in err + out for raw in RAW):
                found.append((line, err or out))
            elif code == 2 and (len(sentences) != 1 or err.splitlines()[-1] != sentences[0]):
                found.append((line, f"not one sentence: {err}"))
            elif code != 0 and before != after:
                found.append((line, f"left {sorted(set(after) ^ set(before))} or changed a file"))
            if before != after:
                furnish(folder, unit)
                monkeypatch.chdir(folder)
                before = listing(folder)
        return found

    return collect


def test_one_thing_odd(faults):
    assert faults(list(one_thing_odd())[::3]) == []


def test_some_command_lines(faults):
    assert faults(command_lines(1, 60)) == []


@pytest.mark.tools
@pytest.mark.slow
def test_every_odd_thing(faults):
    assert faults(one_thing_odd()) == []


@pytest.mark.tools
@pytest.mark.slow
def test_many_command_lines(faults):
    assert faults(command_lines(2, 1500)) == []
