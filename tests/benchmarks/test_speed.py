import sys
from itertools import count
from subprocess import CalledProcessError
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import speed
from benchmarks.speed import machine, measure_speed
from softgate.explore.design import design


@pytest.mark.tools
def test_every_figure_of_small_units(monkeypatch):
    """What is timed runs, with small units in the place of wide ones; so does each process, but for its time."""
    ran = []
    small = {"SQ4.12": "SQ4.2", "SQ4.20": "SQ4.3", "SQ1.15": "SQ1.5", "SQ1.23": "SQ1.6"}
    monkeypatch.setattr(speed, "design", lambda f, x, y, **how: design(f, small.get(x, x), small.get(y, y), **how))
    monkeypatch.setattr(speed, "_emit_many", lambda folder: ran.append("emit many"))
    monkeypatch.setattr(speed, "_process", lambda command, *_: ran.append(command[3]))
    monkeypatch.setattr(speed, "_best", lambda run, times=3: (run(), 0.25)[1])
    # The codes for the golden model are those of 16 bits.
    few = SimpleNamespace(
        arange=lambda *_: np.array([-3, 2]),
        tile=np.tile,
        ma=np.ma,
        int16=np.int16,
        float32=np.float32,
        random=np.random,
        stack=np.stack,
    )
    monkeypatch.setattr(speed, "np", few)
    rows = list(measure_speed())
    assert ran == ["--help", "emit", "emit many", "check", "emit", "check", "emit", "check"]
    assert [tuple(row.cells) for row in rows] == [("measured", "wanted")] * len(rows)
    assert [row.cells["wanted"] for row in rows] == [
        *("at most 0.3 s", "at most 1.5 s", "at most 5 s", "at most 2.5 s"),
        *("at most 10 s", "at most 15 s", "at most 10 s", "at most 15 s"),
        *("at least 50 M/s", "at least 15 M/s", "at least 200 M/s", "at least 0.5", "", "at most 20 us", ""),
        *("at most 3", "at most 3", "at most 3", "at most 0.03 s", "at least 200,000", "at most 60 s"),
    ]
    limited = [row.cells["measured"] for row in rows if row.cells["wanted"].endswith((" s", " us"))]
    assert limited == ["0.25 s"] * 8 + ["2500 us"] + ["0.25 s"] * 2
    assert rows[-1].label == "check of 2^24 inputs, error metrics included"


def test_memory_is_that_beside_the_output():
    given = np.zeros(1 << 16)
    assert speed._memory(lambda array: array + 0.0, given) < 0.01

    def with_two_more(array):
        first, second = array + 0.0, array + 1.0
        return np.add(first, second)

    assert 1.99 < speed._memory(with_two_more, given) < 2.01


def test_the_best_of_three_is_taken(monkeypatch):
    clock = iter([0.0, 5.0, 5.0, 7.0, 7.0, 10.0])
    runs = count()
    monkeypatch.setattr(speed.time, "perf_counter", lambda: next(clock))
    assert speed._best(lambda: next(runs)) == 2.0
    assert next(runs) == 3


def test_rates_are_in_millions_a_second():
    assert speed._rate("a", 30_000_000, 0.5, 50).cells == {"measured": "60 M/s", "wanted": "at least 50 M/s"}


@pytest.mark.tools
def test_a_process_that_fails_is_no_figure(tmp_path):
    speed._process([sys.executable, "-c", "open('made', 'w')"], tmp_path)
    assert (tmp_path / "made").exists()
    with pytest.raises(CalledProcessError, match="status 3"):
        speed._process([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)


@pytest.mark.tools
def test_the_machine_in_a_line():
    found = machine()
    assert f", Python {sys.version.split()[0]}, " in found
    assert "\n" not in found
