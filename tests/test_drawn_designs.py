"""Designs drawn at random: each found if a table could do it, and right by mpmath in Icarus, with and without stalls.

All of them are slow (``pytest -m slow tests/test_drawn_designs.py``); a few of every kind are made in every run.
"""

import icarus
import pytest
from drawn_designs import Drawn, drawn, found, judge

pytestmark = pytest.mark.tools

SMALL = (range(1, 7), range(1, 7))
LARGE = (range(7, 17), range(1, 19))


def check(cases: list[Drawn], folder) -> int:
    """Make, simulate and judge units; return how many there are."""
    units = []
    for number, case in enumerate(cases):
        unit = found(case)
        if unit is None:
            continue
        outputs = unit.golden([*case.codes]).tolist()
        judge(case, outputs, unit.errors)
        name = f"unit{number}"
        manifest = unit.emit(folder, name=name, interface=case.interface, objective=case.objective)
        units.append((case, outputs, manifest, (folder / f"{name}.v").read_text()))
    if icarus.AVAILABLE and units:
        for stalls in (False, True):
            simulated = icarus.outputs([each[2:] for each in units], folder, stalls=stalls)
            for (case, outputs, _, _), found_there in zip(units, simulated, strict=True):
                assert found_there == outputs, case
    return len(units)


def test_a_few_designs(tmp_path):
    cases = [drawn(number, 3, range(1, 6), SMALL[1]) for number in range(0, 128, 5)]
    assert len({case.function for case in cases}) == 6
    assert len({case.interface for case in cases}) == 4
    assert check(cases, tmp_path) > len(cases) / 2


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 1800, 60))
def test_small_designs(first, tmp_path):
    assert check([drawn(number, 1, *SMALL) for number in range(first, first + 60)], tmp_path) > 30


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 300, 10))
def test_large_designs(first, tmp_path):
    assert check([drawn(number, 2, *LARGE) for number in range(first, first + 10)], tmp_path) > 2
