import csv
import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest
from quiet import without_progress

from softgate.explore.sweep.store import open_store

pytestmark = pytest.mark.tools

SOFTGATE = Path(sysconfig.get_path("scripts"), "softgate")

GRID = """
[[grid]]
function = "hard_logistic"
formats = ["SQ3.2", "UQ0.4"]
variant = ["taylor", "keras3"]
interface = "comb"

[[grid]]
function = "tanh"
formats = ["SQ3.2", "SQ1.3"]
degree = 1
segments = 1
max_error = "0.5ulp"
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A finished sweep: two points done, and one that cannot be."""
    folder = tmp_path_factory.mktemp("swept")
    (folder / "grid.toml").write_text(GRID)
    command = [SOFTGATE, "sweep", "grid.toml", "--out", "out", "--no-route", "--jobs", "1"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "3 points in out: 2 done, 1 infeasible\n")
    assert without_progress(result.stderr) == ""
    return folder


def test_what_is_done_is_not_done_again(run, swept):
    arguments = ("sweep", swept / "grid.toml", "--out", swept / "out", "--no-route")
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {"points": 3, "done": 2, "infeasible": 1}


def test_the_rows(swept):
    with open_store(swept / "out") as store:
        first, second, third = store.rows()
        assert store.manifest(first).verilog_sha256 == first.verilog_sha256
        assert "module hard_logistic" in store.verilog(second)
        assert store.grid == GRID
    assert [row.parameters["variant"] for row in (first, second)] == ["taylor", "keras3"]
    assert first.luts == first.resources["LUT4"] + 2 * first.resources["CCU2C"] > 0
    assert 0 < second.error["max_ulp"] < 1
    assert third.status == "infeasible"
    assert third.reason.startswith("no taylor unit of tanh, SQ3.2 to SQ1.3, meets an error of 0.5ulp")


def test_csv(run, swept, tmp_path):
    assert run("export", swept / "out", tmp_path / "rows.csv") == (0, f"{tmp_path / 'rows.csv'}: 3 points\n", "")
    with (tmp_path / "rows.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with open_store(swept / "out") as store:
        kept = list(store.rows())
    assert [row["name"] for row in rows] == [row.name for row in kept]
    assert [row["parameters.variant"] for row in rows] == ["taylor", "keras3", ""]
    assert rows[1]["error.worst_input.code"] == str(kept[1].error["worst_input"]["code"])
    assert float(rows[1]["error.max_ulp"]) == kept[1].error["max_ulp"]
    assert int(rows[0]["resources.LUT4"]) == kept[0].resources["LUT4"]
    assert rows[2]["reason"] == kept[2].reason
    assert rows[2]["luts"] == rows[2]["fmax"] == ""


def test_parquet(run, swept, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    assert run("export", swept / "out", tmp_path / "rows.parquet")[0] == 0
    rows = parquet.read_table(tmp_path / "rows.parquet").to_pylist()
    with open_store(swept / "out") as store:
        wanted = [row.flat() for row in store.rows()]
    assert [{key: row[key] for key in want} for row, want in zip(rows, wanted, strict=True)] == wanted
    assert rows[2]["luts"] is None
    assert rows[0]["error.monotonic"] is True


def test_parquet_that_cannot_be_written_is_told(run, swept, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    message = 'Error: pyarrow was not found: install it with: pip install "softgate[parquet]".\n'
    assert run("export", swept / "out", tmp_path / "rows.parquet") == (2, "", message)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("folder", "target", "message"),
    [
        ("out", "rows.txt", "a table is written as .csv or .parquet, not as 'rows.txt'"),
        ("none", "rows.csv", "there is no sweep in 'none'; start one with softgate sweep GRID --out none"),
        ("out", "none/rows.csv", "cannot use 'none/rows.csv': No such file or directory"),
    ],
)
def test_exports_that_are_refused(run, swept, monkeypatch, folder, target, message):
    monkeypatch.chdir(swept)
    before = sorted(swept.iterdir())
    assert run("export", folder, target) == (2, "", f"Error: {message}\n")
    assert sorted(swept.iterdir()) == before


def test_a_grid_that_has_changed(run, swept, tmp_path):
    (tmp_path / "grid.toml").write_text(GRID.partition('\n[[grid]]\nfunction = "tanh"')[0])
    arguments = ("sweep", tmp_path / "grid.toml", "--out", swept / "out", "--no-route")
    assert run(*arguments) == (0, f"2 points in {swept / 'out'}: 2 done\n", "")
    assert run("export", swept / "out", tmp_path / "rows.csv")[1].endswith(": 2 points\n")
    assert run("export", swept / "out", tmp_path / "rows.csv", "--all")[1].endswith(": 3 points\n")
    assert run("sweep", swept / "grid.toml", "--out", swept / "out", "--no-route")[0] == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--jobs", "2", "--dask", "tcp://x:1"], "--jobs are processes of this machine, and --dask works elsewhere"),
        (["--no-route", "--seed", "1"], "--seed is for place and route, which --no-route leaves out"),
        (["--jobs", "0"], "0 is not in the range"),
    ],
)
def test_options_that_exclude_each_other(run, swept, tmp_path, options, message):
    code, out, err = run("sweep", swept / "grid.toml", "--out", tmp_path / "out", *options)
    assert (code, out) == (2, "")
    assert message in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[grid]\nfunction = 'tahn'\nformats = ['SQ3.2', 'SQ1.3']",
            "grid: there is no function 'tahn'; did you mean tanh?",
        ),
        ("[grid", "is not TOML"),
        (None, "No such file or directory"),
    ],
)
def test_a_wrong_grid_ends_it_before_anything_is_begun(run, tmp_path, text, message):
    path = tmp_path / "grid.toml"
    if text is not None:
        path.write_text(text)
    code, out, err = run("sweep", path, "--out", tmp_path / "out")
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert str(path) in err
    assert message in err
    assert err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_told(run, swept):
    import fcntl

    held = os.open(swept / "out", os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        code, out, err = run("sweep", swept / "grid.toml", "--out", swept / "out", "--no-route")
    finally:
        os.close(held)
    assert (code, out) == (2, "")
    assert err == f"Error: a sweep is running in '{swept / 'out'}'; wait for it, or choose another --out\n"


def test_a_failed_point_is_exit_code_1(run, swept, tmp_path, monkeypatch):
    from collections import Counter

    monkeypatch.setattr("softgate.explore.sweep.run.run_sweep", lambda *_, **__: Counter(done=2, failed=1))
    code, out, _ = run("sweep", swept / "grid.toml", "--out", tmp_path / "out", "--no-route")
    assert (code, out) == (1, f"3 points in {tmp_path / 'out'}: 2 done, 1 failed\n")


def test_an_interrupt_stops_at_once_and_says_how_to_go_on(tmp_path):
    (tmp_path / "grid.toml").write_text(GRID.replace('"SQ3.2", "UQ0.4"', '"SQ4.12", "UQ0.16"'))
    command = [SOFTGATE, "sweep", "grid.toml", "--out", "out", "--no-route", "--jobs", "2"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not (tmp_path / "out" / "sweep.sqlite").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        start = time.monotonic()
        out, err = process.communicate(timeout=60)
    assert time.monotonic() - start < 10
    assert (process.returncode, out) == (130, "")
    assert without_progress(err) == "stopped; what is done is in out, and the same command goes on from there\n"
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "3 points in out: 2 done, 1 infeasible\n")
