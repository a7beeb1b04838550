"""Units with a parameter at run time, from a design to what is written, checked and read again."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from softgate import design, load
from softgate.explore.choose import at_run_time as chosen_at_run_time
from softgate.explore.choose.result import BudgetError
from softgate.explore.emission import extra_files
from softgate.hdl.manifest import Manifest, ManifestError, TamperedError, seal
from softgate.sim.check import check_manifest
from softgate.sim.printed import difference

PRELU = "prelu", "SQ3.3", "SQ3.3"
SLOPE = {"slope": "SQ1.5"}


@pytest.fixture(scope="module")
def unit():
    return design(*PRELU, ports=SLOPE, max_error="0.5ulp")


@pytest.fixture(scope="module")
def emitted(unit, tmp_path_factory):
    """Return the path of the manifest of a unit with streams."""
    folder = tmp_path_factory.mktemp("unit")
    unit.emit(folder, interface="stream", extras=extra_files(bench=True, vectors=True))
    return folder / "prelu.json"


def test_the_golden_model_takes_two_arrays(unit):
    found = unit.golden([[-32], [-5], [0], [31]], [-32, -1, 16])
    assert found.tolist() == [[31, 1, -16], [5, 0, -2], [0, 0, 0], [31, 31, 31]]
    assert unit.golden.floats([-4.0, 1.5], [0.5, 0.5]).tolist() == [-2.0, 1.5]
    assert repr(unit) == "<Design prelu(x, slope), SQ3.3, slope in SQ1.5 -> SQ3.3: hard, error at most 0.5 ulp>"


def test_the_error_is_that_over_all_combinations(unit):
    errors = unit.errors
    assert (errors.points, errors.proof, errors.largest) == (1 << 12, "exhaustive", Fraction(1, 2))
    x, slope = np.meshgrid(np.arange(-32, 32), np.arange(-32, 32), indexing="ij")
    true = np.minimum(np.where(x < 0, x * slope / 32, x), 31)
    wrong = unit.golden(x, slope) - true
    assert np.abs(wrong).max() == 0.5
    assert errors.bias == wrong.mean() / 8
    assert errors.rms == pytest.approx(np.sqrt((wrong**2).mean()) / 8, rel=1e-14)


@pytest.mark.parametrize("parameter", ["negative_slope", "alpha"])
def test_a_leaky_rectifier_with_a_port_is_the_same_unit(unit, parameter):
    same = design("leaky_relu", *PRELU[1:], ports={parameter: "SQ1.5"}, max_error="0.5ulp", method="hard")
    assert [name for name, _ in same.plan.inputs] == ["x", "negative_slope"]
    assert same.errors == unit.errors


def test_down_is_chosen_where_the_budget_admits_it():
    found = design(*PRELU, ports=SLOPE, target="ecp5", objective="luts")
    assert Fraction(1, 2) < found.errors.largest < 1
    assert [each.chosen for each in found.choice.weighed] == [True] + [False] * (len(found.choice.weighed) - 1)


@pytest.mark.parametrize("wrong", [{"largest": Fraction(5, 8)}, {"exact_ends": False}])
def test_the_next_is_taken_if_the_best_is_not_good_enough(monkeypatch, wrong):
    real, faults = chosen_at_run_time.plan_errors, [wrong]
    monkeypatch.setattr(
        chosen_at_run_time, "plan_errors", lambda *asked: replace(real(*asked), **faults.pop() if faults else {})
    )
    found = design(*PRELU, ports=SLOPE, max_error="0.5ulp")
    assert [each.chosen for each in found.choice.weighed] == [False, True]
    assert found.choice.weighed[0].refused is not None


def test_the_manifest_names_the_parameter(unit, emitted):
    data = json.loads(emitted.read_text())
    assert data["inputs"] == [
        {"port": "x", "format": "SQ3.3"},
        {"port": "slope", "format": "SQ1.5", "parameter": "slope"},
    ]
    assert (data["function"], data["function_parameters"], data["method"]) == ("prelu", {}, {"name": "hard"})
    assert data["error"] == unit.errors.as_dict()
    assert data["error"]["worst_input"] == {"code": -31, "value": -3.875, "parameter": {"code": -16, "value": -0.5}}
    written = Manifest.load(emitted)
    assert written.specification == unit.specification
    text = emitted.with_suffix(".v").read_text()
    assert text.startswith("// prelu(x, slope): x above 0, slope * x below, of two inputs\n")
    assert "// input    x in SQ3.3, slope in SQ1.5, output y in SQ3.3\n" in text
    assert "monotonic on either side of 0\n" in text
    plain = replace(written, extras={})
    assert difference(plain, {"y": unit.errors}, {"prelu.v": text}) is None
    assert difference(plain, {"y": unit.errors}, {"prelu.v": text.replace("slope in", "slope of")}) is not None
    again = load(emitted)
    assert (again.plan, again.errors, again.specification) == (unit.plan, unit.errors, unit.specification)


@pytest.mark.tools
def test_the_check_judges_the_error_again(emitted):
    results = {result.name: result for result in check_manifest(emitted)}
    assert all(result.passed for result in results.values()), results
    assert "every input (4096 combinations of codes)" in results["hardware"].detail
    assert results["error"].detail == "at most 0.5 ulp (exhaustive, 4096 inputs)"
    assert {"budget", "ends", "printed", "stalls"} <= results.keys()


def forged(path, **changes):
    """Write a manifest again with other fields, and a hash that fits; return its path."""
    data = json.loads(path.read_text())
    del data["manifest_sha256"]
    other = path.with_name("forged.json")
    other.write_text(json.dumps(seal(data | changes)))
    return other


@pytest.mark.tools
def test_another_error_is_noticed(unit, emitted):
    error = unit.errors.as_dict()
    wrong = [
        error | {"bias": error["bias"] * 1.0001},
        error | {"worst_input": error["worst_input"] | {"parameter": {"code": -15, "value": -0.46875}}},
        error | {"monotonic": False},
    ]
    outputs = json.loads(emitted.read_text())["outputs"]
    for each in wrong:
        path = forged(emitted, error=each, outputs=[outputs[0] | {"error": each}])
        failed = [result.name for result in check_manifest(path) if not result.passed]
        assert failed == ["error"], each


def test_another_function_or_parameter_is_noticed(emitted):
    inputs = json.loads(emitted.read_text())["inputs"]
    for match, changes in (
        ("silu has no parameter that can be a port", {"function": "silu"}),
        ("leaky_relu has no parameter 'slope' that can be a port", {"function": "leaky_relu"}),
        ("its inputs does not agree", {"inputs": [inputs[0], inputs[1] | {"parameter": "weight"}]}),
        ("the manifest lacks 'parameter'", {"inputs": [inputs[0] | {"parameter": "x"}, inputs[0]]}),
        ("a function has one input, but the plan has 2", {"function": "relu", "inputs": inputs[:1] * 2}),
        ("has the inputs x and the parameter, and one output", {"inputs": [*inputs, inputs[1]]}),
        ("its monotonic does not agree", {"monotonic": True}),
    ):
        with pytest.raises((ManifestError, TamperedError), match=match):
            Manifest.load(forged(emitted, **changes))


def test_errors_are_not_shown_over_one_input(emitted):
    with pytest.raises(ManifestError, match=r"^prelu has 2 inputs, and errors are shown over one$"):
        Manifest.load(emitted).claimed  # noqa: B018


def test_what_was_found_is_remembered(unit, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    asked = {"ports": SLOPE, "max_error": "0.5ulp", "cache": True}
    assert design(*PRELU, **asked).plan == unit.plan
    monkeypatch.setattr(chosen_at_run_time, "best_of", lambda *_: None)
    assert design(*PRELU, **asked).errors == unit.errors
    with pytest.raises(
        BudgetError, match=r"^no hard unit of prelu.*, SQ3.3, slope in SQ1.6 to SQ3.3, meets an error of"
    ):
        design(*PRELU, **asked | {"ports": {"slope": "SQ1.6"}})


@pytest.mark.parametrize(
    ("changes", "error", "match"),
    [
        ({"ports": "slope"}, TypeError, "ports must be a dict of a parameter and its format, such as slope: SQ1.7"),
        ({"ports": {}}, ValueError, "ports takes one parameter and its format, not 0"),
        (
            {"ports": {"slope": "SQ1.5", "alpha": "SQ1.5"}},
            ValueError,
            "ports takes one parameter and its format, not 2",
        ),
        ({"ports": {"slope": "Q1.5"}}, ValueError, "slope format 'Q1.5' is ambiguous"),
        ({"ports": {"slope": "int8:0.1:0"}}, ValueError, "^slope must have a fixed-point format such as SQ4.12 where"),
        ({"input_format": "int8:0.1:0"}, ValueError, "^x must have a fixed-point format such as SQ4.12 where"),
        ({"output_format": None}, ValueError, "output format is missing"),
        ({"function": "nothing"}, ValueError, "there is no function 'nothing'"),
        (
            {"function": "gelu"},
            ValueError,
            "gelu has no parameter that can be a port; those that can are negative_slope",
        ),
        ({"function": "max(x, x/8)"}, ValueError, r"max\(x, x/8\) has no parameter that can be a port"),
        ({"function": abs}, ValueError, "has no parameter that can be a port"),
        ({"method": "table"}, ValueError, "ports goes with max_error, saturate and ends, but not with method table"),
        ({"monotonic": True}, ValueError, "ports goes with max_error, saturate and ends, but not with monotonic True"),
        ({"max_bias": "0.1ulp"}, ValueError, "but not with max_bias 0.1ulp"),
        ({"input_range": "-1:1"}, ValueError, "but not with input_range -1:1"),
        ({"clip": (-1, 1)}, ValueError, "but not with clip"),
        ({"with_derivative": "SQ1.5"}, ValueError, "but not with with_derivative SQ1.5"),
        ({"degree": 2}, ValueError, "but not with degree 2"),
        ({"ports": None}, ValueError, "prelu has its slope at run time"),
    ],
)
def test_what_does_not_go_together_is_refused(changes, error, match):
    asked = {"function": "prelu", "input_format": "SQ3.3", "output_format": "SQ3.3", "ports": SLOPE}
    with pytest.raises(error, match=match):
        design(**asked | changes)
