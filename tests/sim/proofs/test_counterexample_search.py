from functools import cache

import pytest

from softgate import design
from softgate.sim.engines.compiled import compile_unit
from softgate.sim.proofs.counterexample_search import find_counterexample
from softgate.support.tools import MissingToolError


@cache
def small():
    return design("hard_tanh", "SQ3.3", "SQ1.8")


@pytest.fixture
def emitted(tmp_path):
    def emit(**options):
        manifest = small().emit(tmp_path, name="unit", **options)
        return manifest, (tmp_path / "unit.v").read_text()

    return emit


def edited(text, old, new):
    assert old in text
    return text.replace(old, new)


@pytest.mark.tools
@pytest.mark.parametrize("interface", ["pipeline", "stream", "axis"])
@pytest.mark.parametrize("stages", [0, 2])
def test_sound_units_have_none(interface, stages, emitted, monkeypatch):
    monkeypatch.setattr("softgate.sim.proofs.counterexample_search._ATTEMPTS", 100)
    assert find_counterexample(*emitted(interface=interface, stages=stages)) is None


@pytest.mark.tools
def test_a_run_is_cut_down_to_what_matters(emitted):
    manifest, text = emitted(interface="axis", stages=2, tlast=True)
    found = find_counterexample(manifest, edited(text, "if (reset) begin", "if (1'b0) begin"))
    assert found.complaint == "m_axis_tvalid is high, though there is nothing to answer"
    assert [moment.note for moment in found.moments][:3] == ["reset", "takes 1", "reset"]
    assert len(found.moments) == 4
    again = find_counterexample(manifest, edited(text, "if (reset) begin", "if (1'b0) begin"))
    assert again == found


@pytest.mark.tools
def test_a_run_of_a_pipeline(emitted):
    manifest, text = emitted(interface="pipeline", stages=2)
    found = find_counterexample(manifest, edited(text, "if (en) ", ""))
    assert found is not None
    enables = [moment.words["en"] for moment in found.moments]
    assert 0 in enables
    header, *rows = found.table().splitlines()
    assert header.split() == ["clock", "en", "x", "y"]
    assert [row.split()[2] == "." for row in rows] == [enable == 0 for enable in enables]


@pytest.mark.tools
def test_what_cannot_be_built_has_none(emitted):
    manifest, _ = emitted(interface="stream", stages=1)
    assert find_counterexample(manifest, "module unit(); endmodule") is None


def test_a_missing_compiler_is_named(emitted, monkeypatch):
    manifest, text = emitted(interface="stream", stages=1)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingToolError, match=r"g\+\+"):
        find_counterexample(manifest, text)


@pytest.mark.tools
def test_a_unit_is_played_clock_by_clock(emitted):
    manifest, text = emitted(interface="stream", stages=1)
    unit = compile_unit(text, "unit", ports=manifest.ports, latency=1)
    with unit.player() as clock, unit.player() as other:
        clock({"rst": 1})
        assert clock({"x": 5, "x_valid": 1}) == {"x_ready": 1, "y": 0, "y_valid": 0}
        assert other({}) == {"x_ready": 1, "y": 0, "y_valid": 0}  # each unit has its own registers
        seen = clock({})
        assert (seen["x_ready"], seen["y_valid"]) == (0, 1)
        assert seen["y"] == small().golden(5)
