"""Grids and points of composites, their rows, and their place in the report."""

import json
import shlex
from dataclasses import replace

import pytest
from small_cells import small_lstm
from small_softmax import small_softmax

from softgate.explore.report.jobs import job_of
from softgate.explore.sweep import evaluate
from softgate.explore.sweep.evaluate import make_unit
from softgate.explore.sweep.grid import Grid, GridError, Kinds, count_kinds, read_grid
from softgate.explore.sweep.manifest_columns import manifest_columns
from softgate.explore.sweep.point import Point
from softgate.explore.sweep.recorder import Recorder
from softgate.explore.sweep.store import open_store
from softgate.hdl.composites.manifest import CompositeManifest

SOFTMAX = """
[grid]
function = "softmax"
n = ["2..3"]
i = "ap_fixed<4,2>"
output = "UQ0.6"
max_error = 0.125
base = [2, "E"]
frequency = 100
"""

LSTM = """
[grid]
function = "lstm_cell"
z = "SQ3.2"
gate = ["UQ0.4", "UQ0.5"]
cell = "SQ3.2"
hidden = "SQ1.3"
clip = [2, 3]
interface = "axis"
tlast = true
"""


@pytest.fixture
def read(tmp_path):
    def call(text):
        path = tmp_path / "grid.toml"
        path.write_text(text)
        return read_grid(path, seeds=(1,)).points

    return call


def test_axes_are_arguments(read):
    points = read(SOFTMAX)
    assert [point.parameters for point in points] == [{"n": n, "base": base} for n in ("2", "3") for base in ("2", "e")]
    assert points[0].as_dict() == {
        "function": "softmax",
        "input": "SQ2.2",
        "output": "UQ0.6",
        "method": None,
        "parameters": {"n": "2", "base": "2"},
        "max_error": "0.125",
        "saturate": False,
        "interface": "stream",
        "target": "ecp5",
        "frequency": 100.0,
        "seeds": [1],
        "options": {},
    }
    assert Point.from_dict(json.loads(json.dumps(points[0].as_dict()))) == points[0]
    assert len({point.name for point in points}) == 4


def test_an_argument_that_is_called_as_an_option_of_units(read):
    points = read(LSTM)
    assert sorted(point.parameters["clip"] for point in points) == ["2", "2", "3", "3"]
    assert points[0].options == {"tlast": True}
    assert (points[0].input, points[0].output, points[0].interface) == (None, None, "axis")


def test_the_function_of_a_neuron_is_its_activation(read):
    grid = """
[grid]
function = "neuron"
inputs = 4
x = "SQ1.3"
weights = "SQ1.3"
activation = ["tanh", "linear"]
output = "SQ1.3"
"""
    points = read(grid)
    assert sorted(point.parameters["activation"] for point in points) == ["linear", "tanh"]
    assert {point.keywords["function"] for point in points} == {"linear", "tanh"}
    assert "softgate emit neuron" in points[0].emit_command()
    assert "--function" in points[0].emit_command()


def test_command_lines_and_keywords(read):
    point = read(SOFTMAX)[0]
    command = "softgate emit softmax -n 2 -i SQ2.2 -o UQ0.6 --max-error 0.125 --base 2 --interface stream "
    assert point.emit_command() == command + "--target ecp5 --frequency 100 --out build"
    assert point.synth_command() == "softgate synth build/softmax.json --target ecp5 --frequency 100 --seed 1"
    arguments = {"n": 2, "input_format": "SQ2.2", "output_format": "UQ0.6", "max_error": "0.125", "base": "2"}
    assert point.keywords == arguments | {"interface": "stream", "target": "ecp5", "frequency": 100.0}
    cell = shlex.split(read(LSTM)[0].emit_command())
    assert cell[cell.index("--clip") :][:2] == ["--clip", "2"]
    assert "--tlast" in cell


def test_points_are_left_out_and_counted(read, tmp_path):
    text = (
        SOFTMAX
        + """
    [[exclude]]
    n = { ">" = 2 }
    base = "e"
    input_bits = 4
    """
    )
    assert [point.parameters for point in read(text)] == [
        {"n": "2", "base": "2"},
        {"n": "2", "base": "e"},
        {"n": "3", "base": "2"},
    ]
    assert count_kinds(tmp_path / "grid.toml") == Kinds(0, 3)
    assert len(read(LSTM + "[[exclude]]\nclip = 2\n")) == 2
    assert len(read(LSTM + "[[exclude]]\ninput_bits = 4\n")) == 4  # no point has an input format


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"softmax"', '["softmax", "tanh"]', "softmax is a composite, which has axes of its own"),
        ("\nn = ", "\nm = ", "'m' is not an axis of softmax; choose one of n, "),
        ('n = ["2..3"]', "", "there is no n, which softmax needs: The most elements of a vector"),
        ('["2..3"]', "[2, 1]", "n must be from 2 to 1024 elements for arrangement stream, not 1"),
        ('["2..3"]', '"two"', "n must be a whole number, not 'two'"),
        ('["2..3"]', "[]", "n is an empty list"),
        ("base = ", "elements = 4\nbase = ", "n is given by two of its names, one of them elements"),
        ("base = ", "dsp = 0\nbase = ", "'dsp' is not an axis of softmax"),
        ('[2, "E"]', '[2, "10"]', "there is no base '10'"),
        ('[2, "E"]', "true", "base must be text or a number, not True"),
        ('"UQ0.6"', '"UQ0.1"', "output must have 2 to 24 fraction bits"),
    ],
)
def test_wrong_grids(read, old, new, message):
    assert SOFTMAX.count(old) == 1
    with pytest.raises(GridError, match="grid: ") as refused:
        read(SOFTMAX.replace(old, new))
    assert message in str(refused.value)


def test_a_value_that_some_combinations_take_is_no_fault(read):
    points = read(SOFTMAX + 'arrangement = ["stream", "parallel"]\n' + "[[exclude]]\nn = 3\n")
    assert {point.parameters["arrangement"] for point in points} == {"stream", "parallel"}
    assert len(read(SOFTMAX.replace('["2..3"]', "[2, 20]") + 'arrangement = ["stream", "parallel"]\n')) == 8


def test_columns_of_a_manifest():
    columns = manifest_columns(small_softmax().manifest.as_dict())
    error = small_softmax().contract[0].limit
    assert columns["parameters"] == {"n": "3", "arrangement": "stream", "base": "e"}
    assert columns["error"]["max_abs"] == columns["error"]["contract"]["error"] == error
    assert columns["error"]["max_ulp"] == error * 64
    assert columns["error"]["proof"] == "bounded"
    columns = manifest_columns(small_lstm(clip="2").manifest.as_dict())
    assert columns["parameters"]["clip"] == "2"
    assert columns["error"]["max_ulp"] == columns["error"]["max_abs"] * 4  # of c_next
    assert list(columns["error"]["contract"]) == ["cell", "hidden", "stored"]


@pytest.fixture
def point(read):
    return read(SOFTMAX)[3]


def recorded(folder, *points):
    """Record composites as made, with made-up figures, and return their rows."""
    answer = {"versions": {"softgate": "1.2.3"}, "seconds": {"emit": 1.0}, "status": "emitted", "reason": None}
    with Recorder(folder) as recorder:
        recorder.begin(Grid("[grid]\n", points))
        for number, point in enumerate(points):
            unit = small_softmax(base=point.parameters["base"])
            text = {"manifest": unit.manifest.to_json(), "verilog": unit.verilog()}
            key = recorder.made(point, answer | text)
            figures = {"status": "done", "reason": None, "resources": {"LUT4": 9}, "luts": 9 + number}
            figures |= {"ff": 1, "dsp": 0, "bram": 0, "fmax": 100.0, "fmax_by_seed": {"1": 100.0}}
            recorder.measured(key, figures | {"versions": {}, "seconds": {"measure": 1.0}})
    return open_store(folder)


def test_rows_and_jobs(tmp_path, point):
    other = replace(point, parameters={**point.parameters, "base": "2"})
    with recorded(tmp_path, point, other) as store:
        rows = list(store.rows())
        manifest = store.manifest(rows[0])
    assert isinstance(manifest, CompositeManifest)
    assert [(row.function, row.input, row.output, row.method, row.plan_sha256) for row in rows] == [
        ("softmax", "SQ2.2", "UQ0.6", None, None)
    ] * 2
    assert rows[0].latency == manifest.latency
    assert rows[0].error["proof"] == "bounded"
    jobs = [job_of(row) for row in rows]
    assert jobs[0] == ("softmax(n=3, arrangement=stream, base=e)", "ecp5", "stream", "SQ2.2 to UQ0.6")
    assert jobs[0] != jobs[1]


def test_what_is_about_the_hardware_alone_is_no_part_of_the_job(read, tmp_path):
    points = [point for point in read(LSTM) if point.parameters["clip"] == "2"]
    with Recorder(tmp_path / "out") as recorder:
        recorder.begin(Grid("[grid]\n", tuple(points)))
        for point in points:
            recorder.failed(point, "made up")
    with open_store(tmp_path / "out") as store:
        (job,) = {job_of(row) for row in store.rows()}
    assert job == ("lstm_cell(z=SQ3.2, cell=SQ3.2, hidden=SQ1.3, clip=2)", "ecp5", "axis", "")


@pytest.mark.tools
def test_a_composite_is_made_and_checked(point, monkeypatch):
    made = make_unit(point.as_dict())
    assert (made["status"], made["reason"]) == ("emitted", None)
    manifest = CompositeManifest.from_dict(json.loads(made["manifest"]))
    assert (manifest.asked.n, manifest.frequency) == (3, 100.0)
    assert set(made["seconds"]) == {"emit", "check"}
    monkeypatch.setattr(evaluate, "check_emitted_composite", lambda manifest, text: failing(text))
    assert make_unit(point.as_dict())["status"] == "failed"


def failing(text):
    from softgate.sim.check_result import CheckResult

    yield CheckResult("hardware", "module softmax" not in text, "made up")


def test_a_composite_that_cannot_be(point):
    answer = make_unit(replace(point, parameters={"n": "30", "base": "e", "arrangement": "parallel"}).as_dict())
    assert answer["status"] == "infeasible"
    assert "n must be from 2 to 16 elements" in answer["reason"]
