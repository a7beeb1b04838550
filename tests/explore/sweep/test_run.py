"""Running a sweep: work handed out, kept and repeated, with workers that answer from a table."""

import json
from collections import Counter
from concurrent.futures import CancelledError, Executor, Future

import pytest

from softgate.explore.sweep import run
from softgate.explore.sweep.grid import Grid
from softgate.explore.sweep.point import Point
from softgate.explore.sweep.row import STATUSES
from softgate.explore.sweep.store import StoreError, open_store
from softgate.explore.sweep.workers import WorkerDiedError, Workers
from softgate.support.files import sha256_text
from softgate.support.tools import MissingToolError, ToolError

VERSIONS = {"softgate": "1", "pyosys": "2"}


def point(**changes):
    values = {
        "function": "tanh",
        "input": "SQ4.4",
        "output": "SQ1.7",
        "method": None,
        "parameters": {},
        "max_error": None,
        "saturate": False,
        "interface": "stream",
        "target": "ecp5",
        "frequency": None,
        "seeds": (1, 2),
    }
    return Point(**{**values, **changes})


def points(count, **changes):
    return [point(parameters={"degree": str(degree)}, **changes) for degree in range(count)]


class Tools:
    """Workers that do a call when they are waited for; `verilog` and `faults` say what comes out by degree."""

    def __init__(self, verilog=None, faults=None, measure=None, capacity=2, slow=()):
        self.verilog = verilog or {}
        self.faults = faults or {}
        self.measuring = measure or {}
        self.versions = VERSIONS
        self.slow = slow
        self.calls = []
        self.most = 0
        self.capacity = capacity

    def make_unit(self, asked):
        degree = asked["parameters"]["degree"]
        self.calls.append(("make", degree))
        self._fail(self.faults, degree)
        if degree == "7":
            return self._answer(status="infeasible", reason="too good to be true")
        text = self.verilog.get(degree, f"unit {degree}")
        unit = {
            "method": {"name": "taylor", "degree": int(degree), "segments": 4},
            "function_parameters": {},
            "error": {"max_ulp": 0.75, "worst_input": {"code": 3, "value": 0.5}},
            "latency": 5,
            "initiation_interval": 1,
            "plan_sha256": sha256_text(f"plan of {text}"),
            "verilog_sha256": sha256_text(text),
        }
        wrong = {"status": "failed", "reason": "hardware: y differs"} if degree == "8" else {}
        return self._answer(**{"status": "emitted", "reason": None, **wrong}, manifest=json.dumps(unit), verilog=text)

    def measure_unit(self, asked, manifest, verilog):
        assert json.loads(manifest)["verilog_sha256"] == sha256_text(verilog)
        self.calls.append(("measure", verilog))
        self._fail(self.measuring, verilog)
        return {
            "status": "missed" if verilog in self.slow else "done",
            "reason": "too slow" if verilog in self.slow else None,
            "resources": {"LUT4": 10, "CCU2C": 2},
            "luts": 14,
            "ff": 9,
            "dsp": 0,
            "bram": 0,
            "fmax": 250.0,
            "fmax_by_seed": {"1": 240.0, "2": 260.0},
            "versions": self.versions,
            "seconds": {"measure": 4.0},
        }

    def _answer(self, **answer):
        return {"versions": self.versions, "seconds": {"emit": 0.5, "check": 0.25}, **answer}

    @staticmethod
    def _fail(faults, key):
        if faults.get(key):
            raise faults[key].pop()


class Lazy(Executor):
    """Calls run one at a time, each when a further one finds no room."""

    def __init__(self, tools):
        self.tools = tools
        self.waiting = []

    def submit(self, fn, /, *args):
        future = Future()
        self.waiting.append((future, fn, args))
        self.tools.most = max(self.tools.most, len(self.waiting))
        return future

    def work(self):
        future, fn, args = self.waiting.pop(0)
        try:
            future.set_result(fn(*args))
        except Exception as error:
            future.set_exception(error)


@pytest.fixture
def sweep(monkeypatch, tmp_path):
    def call(grid, tools, folder=tmp_path / "out", stop=None, **options):
        executor = Lazy(tools)
        monkeypatch.setattr(run, "make_unit", tools.make_unit)
        monkeypatch.setattr(run, "measure_unit", tools.measure_unit)
        steps = iter(range(stop if stop is not None else 10**9))

        def wait(futures, timeout, return_when):
            if next(steps, None) is None:
                raise KeyboardInterrupt
            executor.work()
            return {future for future in futures if future.done()}, set()

        monkeypatch.setattr(run, "wait", wait)
        return run.run_sweep(
            Grid("the file", tuple(grid)), folder, Workers(executor, lambda: tools.capacity), **options
        )

    return call


@pytest.fixture
def rows(tmp_path):
    def call(*statuses, **options):
        with open_store(tmp_path / "out") as store:
            return list(store.rows(*statuses, **options))

    return call


def test_a_row_holds_everything(sweep, rows):
    assert sweep(points(1), Tools()) == {"done": 1}
    (row,) = rows()
    assert row.as_dict() == {
        "name": points(1)[0].name,
        "place": 0,
        "status": "done",
        "reason": None,
        "function": "tanh",
        "input": "SQ4.4",
        "output": "SQ1.7",
        "method": "taylor",
        "parameters": {"degree": "0", "segments": "4"},
        "max_error": None,
        "saturate": False,
        "interface": "stream",
        "target": "ecp5",
        "frequency": None,
        "options": {},
        "seeds": [1, 2],
        "error": {"max_ulp": 0.75, "worst_input": {"code": 3, "value": 0.5}},
        "latency": 5,
        "initiation_interval": 1,
        "resources": {"LUT4": 10, "CCU2C": 2},
        "luts": 14,
        "ff": 9,
        "dsp": 0,
        "bram": 0,
        "fmax": 250.0,
        "fmax_by_seed": {"1": 240.0, "2": 260.0},
        "plan_sha256": sha256_text("plan of unit 0"),
        "verilog_sha256": sha256_text("unit 0"),
        "emit_command": "softgate emit tanh -i SQ4.4 -o SQ1.7 --set degree=0 --interface stream --target ecp5 "
        "--out build",
        "synth_command": "softgate synth build/tanh.json --target ecp5 --seed 1 --seed 2",
        "versions": VERSIONS,
        "seconds": {"emit": 0.5, "check": 0.25, "measure": 4.0},
        "asked": points(1)[0].as_dict(),
    }
    assert row.point == points(1)[0]


def test_points_without_a_unit_are_kept_with_their_reason(sweep, rows):
    assert sweep(points(9), Tools()) == {"done": 7, "infeasible": 1, "failed": 1}
    infeasible, failed = rows("infeasible", "failed")
    assert (infeasible.place, infeasible.reason) == (7, "too good to be true")
    assert (infeasible.method, infeasible.parameters, infeasible.error) == (None, {"degree": "7"}, {})
    assert infeasible.verilog_sha256 is infeasible.latency is infeasible.luts is infeasible.fmax is None
    assert (failed.place, failed.reason, failed.verilog_sha256) == (8, "hardware: y differs", sha256_text("unit 8"))
    assert failed.resources == {}


@pytest.mark.parametrize("capacity", [1, 2, 3, 100])
def test_workers_are_busy_and_not_more(sweep, capacity):
    tools = Tools(capacity=capacity)
    assert sweep(points(6), tools) == {"done": 6}
    assert tools.most == min(capacity, 6)
    if capacity == 1:  # as few units as possible wait to be measured
        assert [kind for kind, _ in tools.calls] == ["make", "measure"] * 6


@pytest.mark.parametrize("capacity", [1, 2, 3, 100])
def test_identical_units_are_measured_once(sweep, rows, capacity):
    tools = Tools(verilog=dict.fromkeys("01245", "the same"), capacity=capacity)
    assert sweep(points(6), tools) == {"done": 6}
    assert sorted(unit for kind, unit in tools.calls if kind == "measure") == ["the same", "unit 3"]
    assert [row.luts for row in rows()] == [14] * 6
    assert all(row.seconds == {"emit": 0.5, "check": 0.25, "measure": 4.0} for row in rows())


def test_what_is_asked_of_the_measurement_tells_identical_units_apart(sweep):
    tools = Tools(verilog=dict.fromkeys("0", "the same"))
    grid = [*points(1), *points(1, seeds=(1,)), *points(1, seeds=()), *points(1, frequency=100.0)]
    assert sweep(grid, tools) == {"done": 4}
    assert tools.calls.count(("measure", "the same")) == 4


def test_synthesis_alone_is_the_same_for_every_clock(sweep, rows):
    tools = Tools()
    grid = [*points(1, seeds=(), frequency=100.0), *points(1, seeds=(), frequency=200.0), *points(1, seeds=())]
    assert sweep(grid, tools) == {"done": 3}
    assert tools.calls.count(("measure", "unit 0")) == 1
    assert {row.synth_command for row in rows()} == {"softgate synth build/tanh.json --target ecp5 --no-route"}


@pytest.mark.parametrize("capacity", [1, 100])
def test_a_clock_that_is_missed_is_recorded_for_every_point_with_that_unit(sweep, rows, capacity):
    verilog = dict.fromkeys("024", "the same")
    tools = Tools(verilog, capacity=capacity, slow={"the same"})
    assert sweep(points(5), tools) == {"missed": 3, "done": 2}
    assert [(row.status, row.reason, row.fmax) for row in rows()] == [
        ("missed", "too slow", 250.0) if degree % 2 == 0 else ("done", None, 250.0) for degree in range(5)
    ]
    again = Tools(verilog)
    assert sweep(points(5), again) == {"missed": 3, "done": 2}
    assert again.calls == []


def test_nothing_is_repeated(sweep, rows):
    first = Tools()
    sweep(points(9), first)
    before = rows()
    again = Tools()
    assert sweep(points(9), again) == {"done": 7, "infeasible": 1, "failed": 1}
    assert again.calls == []
    assert rows() == before


@pytest.mark.parametrize("capacity", [1, 3])
@pytest.mark.parametrize("stop", range(19))
def test_a_sweep_that_is_stopped_repeats_only_what_was_under_way(sweep, rows, tmp_path, stop, capacity):
    verilog = dict.fromkeys("024", "the same")
    whole = Tools(verilog)
    sweep(points(9), whole, folder=tmp_path / "whole")
    first = Tools(verilog, capacity=capacity)
    try:
        sweep(points(9), first, stop=stop)
    except KeyboardInterrupt:
        assert len(first.calls) == stop
    second = Tools(verilog, capacity=capacity)
    assert sweep(points(9), second) == {"done": 7, "infeasible": 1, "failed": 1}
    # Calls that were not answered were not begun here: so all that was begun is not done again.
    assert Counter(first.calls + second.calls) == Counter(whole.calls)
    with open_store(tmp_path / "whole") as store:
        assert rows() == list(store.rows())


def test_failures_are_tried_again_on_request(sweep, rows):
    assert sweep(points(2), Tools(faults={"1": [ToolError("full")]})) == {"done": 1, "failed": 1}
    assert rows("failed")[0].reason == "ToolError: full"
    quiet = Tools()
    assert sweep(points(2), quiet) == {"done": 1, "failed": 1}
    assert quiet.calls == []
    assert sweep(points(2), Tools(), retry=True) == {"done": 2}
    assert rows()[1].reason is None


def test_a_measurement_that_fails_fails_for_all_its_points(sweep, rows):
    tools = Tools(verilog=dict.fromkeys("02", "the same"), measure={"the same": [ToolError("no room")]}, capacity=100)
    assert sweep(points(3), tools) == {"done": 1, "failed": 2}
    assert [row.reason for row in rows("failed")] == ["ToolError: no room"] * 2
    assert [row.verilog_sha256 for row in rows("failed")] == [sha256_text("the same")] * 2
    again = Tools(verilog=tools.verilog)
    assert sweep(points(3), again, retry=True) == {"done": 3}
    assert again.calls.count(("measure", "the same")) == 1


@pytest.mark.parametrize("deaths", [1, 2])
@pytest.mark.parametrize("where", ["faults", "measure"])
def test_a_worker_that_dies_is_given_one_more_try(sweep, rows, deaths, where):
    key = "1" if where == "faults" else "unit 1"
    tools = Tools(**{where: {key: [WorkerDiedError("its process ended with status -9") for _ in range(deaths)]}})
    counts = sweep(points(3), tools)
    assert counts == ({"done": 3} if deaths == 1 else {"done": 2, "failed": 1})
    assert tools.calls.count(("make" if where == "faults" else "measure", key)) == 2
    if deaths == 2:
        assert rows("failed")[0].reason == "tried 2 times: its process ended with status -9"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (MissingToolError("nextpnr", "it"), "nextpnr was not found: install it"),
        (CancelledError(), "the workers are gone"),
        (ModuleNotFoundError("No module named 'softgate'"), "a worker lacks a package: No module named 'softgate'"),
    ],
)
def test_without_tools_or_workers_the_sweep_ends_and_can_go_on(sweep, error, message):
    with pytest.raises(ToolError, match=message):
        sweep(points(4), Tools(measure={"unit 2": [error]}))
    tools = Tools()
    assert sweep(points(4), tools) == {"done": 4}
    assert ("measure", "unit 2") in tools.calls
    assert ("measure", "unit 0") not in tools.calls


def test_a_changed_grid(sweep, rows, tmp_path):
    sweep(points(4), Tools())
    tools = Tools()
    changed = [points(6)[degree] for degree in (5, 2, 0)]
    assert sweep(changed, tools) == {"done": 3}
    assert tools.calls == [("make", "5"), ("measure", "unit 5")]
    assert [(row.place, row.parameters["degree"]) for row in rows()] == [(0, "5"), (1, "2"), (2, "0")]
    left = rows(whole=True)[3:]
    assert sorted((row.place, row.status, row.parameters["degree"]) for row in left) == [
        (None, "done", "1"),
        (None, "done", "3"),
    ]
    back = Tools()
    assert sweep(points(4), back) == {"done": 4}
    assert back.calls == []


def test_points_outside_the_grid_wait_for_its_return(sweep):
    with pytest.raises(KeyboardInterrupt):
        sweep(points(4), Tools(capacity=1), stop=3)  # one is done, one is made
    other = Tools()
    assert sweep(points(8)[4:7], other) == {"done": 3}
    assert {unit for kind, unit in other.calls if kind == "measure"} == {"unit 4", "unit 5", "unit 6"}
    back = Tools()
    assert sweep(points(4), back) == {"done": 4}
    assert ("make", "1") not in back.calls
    assert ("measure", "unit 1") in back.calls


def test_figures_of_other_versions_do_not_get_into_the_table(sweep, rows):
    with pytest.raises(KeyboardInterrupt):
        sweep(points(4), Tools(), stop=5)
    before = rows(*STATUSES)
    newer = Tools()
    newer.versions = {**VERSIONS, "pyosys": "3"}
    with pytest.raises(
        StoreError, match=r"this sweep was begun with pyosys 2, and now it is 3: .*choose another --out"
    ):
        sweep(points(4), newer)
    assert rows(*STATUSES) == before
    more = Tools()
    more.versions = {**VERSIONS, "nextpnr": "1"}  # a package that was not there before says nothing of the others
    assert sweep(points(4), more) == {"done": 4}


def test_progress_is_told(sweep):
    told = []
    sweep(points(3), Tools(), progress=lambda counts: told.append(dict(counts)))
    assert told[0] == {"waiting": 3}
    assert told[-1] == {"done": 3}
    assert all(sum(counts.values()) == 3 for counts in told)
    assert len(told) == 7
