from types import SimpleNamespace

from softgate.explore import monotonic_benchmark
from softgate.explore.built import Built
from softgate.explore.flows import SynthesisResult
from softgate.explore.monotonic_benchmark import measure_monotonic


def test_every_unit_with_and_without(monkeypatch):
    asked = []

    def build(function, source, output, how, *, seeds, monotonic):
        asked.append((function, source, output, monotonic))
        found = SimpleNamespace(
            method="table", parameters={"kept_bits": 1}, errors=SimpleNamespace(monotonic=monotonic)
        )
        return Built(found, 3, SynthesisResult({"LUT4": 40, "CCU2C": 2}, 44, dict.fromkeys(seeds, 210.6)))

    monkeypatch.setattr(monotonic_benchmark, "build", build)
    rows = list(measure_monotonic())
    assert [row.label for row in rows[:2]] == ["logistic, SQ4.4 to UQ0.8", "logistic, SQ4.4 to UQ0.8, monotonic"]
    assert [row.figures["is monotonic"] for row in rows] == ["no", "yes"] * 6
    assert rows[0].figures == {
        "method": "table (kept_bits 1)",
        "is monotonic": "no",
        "latency": "3",
        "LUT4": "40",
        "CCU2C": "2",
        "Fmax (MHz)": "211",
    }
    assert asked[-1] == ("tanh", "SQ4.12", "SQ1.15", True)
