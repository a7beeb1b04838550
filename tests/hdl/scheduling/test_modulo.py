"""Modulo schedules: units and turns follow from the interval, and no unit is asked for twice at once."""

from collections import Counter

import pytest

from softgate.hdl.scheduling.modulo import (
    ModuloSchedule,
    Source,
    Tap,
    Task,
    cheapest_schedule,
    modulo_schedules,
    units_needed,
)


def cell(busy=1):
    """The operations of an LSTM cell, with a core of 7 clocks and products of 6."""
    cores = [Task(f"gate_{name}", "core", 7, (("x", Source(name)),)) for name in "figo"]
    return (
        *cores,
        Task("kept", "product", 6, (("gate", Source("gate_f", "y")), ("factor", Source("c"))), busy),
        Task("added", "product", 6, (("gate", Source("gate_i", "y")), ("factor", Source("gate_g", "t"))), busy),
        Task("state", "", 2, (("kept", Source("kept", "y")), ("added", Source("added", "y")))),
        Task("squash", "core", 7, (("x", Source("state", "y")),)),
        Task("shown", "product", 6, (("gate", Source("gate_o", "y")), ("factor", Source("squash", "t"))), busy),
    )


def faults(found):
    """Return what is wrong with a schedule: operands that are late, and clocks of a unit that are taken twice."""
    wrong = [
        (task.name, source.name)
        for task in found.tasks
        for _, source in task.operands
        if source.output and found.ready(source.name) > found.starts[task.name]
    ]
    taken = Counter(
        (found.unit(task.name), (found.starts[task.name] + clock) % found.interval)
        for task in found.tasks
        if task.kind
        for clock in range(task.busy)
    )
    return wrong + [slot for slot, count in taken.items() if count > 1]


@pytest.mark.parametrize(
    ("interval", "busy", "units"),
    [
        (1, 1, {"core": 5, "product": 3}),
        (2, 1, {"core": 3, "product": 2}),
        (3, 1, {"core": 2, "product": 1}),
        (5, 1, {"core": 1, "product": 1}),
        (6, 2, {"core": 1, "product": 1}),
        (12, 4, {"core": 1, "product": 1}),
    ],
)
def test_no_unit_is_taken_twice(interval, busy, units):
    assert units_needed(cell(busy), interval) == units
    schedules = list(modulo_schedules(cell(busy), interval))
    assert schedules
    for found in schedules:
        assert faults(found) == []
        assert Counter(found.by_name[name].kind for name in found.starts)["core"] == 5
        assert {found.unit(task.name) for task in found.tasks if task.kind} == {
            f"{kind}{number}" for kind, count in units.items() for number in range(count)
        }


def test_the_cheapest_of_interval_5():
    found = cheapest_schedule(cell(), 5)
    assert found.cost == min(schedule.cost for schedule in modulo_schedules(cell(), 5))
    # The core chooses between five operands, the factor between c and tanh; gates go straight into their products.
    assert found.cost[0] == 5
    assert {port: len(taps) for (unit, port), taps in found.sources().items() if unit != "state"} == {
        "x": 5,
        "gate": 1,
        "factor": 2,
    }
    # o is not computed as soon as it could be, but next to the tanh that it is multiplied with.
    assert found.starts["squash"] - found.starts["gate_o"] in (-1, 1)


def test_where_operands_wait():
    tasks = (
        Task("a", "core", 3, (("x", Source("in")),)),
        Task("b", "", 1, (("x", Source("a", "y")),)),
    )
    found = ModuloSchedule(tasks, 4, {"a": 6, "b": 20}, {"a": 0, "b": 0})
    assert found.tap(Source("in"), 6) == Tap("in", "", 2, held=True)  # a new one comes every 4 clocks
    assert found.tap(Source("in"), 0) == Tap("in", "", 0, held=True)
    assert found.tap(Source("a", "y"), 9) == Tap("core0", "y", 0, held=False)
    assert found.tap(Source("a", "y"), 11) == Tap("core0", "y", 2, held=False)
    assert found.tap(Source("a", "y"), 20) == Tap("a", "y", 3, held=True)
    assert found.latency == 21
