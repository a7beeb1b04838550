import mpmath
import numpy as np
import pytest
from hardware import run_golden, run_hardware

from softgate import BudgetError, design
from softgate.explore.choose import with_derivative as module
from softgate.hdl.manifest import Manifest
from softgate.plan.merging import single_output
from softgate.sim.check import check_manifest
from softgate.sim.printed import difference

TANH = {"y": mpmath.tanh, "dy": lambda x: 1 - mpmath.tanh(x) ** 2}


@pytest.fixture(scope="module")
def unit():
    return design("tanh", "SQ3.3", "SQ1.5", with_derivative="UQ1.6", target="ecp5")


def test_both_outputs_are_within_the_budget(unit):
    codes = np.arange(-32, 32)
    outputs = dict(zip(unit.outputs, unit.golden(codes), strict=True))
    assert list(outputs) == ["y", "dy"]
    for name, places in (("y", 5), ("dy", 6)):
        held = unit.outputs[name].specification.output_format
        for code, got in zip(codes.tolist(), outputs[name].tolist(), strict=True):
            truth = TANH[name](mpmath.mpf(code) / 8) * 2**places
            assert abs(got - min(max(truth, held.min_code), held.max_code)) < 1
        assert unit.outputs[name].errors.max_ulp < 1


def test_the_first_output_is_the_unit_itself(unit):
    assert unit.outputs["y"] is unit
    assert str(unit.specification.function) == "tanh"
    assert str(unit.outputs["dy"].specification.function) == "tanh_derivative"
    assert unit.outputs["dy"].plan == single_output(unit.plan, "dy")


def test_what_both_need_is_computed_once(unit):
    kinds = [str(step.operation) for step in unit.plan.steps]
    assert len(kinds) == len(set(kinds))
    apart = [len(single_output(unit.plan, name).steps) for name in ("y", "dy")]
    assert len(unit.plan.steps) < sum(apart) - 1  # more than the input


def test_what_was_weighed_names_both_methods(unit):
    chosen = unit.choice.chosen
    assert {"name": unit.method, **unit.parameters} == {"name": chosen.method, **chosen.parameters}
    made = unit.outputs["dy"]
    assert chosen.further == {"dy": {"name": made.method, **made.parameters}}
    assert "identity" in {each.further["dy"]["name"] for each in unit.choice.weighed}
    assert all(each.method == "identity" or each.further for each in unit.choice.weighed)


@pytest.mark.tools
@pytest.mark.parametrize("interface", ["comb", "pipeline", "stream", "axis"])
def test_interfaces_carry_both(unit, interface):
    codes = [list(range(-32, 32))]
    assert run_hardware(unit.schedule(interface=interface), interface, codes) == run_golden(unit.plan, codes)


def test_the_manifest_claims_both(unit, tmp_path):
    written = unit.emit(tmp_path, interface="axis")
    data = written.as_dict()
    assert Manifest.load(tmp_path / "tanh.json") == written
    first, second = data["outputs"]
    assert (first["field"], first["low"], first["width"], first["format"]) == ("y", 0, 8, "SQ1.5")
    assert (second["field"], second["low"], second["width"], second["format"]) == ("dy", 8, 8, "UQ1.6")
    assert first["error"] == data["error"] == unit.errors.as_dict()
    assert second["error"] == unit.outputs["dy"].errors.as_dict()
    assert "function" not in first
    assert (second["function"], second["function_parameters"]) == ("tanh_derivative", {})
    assert second["method"]["name"] == unit.outputs["dy"].method
    text = (tmp_path / "tanh.v").read_text()
    header = text[: text.index("module")].splitlines()
    assert header[0].startswith("// y is tanh: ")
    assert header[1].startswith("// dy is tanh_derivative: ")
    assert "// input    x in SQ3.3, output y in SQ1.5, output dy in UQ1.6" in header
    errors = {name: each.errors for name, each in unit.outputs.items()}
    assert difference(written, errors, {"tanh.v": text}) is None
    assert difference(written, errors, {"tanh.v": text.replace("dy is", "dy was")}) is not None


@pytest.mark.tools
def test_the_check_judges_each_output_by_its_own_function(unit, tmp_path):
    unit.emit(tmp_path, interface="stream")
    results = list(check_manifest(tmp_path / "tanh.json"))
    assert all(result.passed for result in results), results
    found = [result.detail.partition(":")[0] for result in results if result.name in ("error", "budget", "ends")]
    assert found == ["y"] * 3 + ["dy"] * 3


def test_one_finer_value_makes_both(monkeypatch):
    monkeypatch.setattr(module, "best_of", lambda entries, proved, *_: proved(entries[-1]))  # the finest of all
    found = design("logistic", "SQ4.2", "UQ0.6", with_derivative="UQ0.7")
    made = found.outputs["dy"]
    assert (made.method, made.parameters) == ("identity", {"base": found.method, "guard_bits": 2})
    value, slope = found.golden(np.arange(-32, 32))
    for code, *got in zip(range(-32, 32), value.tolist(), slope.tolist(), strict=True):
        s = 1 / (1 + mpmath.exp(-mpmath.mpf(code) / 4))
        assert abs(got[0] - min(64 * s, 63)) < 1
        assert abs(got[1] - 128 * s * (1 - s)) < 1
    both = [name for name in (step.name for step in found.plan.steps) if name.startswith("logistic_")]
    assert both and all(name in single_output(found.plan, "dy").by_name for name in both)


def test_blocks_are_granted_to_the_whole_unit():
    asked = {"with_derivative": "UQ1.5", "method": "polynomial", "target": "ecp5", "dsp": 1}
    found = design("tanh", "SQ3.3", "SQ1.5", **asked)
    assert {each.dsp for each in found.choice.weighed} == {0, 1}


def test_a_named_method_is_that_of_both():
    found = design("gelu", "SQ3.3", "SQ3.3", with_derivative="SQ2.5", method="table", monotonic=True)
    assert [each.method for each in found.outputs.values()] == ["table", "table"]
    assert found.errors.monotonic
    assert found.specification.monotonic
    assert not found.outputs["dy"].specification.monotonic


def test_registers_follow_steps_of_the_whole_unit():
    asked = {"with_derivative": "SQ2.5", "method": "table", "registers": ["x"], "interface": "stream"}
    found = design("gelu", "SQ3.3", "SQ3.3", **asked)
    assert found.schedule().latency == 1


def test_kinks_are_those_of_the_derivative():
    found = design("relu", "SQ3.2", "UQ2.2", with_derivative="UQ1.0")
    value, slope = found.golden([-3, 0, 5])
    assert (value.tolist(), slope.tolist()) == ([0, 0, 5], [0, 0, 1])


def test_what_cannot_be_built_is_no_unit(monkeypatch):
    monkeypatch.setattr(module, "best_of", lambda *_: None)
    with pytest.raises(BudgetError, match=r"no unit of gelu.* with its derivative .* meets an error of 2ulp"):
        design("gelu", "SQ3.2", "SQ3.2", with_derivative="SQ2.2", method="table", max_error="2ulp")


def test_a_derivative_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"output format SQ1.5 holds -1 to 0.96875, but gelu.prime.* goes from "):
        design("gelu", "SQ3.3", "SQ3.3", with_derivative="SQ1.5")
    with pytest.raises(ValueError, match="with_derivative format 'fine' is invalid"):
        design("gelu", "SQ3.3", "SQ3.3", with_derivative="fine")
    with pytest.raises(BudgetError, match="classic unit of logistic"):
        design("logistic", "SQ3.3", "UQ0.8", with_derivative="UQ0.8", method="classic", max_error="0.5ulp")
