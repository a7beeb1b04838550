from benchmarks import timing as timing_benchmark
from benchmarks.timing import _dropped, measure_timing
from softgate.explore.calibration import delays as calibration
from softgate.explore.design import design
from softgate.hdl.scheduling.clocked_schedule import timed_schedule
from softgate.hdl.targets import target

UNITS = (
    ("hard_tanh", "SQ4.4", "SQ1.7", {}),
    ("hard_logistic", "SQ4.6", "UQ0.10", {"variant": "keras2"}),
    ("logistic", "SQ4.4", "UQ0.8", {"method": "taylor", "degree": 1, "segments": 16}),
)


def test_delays_are_fitted_to_other_units_than_are_measured():
    assert not [unit for unit in timing_benchmark.UNITS if unit in calibration.UNITS]


def test_units_that_keep_the_clock_are_counted(monkeypatch):
    monkeypatch.setattr(timing_benchmark, "CLOCKS", (("ecp5", 150.0, UNITS),))
    monkeypatch.setattr(timing_benchmark, "route", lambda target, schedule, *_: 50.0 * schedule.latency)
    rows = list(measure_timing())
    assert [row.label for row in rows] == [
        "hard_tanh, SQ4.4 to SQ1.7",
        "hard_logistic (variant=keras2), SQ4.6 to UQ0.10",
        "logistic (method=taylor, degree=1, segments=16), SQ4.4 to UQ0.8",
        "in all",
    ]
    columns = zip(*(row.cells.values() for row in rows), strict=True)
    assert dict(zip(rows[0].cells, map(list, columns), strict=True)) == {
        "target": ["ecp5"] * 4,
        "asked (MHz)": ["150"] * 4,
        "latency": ["1", "2", "4", "7"],
        "reached (MHz)": ["50", "100", "200", "at least 50"],
        "kept": ["no", "no", "yes", "1 of 3"],
        "a rank fewer (MHz)": ["", "50", "150", "1 of 2 miss"],
    }


def test_a_rank_is_dropped_between_two_stages():
    schedule = timed_schedule(design(*UNITS[2][:3], **UNITS[2][3]).plan, target("ecp5"), 150.0)
    dropped = list(_dropped(schedule))
    assert [each.latency for each in dropped] == [schedule.latency - 1] * (schedule.latency - 1)
    for rank, fewer in enumerate(dropped, start=1):
        assert {(now, fewer.stages[name]) for name, now in schedule.stages.items()} == {
            (stage, stage if stage < rank else stage - 1) for stage in set(schedule.stages.values())
        }
