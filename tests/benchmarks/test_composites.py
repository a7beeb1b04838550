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


def test_rows_of_cells(monkeypatch):
    asked = {"name": "lstm_cell", "z": "SQ3.2", "gate": "UQ0.4", "cell": "SQ3.2", "hidden": "SQ1.3", "cache": False}
    counts = {"LUT4": 100, "CCU2C": 10, "MUX": 5, "FF": 50, "LUTRAM": 0, "DSP": 0, "BRAM": 0}
    monkeypatch.setattr(composites_benchmark, "_UNITS", {"a cell": asked})
    monkeypatch.setattr(composites_benchmark, "synthesise", lambda *_, **__: SynthesisResult(counts, 120))
    (row,) = measure_composites()
    state, output = (float(rms) for rms in row.cells["RMS"].split(", "))
    largest_state, largest_output = (float(error) for error in row.cells["max error"].split(", "))
    # Rounding alone has an RMS of 0.29 of 2^-2, and of 2^-3.
    assert 0.07 < state < largest_state / 3
    assert 0.035 < output < largest_output / 3
    assert row.cells["sum at least"] == ""
    assert row.cells["Fmax (MHz)"] == "none"


def test_rows_of_neurons(monkeypatch):
    asked = {"name": "neuron", "inputs": 5, "x": "SQ2.2", "weights": "SQ2.2", "function": "tanh", "parallel": 2}
    counts = {"LUT4": 100, "CCU2C": 10, "MUX": 5, "FF": 50, "LUTRAM": 0, "DSP": 0, "BRAM": 0}
    monkeypatch.setattr(
        composites_benchmark, "_UNITS", {"a neuron": {**asked, "output_format": "SQ1.5", "cache": False}}
    )
    monkeypatch.setattr(composites_benchmark, "synthesise", lambda *_, **__: SynthesisResult(counts, 120))
    (row,) = measure_composites()
    assert 0 < float(row.cells["RMS"]) < float(row.cells["max error"]) <= 2**-5
    assert row.cells["sum at least"] == ""
