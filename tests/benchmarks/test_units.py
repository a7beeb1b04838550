from types import SimpleNamespace

import pytest

from benchmarks import units as units_benchmark
from benchmarks.built import Built, build
from benchmarks.units import UNITS, measure_units
from softgate.explore.flows import SynthesisResult


def test_the_rows_by_hand(monkeypatch):
    asked = []

    def built(function, source, output, how, *, interface, seeds, **options):
        asked.append((function, source, output, how, interface, tuple(seeds), options))
        errors = SimpleNamespace(max_ulp=0.75, correctly_rounded=0.875)
        found = SimpleNamespace(method="table", parameters={"kept_bits": 1}, errors=errors)
        resources = {"LUT4": 40, "CCU2C": 2, "FF": 17, "DSP": 0, "BRAM": 1}
        return Built(found, 3, SynthesisResult(resources, 44, {1: 199.4, 2: 210.0, 3: 180.0}))

    monkeypatch.setattr(units_benchmark, "build", built)
    rows = list(measure_units())
    assert [row.label for row in rows[:2]] == [
        "hard_tanh, SQ4.12 to SQ1.15",
        "hard_logistic (variant=taylor), SQ4.12 to UQ0.16",
    ]
    assert rows[6].label == "tanh, SQ4.8 to SQ1.11, at most 0.5ulp"
    assert rows[9].label == "logistic (method=taylor, degree=3, segments=16), SQ4.12 to UQ0.16"
    assert rows[0].cells == {
        "method": "table (kept_bits 1)",
        "max error (ulp)": "0.75000",
        "correctly rounded": "87.50 %",
        "latency": "3",
        "LUT4": "40",
        "CCU2C": "2",
        "FF": "17",
        "DSP": "0",
        "block RAM": "1",
        "Fmax (MHz)": "199, missed",
    }
    how = {"target": "ecp5", "frequency": 200.0, "objective": "luts"}
    assert asked[6] == (
        "tanh",
        "SQ4.8",
        "SQ1.11",
        how,
        "stream",
        (1, 2, 3),
        {"effort": "normal", "max_error": "0.5ulp"},
    )
    assert len(asked) == len(rows) == len(UNITS) == 10


@pytest.mark.tools
def test_a_small_unit_through_the_flow(monkeypatch):
    monkeypatch.setattr(units_benchmark, "UNITS", (("hard_tanh", "SQ3.2", "SQ1.4", {"method": "hard"}),))
    monkeypatch.setattr(units_benchmark, "build", lambda *given, **how: build(*given, **how | {"seeds": ()}))
    (row,) = measure_units()
    assert (row.label, row.cells["method"]) == ("hard_tanh (method=hard), SQ3.2 to SQ1.4", "hard")
    assert (row.cells["max error (ulp)"], row.cells["Fmax (MHz)"]) == ("0.00000", "")
    assert 0 < int(row.cells["LUT4"]) < 40 and int(row.cells["FF"]) > 0
