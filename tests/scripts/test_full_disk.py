"""Every command on a disk without room: exit code 2, a sentence that names what could not be written, nothing left."""

import re
import shutil
import subprocess
import tempfile

import numpy as np
import pytest
from made_sweeps import make_point, make_sweep

from softgate import design

pytestmark = pytest.mark.tools

GRID = """
[grid]
function = "hard_logistic"
formats = ["SQ3.2", "UQ0.4"]
interface = "comb"
"""


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    """A disk of 256 KiB, which takes the right to mount one."""
    folder = tmp_path_factory.mktemp("disk")
    if shutil.which("mount") is None:
        pytest.skip("there is no program to mount a disk with")
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def leave(disk):
    """Fill the disk but for some bytes; what is on it but for that is what a command left."""

    def fill(room):
        size = 0
        with (disk / "filling").open("wb", buffering=0) as file:
            try:
                while written := file.write(bytes(4096)):
                    size += written
            except OSError:
                pass
            file.truncate(max(size - room, 0))
        return disk

    yield fill
    for path in disk.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture(scope="module")
def units(tmp_path_factory):
    folder = tmp_path_factory.mktemp("units")
    design("hard_tanh", "SQ2.2", "SQ1.3").emit(folder, name="unit", interface="stream")
    np.save(folder / "in.npy", np.zeros(50_000))
    (folder / "grid.toml").write_text(GRID)
    done = [(make_point(segments=number), (100, {1: 90.0, 2: 91.0})) for number in (1, 2)]
    make_sweep(folder / "sweep", done)
    return folder


def left(disk):
    return [path.name for path in disk.iterdir() if path.name != "filling"]


def refused(result, disk):
    """Whether a command said that there is no room, on that disk, and no more."""
    code, out, err = result
    *progress, complaint = err.splitlines()
    assert all(re.search(r", after \d+ s$", line) for line in progress)
    assert re.fullmatch(rf"Error: cannot use '{disk}[^']*': No space left on device", complaint), err
    assert (code, out) == (2, "")
    return True


TOOLS = {
    "check": ["check", "unit.json"],
    "prove": ["prove", "unit.json"],
    "synth": ["synth", "unit.json", "--no-route"],
    "simulate": ["simulate", "unit.json", "--simulator", "icarus"],
}


@pytest.mark.parametrize("room", [4096, 20_480])
@pytest.mark.parametrize("command", TOOLS)
def test_no_room_for_temporary_files_is_not_the_units_fault(run, leave, units, monkeypatch, tmp_path, command, room):
    if command == "simulate" and shutil.which("iverilog") is None:
        pytest.skip("Icarus Verilog is not installed")
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path))
    monkeypatch.chdir(units)
    disk = leave(room)
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    assert refused(run(*TOOLS[command]), disk)
    assert left(disk) == []


def test_a_cache_without_room_changes_nothing(run, leave, units, monkeypatch):
    disk = leave(8192)
    monkeypatch.setenv("SOFTGATE_CACHE", str(disk))
    monkeypatch.chdir(units)
    assert run("check", "unit.json")[0] == 0
    assert left(disk) == []


WRITERS = {
    "emit": ["emit", "hard_tanh", "-i", "SQ3.5", "-o", "SQ1.7", "--vectors", "--out", "{}/a/b"],
    "eval": ["eval", "unit.json", "in.npy", "{}/out.npy"],
    "svg": ["show", "unit.json", "--svg", "{}/unit.svg"],
    "png": ["show", "unit.json", "--plot", "{}/unit.png"],
    "csv": ["export", "sweep", "{}/table.csv"],
    "parquet": ["export", "sweep", "{}/table.parquet"],
    "plot": ["plot", "sweep", "--out", "{}/a/b"],
    "sweep": ["sweep", "grid.toml", "--out", "{}/a/b", "--no-route", "--jobs", "1"],
}


@pytest.mark.parametrize(
    ("command", "room"),
    # A drawing and a table of two lines fit into 4096 bytes.
    [(name, room) for name in WRITERS for room in (0, 4096) if not room or name not in ("svg", "csv")],
)
def test_no_room_for_what_is_written_leaves_nothing(run, leave, units, monkeypatch, command, room):
    if command == "parquet":
        pytest.importorskip("pyarrow")
    if command in ("png", "plot"):
        pytest.importorskip("matplotlib")
    monkeypatch.chdir(units)
    disk = leave(room)
    assert refused(run(*(argument.format(disk) for argument in WRITERS[command])), disk)
    assert left(disk) == []


def test_a_sweep_without_room_for_temporary_files_blames_no_point(run, leave, units, monkeypatch, tmp_path):
    from softgate.explore.sweep.store import open_store

    monkeypatch.chdir(units)
    disk = leave(20_480)
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    assert refused(run("sweep", "grid.toml", "--out", tmp_path / "out", "--no-route", "--jobs", "1"), disk)
    with open_store(tmp_path / "out") as store:
        assert set(store.counts()) <= {"waiting", "emitted"}
    assert left(disk) == []
