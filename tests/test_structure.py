import ast
import shutil
import subprocess
import sys
import tomllib
import zipfile
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = PYPROJECT["tool"]["setuptools"]["packages"]
OUTSIDE = {"benchmarks", "tests", "docs", "examples", "build", "dist"}

# The rooms from the ground up: each may import those below it, and its own modules (decision 029).
ROOMS = ["support", "functions", "plan", "accuracy", "methods", "sim/golden", "hdl", "sim", "explore", "ml", "scripts"]

# Rooms that may import less than that; and what the root, which is not a room, may import.
FEWER = {
    "functions": {"support"},
    "plan": {"support"},
    "sim/golden": {"support", "plan"},
    "hdl": {"support", "functions", "plan", "accuracy", "methods"},
    "": {"accuracy", "plan", "sim/golden", "explore"},
    "scripts": {"", *ROOMS},
}


def folder_of(package):
    return ROOT.joinpath(*package.split(".")[1:])


def python_files():
    return sorted(path for package in PACKAGES for path in folder_of(package).glob("*.py"))


def imported_parts(path):
    """Return the parts of softgate that a file imports from, by the names of their folders."""
    package = ["softgate", *path.relative_to(ROOT).parts[:-1]]
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            names |= {f"{origin}.{alias.name}" for alias in node.names}
    inside = [name.split(".")[1:] for name in names if name.partition(".")[0] == "softgate"]
    return {room_of(parts) for parts in inside}


def room_of(parts):
    """Return the room of a module or folder, given by the parts of its name; that of the root is empty."""
    if tuple(parts[:2]) == ("sim", "golden"):
        return "sim/golden"
    return parts[0] if parts and (ROOT / parts[0]).is_dir() else ""


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows(path):
    room = room_of(path.relative_to(ROOT).parts[:-1])
    below = set(ROOMS[: ROOMS.index(room)]) if room else set()
    assert imported_parts(path) <= FEWER.get(room, below) | {room}


def imported_modules(path, modules):
    """Return the modules, out of these, that a file imports from, wherever in it."""
    package = ["softgate", *path.relative_to(ROOT).parts[:-1]]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            origin = ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])
            names = {f"{origin}.{alias.name}" for alias in node.names}
            found |= {name if name in modules else origin for name in names}
    return found & modules.keys()


@pytest.mark.parametrize("depth", [2, 3, 4, 9])
def test_no_circles(depth):
    """Neither among modules nor among folders, seen from any floor."""
    modules = {module_of(path): path for path in python_files()}
    above = {}
    for module, path in modules.items():
        place = cut_off(module, depth)
        for other in imported_modules(path, modules):
            above.setdefault(place, set()).update({cut_off(other, depth)} - {place, "softgate"})
    TopologicalSorter(above).prepare()


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(["softgate", *(parts[:-1] if parts[-1] == "__init__" else parts)])


def cut_off(module, depth):
    return ".".join(module.split(".")[:depth])


def test_plans_need_no_gateware():
    rooms = ["functions", "plan", "accuracy", "methods"]
    for path in [
        *(path for room in rooms for path in (ROOT / room).rglob("*.py")),
        *(ROOT / "sim" / "golden").glob("*.py"),
    ]:
        tree = ast.parse(path.read_text())
        imports = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        imports += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
        outside = {name.partition(".")[0] for name in imports} - sys.stdlib_module_names
        assert outside <= {"numpy", "flint"}, path


@pytest.mark.parametrize(
    ("place", "text", "parts"),
    [
        ("sim/check.py", "from ..hdl.unit import Unit", {"hdl"}),
        ("sim/check.py", "from .. import hdl, plan", {"hdl", "plan"}),
        ("sim/engines/compiled.py", "from ..golden.model import golden", {"sim/golden"}),
        ("sim/golden/model.py", "from ..check import check", {"sim"}),
        ("methods/hard.py", "from ..plan.formats import FixedFormat", {"plan"}),
        ("methods/tables/entries.py", "from ..base import Candidate", {"methods"}),
        ("methods/hard.py", "def f():\n    import softgate.hdl.unit", {"hdl"}),
        ("plan/plan.py", "from softgate import hdl", {"hdl"}),
        ("scripts/cli.py", "from .. import create_unit", {""}),
        ("hdl/unit.py", "import numpy\nfrom amaranth.hdl import Module", set()),
    ],
)
def test_how_imports_are_read(monkeypatch, tmp_path, place, text, parts):
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(text)
    for room in ROOMS:
        (tmp_path / room).mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    assert imported_parts(path) == parts


def test_packages_are_the_folders_that_hold_python_files():
    folders = {path.parent.relative_to(ROOT) for path in ROOT.rglob("*.py")}
    inside = {folder for folder in folders if not OUTSIDE & set(folder.parts) and not str(folder).startswith(".v")}
    assert sorted(".".join(["softgate", *folder.parts]) for folder in inside) == sorted(PACKAGES)
    assert all((folder_of(package) / "__init__.py").is_file() for package in PACKAGES)


def package_files():
    """Return every file of the package folders, and of the root what belongs to the package."""
    files = {path.relative_to(ROOT) for path in ROOT.iterdir() if path.suffix == ".py" or path.name == "py.typed"}
    for package in PACKAGES[1:]:
        files |= {path.relative_to(ROOT) for path in folder_of(package).iterdir() if path.is_file()}
    return files


@pytest.mark.tools
def test_the_wheel_holds_every_file_of_the_package(tmp_path):
    pytest.importorskip("build")
    copy = tmp_path / "softgate-main"
    wanted = package_files()
    for path in [*wanted, Path("pyproject.toml"), Path("README.md"), Path("LICENSE")]:
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, copy / path)
    shutil.copytree(ROOT / "tests", copy / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(copy)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = [Path(name) for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    assert sorted(names) == sorted(Path("softgate") / path for path in wanted)
