import pytest
from hypothesis import given as drawing
from hypothesis import settings
from hypothesis import strategies as st
from made_up import Lopsided
from specified import hardware_outputs, outputs, specify
from strategies import code_ranges, formats

from softgate.accuracy.admissible import admissible
from softgate.accuracy.error_measurement import measure_errors
from softgate.accuracy.monotonic import is_monotonic
from softgate.explore.choose.choice import EFFORTS
from softgate.functions import create_function
from softgate.methods import find_method, method_classes
from softgate.plan.lut_estimate import logic_size
from softgate.plan.operations import Lookup
from softgate.sim.golden.model import golden

NETWORK = find_method("network")


def candidates(specification, **given):
    return list(NETWORK.candidates(specification, NETWORK.read(given)))


def test_tanh_of_eight_bits():
    specification = specify("tanh", "SQ4.4", "SQ1.7", "1ulp")
    (table, *_) = find_method("table").candidates(specification, find_method("table").read({}))
    (few,) = candidates(specification, moves=4000)
    (more,) = candidates(specification, moves=20000)
    assert more.cost < few.cost < 60
    assert more.cost < logic_size(table.plan)
    assert more.proved_error == 1
    for candidate in (few, more):
        tables = [step.operation.table for step in candidate.plan.steps if isinstance(step.operation, Lookup)]
        assert candidate.cost <= sum(max(len(table) // 16, 1) for table in tables) < 60
        errors = measure_errors(golden(candidate.plan), specification.reference)
        assert errors.largest < 1


@settings(max_examples=40, deadline=None)
@drawing(
    st.sampled_from(["tanh", "logistic", "hard_tanh", "tanh_derivative"]).map(create_function) | st.just(Lopsided()),
    formats(st.integers(1, 7)),
    formats(st.integers(1, 9)),
    st.sampled_from(["1ulp", "0.5ulp", "2ulp", "0.7ulp", "1e-3", "0.3"]),
    st.booleans(),
    st.data(),
)
def test_every_output_is_within_the_budget(function, source, output, budget, monotonic, data):
    codes = data.draw(st.none() | code_ranges(source))
    specification = specify(
        function, str(source), str(output), budget, saturate=True, input_range=codes, monotonic=monotonic
    )
    low, high = admissible(specification)
    found = candidates(specification, moves=200)
    assert found or (low > high).any() or monotonic
    for candidate in found:
        results = outputs(specification, candidate.plan)
        assert (low <= results).all() and (results <= high).all()
        errors = measure_errors(golden(candidate.plan), specification.reference)
        assert errors.largest <= candidate.proved_error
        if monotonic:
            assert is_monotonic(source.codes(*specification.codes), results, specification.reference.monotonicity)


@pytest.mark.parametrize("seed", [1, 2])
def test_monotonic_where_it_would_not_be(seed):
    free = specify("tanh", "SQ4.4", "SQ1.7", "2ulp")
    asked = specify("tanh", "SQ4.4", "SQ1.7", "2ulp", monotonic=True)
    plans = [candidates(each, moves=8000, seed=seed)[0].plan for each in (free, asked)]
    rising = [
        is_monotonic(free.input_format.codes(), outputs(free, plan), free.reference.monotonicity) for plan in plans
    ]
    assert rising == [False, True]


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_no_way_is_longer_than_asked_for(depth):
    (candidate,) = candidates(specify("tanh", "SQ4.3", "SQ1.6", "1ulp"), moves=500, depth=depth)
    steps = candidate.plan.by_name
    found = {}
    for name, step in steps.items():  # each after what it reads
        table = isinstance(step.operation, Lookup) and len(step.operation.table) > 2  # an inverter is none
        found[name] = max((found[other] for other in step.operation.operands), default=0) + table
    assert 0 < max(found.values()) <= depth


def test_inputs_of_a_look_up_table():
    specification = specify("logistic", "SQ4.2", "UQ0.6", "1ulp")
    (candidate,) = candidates(specification, moves=2000, inputs=6)
    sizes = [len(step.operation.table) for step in candidate.plan.steps if isinstance(step.operation, Lookup)]
    assert max(sizes) <= 1 << 9
    assert candidate.parameters == {"moves": 2000, "depth": 5, "inputs": 6, "seed": 1}
    (again,) = candidates(specification, **candidate.parameters)
    assert again.plan == candidate.plan


def test_what_it_refuses():
    message = "method network searches for inputs of at most 10 bits; SQ4.7 has 11"
    wide = specify("tanh", "SQ4.7", "SQ1.7", "1ulp")
    assert NETWORK.refusal(wide) == message
    with pytest.raises(ValueError) as raised:
        candidates(wide)
    assert str(raised.value) == message
    assert NETWORK.refusal(specify("tanh", "SQ4.4", "SQ1.40", "1ulp")).startswith("method network makes outputs of at")
    assert NETWORK.refusal(specify("tanh", "SQ4.6", "SQ1.7", "1ulp")) is None
    with pytest.raises(ValueError, match="inputs must be a whole number from 3 to 6, not 2"):
        NETWORK.read({"inputs": 2})


def test_no_network_where_nothing_is_within_the_budget():
    assert candidates(specify("logistic", "SQ4.4", "UQ0.4", "2^-9")) == []


@pytest.mark.tools
@pytest.mark.parametrize(
    ("function", "source", "output"),
    [("tanh", "SQ4.3", "SQ1.6"), ("logistic", "UQ3.4", "UQ0.8"), ("tanh", "SQ2.0", "SQ1.3")],
)
@pytest.mark.parametrize("frequency", [None, 250])
def test_hardware_computes_the_same(function, source, output, frequency):
    specification = specify(function, source, output, "1ulp")
    (candidate,) = candidates(specification, moves=3000)
    results = hardware_outputs(specification, candidate.plan, frequency)
    assert (results == outputs(specification, candidate.plan)).all()


def test_when_it_is_worth_the_wait():
    eight, nine = specify("tanh", "SQ4.4", "SQ1.7", "1ulp"), specify("tanh", "SQ4.5", "SQ1.8", "1ulp")
    assert NETWORK.is_worth_the_wait(eight, 4)
    assert not NETWORK.is_worth_the_wait(eight, 6)  # whole tables are as small there
    assert not NETWORK.is_worth_the_wait(nine, 4)
    assert not NETWORK.is_worth_the_wait(specify("tanh", "SQ4.4", "SQ1.40", "1ulp"), 4)
    assert not NETWORK.searched
    assert {method.name for method in method_classes() if method.efforts} == {"network"}


def test_more_effort_is_more_moves():
    assert list(NETWORK.efforts) == list(EFFORTS)
    read = {effort: [NETWORK.read(given) for given in found] for effort, found in NETWORK.efforts.items()}
    assert [len(found) for found in read.values()] == [1, 3, 2]
    assert [given["seed"] for given in read["normal"]] == [1, 2, 3]
    moves = [found[0]["moves"] for found in read.values()]
    assert moves == sorted(moves) and len(set(moves)) == 3
    assert read["quick"] == [NETWORK.read({})]
