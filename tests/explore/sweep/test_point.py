import json
from dataclasses import replace

import pytest

from softgate.explore.sweep.point import Point

POINT = Point(
    function="tanh",
    input="SQ4.4",
    output="SQ1.7",
    method=None,
    parameters={},
    max_error="1ulp",
    saturate=False,
    interface="pipeline",
    target="ecp5",
    frequency=None,
    seeds=(1, 2),
)
OTHER = {
    "function": "logistic",
    "input": "SQ4.5",
    "output": "SQ1.6",
    "method": "taylor",
    "parameters": {"degree": "2"},
    "max_error": None,
    "saturate": True,
    "interface": "stream",
    "target": "xc7",
    "frequency": 150.0,
    "seeds": (1,),
}


def test_the_name_of_a_point_stays_what_it_is():
    """Databases of earlier versions go by it."""
    assert POINT.name == "695252dbc1877c81"


@pytest.mark.parametrize("field", OTHER)
def test_every_value_has_a_part_in_the_name(field):
    assert replace(POINT, **{field: OTHER[field]}).name != POINT.name


def test_points_go_through_json():
    point = replace(POINT, **OTHER)
    assert Point.from_dict(json.loads(json.dumps(point.as_dict()))) == point


def test_the_commands_that_make_and_measure_it():
    assert POINT.emit_command() == (
        "softgate emit tanh -i SQ4.4 -o SQ1.7 --max-error 1ulp --interface pipeline --target ecp5 --out build"
    )
    assert POINT.synth_command() == "softgate synth build/tanh.json --target ecp5 --seed 1 --seed 2"
    asked = replace(POINT, method="taylor", parameters={"degree": "2"}, frequency=150.0, saturate=True, seeds=())
    assert asked.emit_command() == (
        "softgate emit tanh -i SQ4.4 -o SQ1.7 --max-error 1ulp --method taylor --set degree=2 --saturate "
        "--interface pipeline --target ecp5 --frequency 150 --out build"
    )
    assert asked.synth_command() == "softgate synth build/tanh.json --target ecp5 --no-route"


@pytest.mark.parametrize(
    ("changes", "routed"),
    [({}, True), ({"seeds": ()}, False), ({"target": "xc7"}, False), ({"target": "generic"}, False)],
)
def test_what_is_routed(changes, routed):
    assert replace(POINT, **changes).routed is routed


def test_nothing_measures_for_a_target_without_a_flow():
    assert replace(POINT, target="generic").synth_command() == ""


def test_a_measurement_goes_by_what_has_a_part_in_it():
    one, two = "0" * 64, "1" * 64
    assert POINT.measurement(one) != POINT.measurement(two)
    assert POINT.measurement(one) == replace(POINT, method="table").measurement(one)
    assert POINT.measurement(one) != replace(POINT, frequency=150.0).measurement(one)
    synthesised = replace(POINT, seeds=())
    assert synthesised.measurement(one) == replace(synthesised, frequency=150.0).measurement(one)
