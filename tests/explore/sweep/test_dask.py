"""Sweeps on a Dask cluster of this machine, with a worker that is killed in the middle."""

import logging
import os
import signal
import threading

import pytest

from benchmarks.sweeps import table
from softgate.explore.sweep.grid import read_grid
from softgate.explore.sweep.run import run_sweep
from softgate.explore.sweep.workers import dask_workers, local_workers
from softgate.support.tools import ToolError

distributed = pytest.importorskip("distributed")

GRID = """
[grid]
function = "hard_logistic"
formats = [["SQ3.2", "UQ0.4"], ["SQ3.3", "UQ0.5"]]
variant = ["taylor", "keras2"]
interface = ["comb", "pipeline"]
target = "gatemate"
"""

# Dask's own resources are not what is tested here.
pytestmark = [
    pytest.mark.tools,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def cluster():
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=logging.CRITICAL
    ) as cluster:
        yield cluster


@pytest.fixture
def grid(tmp_path):
    (tmp_path / "grid.toml").write_text(GRID)
    return read_grid(tmp_path / "grid.toml", seeds=())


def test_a_worker_that_is_killed_costs_nothing(cluster, grid, tmp_path):
    with local_workers(1) as workers:
        assert run_sweep(grid, tmp_path / "local", workers) == {"done": 8}
    killed = []

    def kill_one(counts):
        if counts["done"] >= 2 and not killed:
            pid = next(iter(cluster.workers.values())).pid
            killed.append(pid)
            os.kill(pid, signal.SIGKILL)

    with dask_workers(cluster.scheduler_address) as workers:
        assert workers.capacity() == 5
        assert run_sweep(grid, tmp_path / "dask", workers, progress=kill_one) == {"done": 8}
    assert killed
    assert table(tmp_path / "dask") == table(tmp_path / "local")


def test_a_cluster_that_goes_away_is_told_and_the_sweep_goes_on_elsewhere(cluster, grid, tmp_path):
    closed = []

    def close(counts):
        if counts["done"] >= 1 and not closed:
            closed.append(threading.Thread(target=cluster.close))
            closed[0].start()

    with (
        pytest.raises(ToolError, match="the workers are gone"),
        dask_workers(cluster.scheduler_address) as workers,
    ):
        run_sweep(grid, tmp_path, workers, progress=close)
    closed[0].join()
    done = len(table(tmp_path))
    assert 1 <= done < 8
    with local_workers(1) as workers:
        assert run_sweep(grid, tmp_path, workers) == {"done": 8}
