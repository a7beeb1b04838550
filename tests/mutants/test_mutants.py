"""Faults planted on purpose, one at a time, in a copy of the package: each must be found by the test that it names.

Decision 024 says why.

The lists are the TOML files beside this one. Each `[[mutant]]` has

* `fault`: the fault in a few words, by which it goes in the names of tests;
* `old` and `new`: a text that occurs exactly once in the package, and what it becomes. No file is named, so that a
  mutant goes with its text when files are moved;
* `test`: the test that must fail, by the name of its function: ``test_name``, ``test_name[case]`` for one of its cases
  alone, or ``test_module::test_name`` where several modules have one of that name.

One whose text is no longer there is an error: whoever changes the text changes the mutant, or finds another.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 300
"""More than any of the tests takes, on a machine that does much else."""


class Mutant(NamedTuple):
    part: str
    fault: str
    old: str
    new: str
    test: str


def planted():
    lists = sorted(Path(__file__).parent.glob("*.toml"))
    return [Mutant(path.stem, **each) for path in lists for each in tomllib.loads(path.read_text())["mutant"]]


MUTANTS = planted()
each_mutant = pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.part}: {mutant.fault}")


@cache
def sources():
    """Return the text of every Python file of the package, and of every target, by its place in the tree."""
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = [ROOT.joinpath(*package.split(".")[1:]) for package in packages]
    paths = [*(path for folder in folders for path in sorted(folder.glob("*.py"))), *ROOT.glob("hdl/targets/*.toml")]
    return {path.relative_to(ROOT): path.read_text() for path in paths}


@cache
def places_of_tests():
    """Return the files that have a test of a name, by the name."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(), re.MULTILINE):
            found.setdefault(name, []).append(path.relative_to(ROOT))
    return found


def place(mutant):
    """Return the file that the mutant changes."""
    (path,) = [path for path, text in sources().items() if mutant.old in text]
    assert sources()[path].count(mutant.old) == 1
    return path


def node(mutant):
    """Return what pytest calls the test of a mutant."""
    module, _, test = mutant.test.rpartition("::")
    (path,) = [path for path in places_of_tests()[test.partition("[")[0]] if module in ("", path.stem)]
    return f"{path}::{test}"


@each_mutant
def test_mutants_are_current(mutant):
    changed = sources()[place(mutant)].replace(mutant.old, mutant.new)
    if place(mutant).suffix == ".py":
        compile(changed, str(place(mutant)), "exec")
    else:
        tomllib.loads(changed)
    assert changed != sources()[place(mutant)]
    assert node(mutant)


def test_faults_are_told_apart():
    assert len({mutant.fault for mutant in MUTANTS}) == len(MUTANTS)
    assert len({(mutant.old, mutant.new) for mutant in MUTANTS}) == len(MUTANTS)


@pytest.fixture(scope="session")
def copy(tmp_path_factory):
    """Return a copy of the tree in a folder called softgate, as it is imported with its parent on the path."""
    root = tmp_path_factory.mktemp("planted") / "softgate"
    wanted = {path.parts[0] for path in sources()} | {"tests", "docs", "examples", "pyproject.toml", "README.md"}
    shutil.copytree(
        ROOT, root, ignore=lambda folder, names: set(names) - wanted if Path(folder) == ROOT else {"__pycache__"}
    )
    # Compiled files that go by the text alone: a mutant may be as long as what it replaces, and as old.
    subprocess.run([sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", root], check=True)
    return root


def run(copy, nodes):
    """Run tests on the copy, until one fails."""
    options = ["-x", "-p", "no:cacheprovider", "--no-header", "--tb=line", "--hypothesis-profile=unshrunk"]
    found = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *nodes],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy.parent), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=SECONDS * len(nodes),
        check=False,
    )
    return found.returncode, found.stdout + found.stderr


@pytest.mark.tools
@pytest.mark.slow
def test_the_copy_is_what_is_tested(copy):
    path = copy / "__init__.py"
    text = path.read_text()
    path.write_text("raise SystemExit('the copy')\n")
    command = [sys.executable, "-c", "import softgate"]
    found = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(copy.parent)}, capture_output=True, text=True, check=False
    )
    path.write_text(text)
    assert found.stderr == "the copy\n"


@pytest.mark.tools
@pytest.mark.slow
def test_nothing_fails_without_a_mutant(copy):
    code, shown = run(copy, sorted({node(mutant) for mutant in MUTANTS}))
    assert code == pytest.ExitCode.OK, shown


@pytest.mark.tools
@pytest.mark.slow
@each_mutant
def test_every_mutant_is_found(copy, mutant):
    path = copy / place(mutant)
    text = path.read_text()
    path.write_text(text.replace(mutant.old, mutant.new))
    try:
        code, shown = run(copy, [node(mutant)])
    finally:
        path.write_text(text)
    assert code == pytest.ExitCode.TESTS_FAILED, shown
