from types import SimpleNamespace

import pytest

from benchmarks import demands as demands_benchmark
from benchmarks.built import Built
from benchmarks.demands import measure_demands, measure_monotonic
from softgate.explore.flows import SynthesisResult
from softgate.plan import FixedFormat


@pytest.fixture
def asked(monkeypatch):
    """Return what is asked for, of units that are made up."""
    calls = []

    def build(function, source, output, how, *, seeds, **options):
        calls.append((function, source, output, options))
        errors = SimpleNamespace(
            exact_ends="ends" not in options,
            monotonic="monotonic" in options,
            symmetric=options.get("symmetric"),
            bias=2.0**-12,
            magnitude_bias=-(2.0**-14),
        )
        specification = SimpleNamespace(output_format=FixedFormat.parse(output))
        found = SimpleNamespace(method="table", parameters={"kept_bits": 1}, errors=errors, specification=specification)
        return Built(found, 3, SynthesisResult({"LUT4": 40, "CCU2C": 2}, 44, dict.fromkeys(seeds, 210.6)))

    monkeypatch.setattr(demands_benchmark, "build", build)
    return calls


def test_every_unit_with_and_without(asked):
    rows = list(measure_monotonic())
    assert [row.label for row in rows[:2]] == ["logistic, SQ4.4 to UQ0.8", "logistic, SQ4.4 to UQ0.8, monotonic"]
    assert [row.cells["monotonic"] for row in rows] == ["no", "yes"] * 6
    assert rows[0].cells == {
        "method": "table (kept_bits 1)",
        "exact ends": "yes",
        "monotonic": "no",
        "symmetric": "no",
        "bias": "0.062",
        "bias of magnitudes": "-0.016",
        "latency": "3",
        "LUT4": "40",
        "CCU2C": "2",
        "Fmax (MHz)": "211",
    }
    assert asked[-1] == ("tanh", "SQ4.12", "SQ1.15", {"monotonic": True})


def test_every_demand(asked):
    rows = list(measure_demands())
    assert [options for *_, options in asked] == [
        {},
        {"ends": "free"},
        {"symmetric": True},
        {"max_bias": "0.02ulp"},
    ] * 6
    assert [row.cells["exact ends"] for row in rows] == ["yes", "no", "yes", "yes"] * 6
    assert [row.cells["symmetric"] for row in rows] == ["no", "no", "yes", "no"] * 6
