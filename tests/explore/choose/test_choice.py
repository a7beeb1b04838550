import json
from dataclasses import replace

import pytest
from weighed import CHOICE

from softgate import design
from softgate.explore.choose.choice import Choice, megahertz
from softgate.hdl.unit import choose_schedule


def test_round_trip():
    assert Choice.from_dict(json.loads(json.dumps(CHOICE.as_dict()))) == CHOICE


def test_measured_figures_come_first():
    first, second, third = CHOICE.weighed
    assert (first.size, first.clock) == (60, 241.0)
    assert (second.size, second.clock) == (70.0, 230.0)
    assert (third.size, third.clock) == (None, None)
    assert CHOICE.others == 2


@pytest.mark.parametrize(
    ("asked", "reached", "misses"),
    [(200.0, 199.9, True), (200.0, 200.0, False), (200.0, None, False), (None, 1.0, False)],
)
def test_what_is_measured_below_the_clock_misses_it(asked, reached, misses):
    assert replace(CHOICE, frequency=asked).misses(replace(CHOICE.chosen, measured_fmax=reached)) is misses


@pytest.mark.parametrize(("reached", "text"), [(23.0, "23.00"), (23.999, "23.99"), (250.128, "250.12")])
def test_a_clock_is_rounded_down(reached, text):
    assert megahertz(reached) == text


@pytest.mark.parametrize("spoil", [lambda data: data.pop("effort"), lambda data: data["weighed"][0].update(size=3)])
def test_other_fields_are_refused(spoil):
    data = CHOICE.as_dict()
    spoil(data)
    with pytest.raises(TypeError):
        Choice.from_dict(data)


@pytest.mark.parametrize("compact", [False, True])
def test_registers_are_those_of_the_choice(tmp_path, compact):
    plain = design("tanh", "SQ3.4", "SQ1.6", method="taylor", degree=1, segments=4)
    best, *others = CHOICE.weighed
    unit = replace(plain, choice=replace(CHOICE, weighed=(replace(best, compact=compact), *others)))
    options = {"target": "ecp5", "frequency": 50, "objective": CHOICE.objective}
    expected = choose_schedule(unit.plan, "pipeline", compact=compact, **options)
    assert choose_schedule(unit.plan, "pipeline", compact=not compact, **options).latency != expected.latency
    assert unit.emit(tmp_path, **options).latency == expected.latency
    assert unit.schedule(**options) == expected
