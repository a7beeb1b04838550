"""Composites on an ECP5: the rows by hand."""

from benchmarks import composites as composites_benchmark
from benchmarks.composites import measure_composites
from softgate.explore.flows import SynthesisResult


def test_rows(monkeypatch):
    asked = {"name": "softmax", "n": 3, "input_format": "SQ2.2", "output_format": "UQ0.6", "cache": False}
    counts = {"LUT4": 100, "CCU2C": 10, "MUX": 5, "FF": 50, "LUTRAM": 6, "DSP": 0, "BRAM": 0}
    result = SynthesisResult(counts, 144, {1: 201.0, 2: 210.0, 3: 190.0})
    monkeypatch.setattr(composites_benchmark, "_UNITS", {"a softmax": asked})
    monkeypatch.setattr(composites_benchmark, "synthesise", lambda *_, **__: result)
    (row,) = measure_composites()
    assert row.label == "a softmax"
    assert row.cells["eq"] == "144"
    assert row.cells["Fmax (MHz)"] == "201"
    assert row.cells["sum at least"].startswith("1 - ")
    assert row.cells["latency"].isdigit()
