from types import SimpleNamespace

import pytest

from benchmarks import activations
from benchmarks.activations import ACTIVATIONS, measure_activations
from benchmarks.built import Built, build
from softgate.explore.flows import SynthesisResult


def test_the_rows_by_hand(monkeypatch):
    asked = []

    def built(function, source, output, how, *, seeds, **options):
        asked.append((function, source, output, how, tuple(seeds), options))
        found = SimpleNamespace(
            method="polynomial",
            parameters={"degree": 2},
            errors=SimpleNamespace(largest_text="0.5 ulp", max_abs=1 / 128),
        )
        return Built(found, 5, SynthesisResult({"LUT4": 61, "CCU2C": 12, "FF": 9, "DSP": 0, "BRAM": 0}, 44, {1: 251.2}))

    monkeypatch.setattr(activations, "build", built)
    rows = list(measure_activations())
    assert len(asked) == len(ACTIVATIONS)
    assert len(rows) == len(ACTIVATIONS) + 4
    assert [row.label for row in rows[:2]] == ["gelu, SQ4.4 to SQ4.4", "gelu, SQ4.8 to SQ4.8"]
    assert rows[6].label == "exp, SQ5.8 from -16 to 0 to UQ1.11"
    assert rows[0].cells == {
        "method": "polynomial (degree 2)",
        "max error (ulp)": "0.5",
        "latency": "5",
        "LUT4": "61",
        "CCU2C": "12",
        "LUT4 + 2 CCU2C": "85",
        "Fmax (MHz)": "251",
    }
    how = {"target": "ecp5", "frequency": 200.0, "objective": "luts", "dsp": 0, "bram": 0}
    assert asked[6] == ("exp", "SQ5.8", "UQ1.11", how, (1, 2, 3), {"effort": "normal", "input_range": (-16, 0)})


@pytest.mark.tools
def test_a_small_unit_through_the_flow(monkeypatch):
    monkeypatch.setattr(activations, "ACTIVATIONS", (("relu", "SQ3.2", "SQ3.2", {"method": "hard"}),))
    monkeypatch.setattr(activations, "build", lambda *given, **how: build(*given, **how | {"seeds": ()}))
    (row,) = measure_activations()
    assert (row.label, row.cells["method"], row.cells["max error (ulp)"]) == (
        "relu, SQ3.2 to SQ3.2",
        "hard",
        "0",
    )
    assert 0 < int(row.cells["LUT4"]) < 10
