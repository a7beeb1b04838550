from types import SimpleNamespace

import pytest

from benchmarks import fits as fits_benchmark
from benchmarks.built import Built
from benchmarks.fits import FITS, measure_fits
from softgate.explore.flows import SynthesisResult

NAMES = ["exact", "taylor", "least_squares, legendre", "least_squares, chebyshev", "minimax", "continuous"]


def test_the_rows_by_hand(monkeypatch):
    asked = []

    def built(function, source, output, how, **options):
        asked.append((function, source, output, how, options))
        errors = SimpleNamespace(max_ulp=0.87654, correctly_rounded=0.5)
        found = SimpleNamespace(parameters={"degree": 2, "segments": 8}, errors=errors)
        return Built(found, 4, SynthesisResult({"LUT4": 40}, 44, {}))

    monkeypatch.setattr(fits_benchmark, "build", built)
    rows = list(measure_fits())
    assert [row.label for row in rows[:6]] == [f"tanh, SQ4.8 to SQ1.11, {name}" for name in NAMES]
    # The exact method takes no input of 24 bits.
    assert [row.label for row in rows[-5:]] == [f"logistic, SQ4.20 to UQ0.24, {name}" for name in NAMES[1:]]
    assert len(rows) == len(asked) == 4 * 6 + 2 * 5
    assert rows[0].cells == {
        "degree": "2",
        "segments": "8",
        "max error (ulp)": "0.8765",
        "correctly rounded": "50.0 %",
        "latency": "4",
        "LUT4 + 2 CCU2C": "44",
    }
    how = {"target": "ecp5", "frequency": 200.0, "objective": "luts", "dsp": 0, "bram": 0}
    options = {"method": "polynomial", "max_error": "1ulp", "fit": "least_squares", "weight": "legendre"}
    assert asked[2] == ("tanh", "SQ4.8", "SQ1.11", how, options)


@pytest.mark.tools
def test_small_units_through_the_flow(monkeypatch):
    monkeypatch.setattr(fits_benchmark, "_FORMATS", (("tanh", "SQ3.2", "SQ1.4"),))
    monkeypatch.setattr(fits_benchmark, "FITS", (FITS[0], FITS[4]))
    exact, minimax = measure_fits()
    assert (exact.label, minimax.label) == ("tanh, SQ3.2 to SQ1.4, exact", "tanh, SQ3.2 to SQ1.4, minimax")
    for row in (exact, minimax):
        assert float(row.cells["max error (ulp)"]) < 1
        assert 0 < int(row.cells["LUT4 + 2 CCU2C"]) < 60
    assert int(exact.cells["LUT4 + 2 CCU2C"]) <= int(minimax.cells["LUT4 + 2 CCU2C"])
