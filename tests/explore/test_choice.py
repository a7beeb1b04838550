import json

import pytest
from weighed import CHOICE

from softgate.explore.choice import Choice


def test_round_trip():
    assert Choice.from_dict(json.loads(json.dumps(CHOICE.as_dict()))) == CHOICE


def test_measured_figures_come_first():
    first, second, third = CHOICE.weighed
    assert (first.size, first.clock) == (60, 241.0)
    assert (second.size, second.clock) == (70.0, 230.0)
    assert (third.size, third.clock) == (None, None)
    assert CHOICE.others == 2


@pytest.mark.parametrize("spoil", [lambda data: data.pop("effort"), lambda data: data["weighed"][0].update(size=3)])
def test_other_fields_are_refused(spoil):
    data = CHOICE.as_dict()
    spoil(data)
    with pytest.raises(TypeError):
        Choice.from_dict(data)
