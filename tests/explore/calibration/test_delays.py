"""The fit of delays, with periods that are known sums of delays instead of routed ones."""

from dataclasses import replace
from statistics import median

import pytest

from softgate.explore.calibration import delays as module
from softgate.explore.calibration import report
from softgate.explore.calibration.delays import delays_of, fit, samples
from softgate.explore.calibration.report import measure_delays
from softgate.hdl.scheduling.clocked_schedule import predicted_clock
from softgate.hdl.targets import Delays, target, target_names

UNITS = (
    ("hard_tanh", "SQ4.4", "SQ1.7", {"min": "-1/3", "max": "0.8"}),
    ("hard_logistic", "SQ4.4", "UQ0.8", {"variant": "keras3"}),
    ("logistic", "SQ4.4", "UQ0.8", {"method": "table"}),
    ("tanh", "SQ3.5", "SQ1.7", {"method": "taylor", "degree": 2, "segments": 8}),
    ("tanh", "SQ4.4", "SQ1.7", {"method": "taylor", "degree": 1, "segments": 16}),
    ("logistic", "SQ4.8", "UQ0.12", {"method": "table", "folding": "code"}),
)
UP5K = replace(
    target("ice40-up5k"),
    delays=Delays(4.0, 3.0, 2.0, 0.25, (3.0, 3.0, 3.0, 3.0, 6.0, 9.0, 12.0, 15.0, 20.0, 25.0), 0.0625),
    margin=0.0,
)
SLOWER = replace(
    UP5K,
    delays=replace(
        UP5K.delays,
        register=1.25 * UP5K.delays.register,
        carry=1.5 * UP5K.delays.carry,
        level=1.125 * UP5K.delays.level,
        table=tuple(1.125 * delay for delay in UP5K.delays.table),
    ),
)


@pytest.fixture
def routed(monkeypatch):
    """Take the periods that other delays predict for those of place and route."""
    seen = []

    def route(on, schedule, frequency):
        seen.append((on, schedule, frequency))
        return predicted_clock(schedule, SLOWER)

    monkeypatch.setattr(module, "UNITS", UNITS)
    monkeypatch.setattr(module, "route", route)
    return seen


def test_units_are_built_for_every_clock_with_and_without_block_ram(routed):
    made = list(samples(UP5K, (24.0, 48.0)))
    assert {sample.number for sample in made} == set(range(len(UNITS)))
    assert {bool(sample.schedule.blocks) for sample in made if sample.number == 5} == {False, True}
    for sample, (on, schedule, frequency) in zip(made, routed, strict=True):
        assert sample.schedule is schedule
        assert 1000 / sample.period == pytest.approx(predicted_clock(schedule, SLOWER))
        assert on.multiplier.most == 0  # nothing tells how long these take
        assert frequency in (24.0, 48.0)
    assert all(a.schedule != b.schedule for place, a in enumerate(made) for b in made[:place])


def test_multipliers_that_can_be_timed_are_used(routed):
    list(samples(target("ecp5"), (100.0,)))
    assert {on.multiplier.most for on, *_ in routed} == {None}


def test_delays_are_found_again(routed):
    made = list(samples(UP5K, (24.0, 36.0, 48.0)))
    before = [abs(sample.predicted(UP5K) / sample.period - 1) for sample in made]
    found = fit(UP5K, made)
    after = [abs(sample.predicted(found) / sample.period - 1) for sample in made]
    assert median(after) < median(before) / 3
    assert sum(sample.period <= sample.predicted(found) + 1e-6 for sample in made) >= module.QUANTILE * len(made)
    assert delays_of(found)["register"] == pytest.approx(SLOWER.delays.register, rel=0.1)
    assert (found.name, found.costs, found.multiplier) == (UP5K.name, UP5K.costs, UP5K.multiplier)


@pytest.mark.parametrize("name", [name for name in target_names() if target(name).calibrated_for])
def test_every_delay_has_a_name_of_its_own(name):
    on = target(name)
    found = delays_of(on)
    assert found["growth"] == on.delays.growth
    assert found.get("block RAM") == (on.block_ram and on.block_ram.delay)
    assert found.get("multiplier") == (on.multiplier and on.multiplier.delay)
    more = sum(delay for each, delay in found.items() if each.startswith("table bit "))
    assert on.delays.table[on.lut_inputs - 1] + more == pytest.approx(on.delays.table[-1])
    assert module._with_values(on, list(found.values())) == on


def test_a_row_for_each_unit_comes_as_it_is_routed(routed):
    """Long before the fit: what is interrupted has shown what it measured."""
    rows = measure_delays(replace(UP5K, calibrated_for=(24.0,)))
    first, second = next(rows), next(rows)
    assert len(routed) == 2
    assert first.label == "hard_tanh (min=-1/3, max=0.8), SQ4.4 to SQ1.7, for 24 MHz"
    assert second.label == "hard_logistic (variant=keras3), SQ4.4 to UQ0.8, for 24 MHz"
    period, predicted = 1000 / predicted_clock(routed[1][1], SLOWER), 1000 / predicted_clock(routed[1][1], UP5K)
    assert second.cells == {
        "latency": "1",
        "blocks": "0",
        "predicted (ns)": f"{predicted:.2f}",
        "reached (ns)": f"{period:.2f}",
        "late": f"{100 * (period / predicted - 1):.1f} %",
    }


def test_the_margin_is_what_the_slowest_needs(routed, monkeypatch):
    monkeypatch.setattr(report, "fit", lambda on, _: on)
    on = replace(UP5K, margin=0.125, calibrated_for=(24.0,))
    late = sorted(sample.period / sample.predicted(on) - 1 for sample in samples(on, (24.0,)))
    *delays, error, held_out, slowest, margin = list(measure_delays(on))[len(late) :]
    assert [row.label for row in delays] == list(delays_of(on))
    assert error.label == f"median error of {len(late)} periods"
    assert error.cells == held_out.cells
    assert slowest.label == "late"
    assert slowest.cells == {"now": f"{100 * late[-1]:.1f} %", "fitted": f"{100 * late[-1]:.1f} %"}
    assert margin.cells == {"now": "12.5 %", "fitted": f"{100 * late[-1]:.1f} %"}
    with pytest.raises(ValueError, match=r"^the delays of xc7 are not fitted: no place and route is at hand for it$"):
        list(measure_delays(target("xc7")))
