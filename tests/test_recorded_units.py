"""No unit changes by accident: plans and Verilog of a chosen set are what they were when they were recorded.

All of them are slow (``pytest -m slow tests/test_recorded_units.py``); every tenth is made in every run, but for the
widest, whose errors take seconds to measure.
"""

import re

import pytest
from recorded_units import emitted, recorded

from softgate.plan import FixedFormat

UNITS = recorded()


def some():
    return [each for each in list(UNITS)[::10] if FixedFormat.parse(re.search("-i (\\S+)", each)[1]).width <= 16]


def test_enough_is_recorded():
    assert len(UNITS) >= 150


@pytest.mark.parametrize("command", some())
def test_some_units_are_as_recorded(command):
    assert emitted(command) == UNITS[command]


@pytest.mark.slow
@pytest.mark.parametrize("command", UNITS)
def test_units_are_as_recorded(command):
    assert emitted(command) == UNITS[command]
