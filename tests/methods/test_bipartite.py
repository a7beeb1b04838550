import pytest
from hypothesis import given as drawing
from hypothesis import settings
from hypothesis import strategies as st
from made_up import Lopsided
from specified import hardware_outputs, outputs, specify, table
from strategies import code_ranges, formats

from softgate.accuracy.admissible import admissible
from softgate.accuracy.error_measurement import measure_errors
from softgate.functions import create_function
from softgate.methods import find_method
from softgate.plan import operations as op
from softgate.plan.operations.base import Range
from softgate.sim.golden.model import golden

BIPARTITE, TABLE = find_method("bipartite"), find_method("table")


def candidates(specification, **given):
    return list(BIPARTITE.candidates(specification, BIPARTITE.read(given)))


def check(specification, candidate):
    low, high = admissible(specification)
    results = outputs(specification, candidate.plan)
    assert (low <= results).all() and (results <= high).all()
    figures = measure_errors(golden(candidate.plan), specification.reference)
    assert specification.budget.admits(figures.largest, specification.output_format)
    assert figures.largest <= candidate.proved_error


def test_a_ramp_by_hand():
    # Places 4 j + 0, 1, 2, 3 are 4 j + 2 and ~1 = -2, ~0 = -1, 0, 1.
    specification = specify("hard_tanh", "UQ0.4", "UQ0.4", "0.5ulp")
    best = candidates(specification, folding="code", offset_bits=2, steep_bits=0)[0]
    assert table(best.plan, "initial_value") == (2, 6, 10, 14)
    assert table(best.plan, "offset") == (0, 1)
    assert outputs(specification, best.plan).tolist() == list(range(16))
    bits = {"kept_bits": 0, "steep_bits": 0, "offset_bits": 2, "guard_bits": 0}
    assert best.parameters == {"folding": "code", **bits}


@pytest.mark.parametrize("budget", ["1ulp", "0.5ulp", "2ulp", "1e-2"])
@pytest.mark.parametrize(
    ("function", "source", "output"),
    [
        ("tanh", "SQ4.4", "SQ1.7"),
        ("tanh", "SQ3.6", "SQ2.8"),
        ("logistic", "SQ4.4", "UQ0.8"),
        ("logistic", "SQ4.4", "UQ1.8"),
        ("logistic", "UQ3.4", "UQ0.8"),
        ("hard_logistic", "SQ4.4", "UQ0.8"),
    ],
)
def test_formats_and_budgets(function, source, output, budget):
    specification = specify(function, source, output, budget)
    found = candidates(specification)
    low, high = admissible(specification)
    assert found or budget == "0.5ulp" or (low > high).any()
    assert [c.cost for c in found] == sorted(c.cost for c in found)
    for candidate in found:
        check(specification, candidate)


@settings(max_examples=40, deadline=None)
@drawing(
    st.sampled_from(["tanh", "logistic", "hard_tanh", "hard_logistic"]).map(create_function) | st.just(Lopsided()),
    formats(st.integers(1, 8)),
    formats(st.integers(1, 12)),
    st.sampled_from(["1ulp", "0.5ulp", "2ulp", "5ulp", "0.7ulp", "1e-3", "0.3"]),
    st.data(),
)
def test_every_output_is_within_the_budget(function, source, output, budget, data):
    codes = data.draw(st.none() | code_ranges(source))
    specification = specify(function, str(source), str(output), budget, saturate=True, input_range=codes)
    for kind in ("code", "complement", "negation"):
        for candidate in candidates(specification, folding=kind)[:4]:
            check(specification, candidate)


@pytest.mark.parametrize(
    ("function", "source", "output", "share"),
    [("tanh", "SQ4.6", "SQ1.9", 1), ("tanh", "SQ4.8", "SQ1.11", 0.6), ("logistic", "SQ4.8", "UQ0.12", 0.6)],
)
def test_it_takes_less_than_a_table(function, source, output, share):
    specification = specify(function, source, output, "1ulp")
    best = candidates(specification)[0]
    check(specification, best)
    whole = next(TABLE.candidates(specification, TABLE.read({})))
    assert best.cost < share * whole.cost


def test_parameters_make_the_same_again():
    specification = specify("tanh", "SQ4.6", "SQ1.9", "1ulp")
    best = candidates(specification)[0]
    (again,) = candidates(specification, **best.parameters)
    assert again.plan == best.plan
    # Steep bits are a limit; offsets that depend on none are not to be had here.
    assert candidates(specification, **{**best.parameters, "steep_bits": 0}) == []


def test_what_it_refuses():
    wide = specify("tanh", "SQ4.20", "SQ1.15", "1ulp")
    message = "method bipartite looks at every input, at most 1048576; SQ4.20 has 16777216"
    assert BIPARTITE.refusal(wide) == message
    with pytest.raises(ValueError, match="method bipartite looks at every input"):
        candidates(wide)
    with pytest.raises(ValueError, match="offset_bits must be a whole number from 2 to 16"):
        BIPARTITE.read({"offset_bits": 1})
    assert candidates(specify("tanh", "SQ4.6", "SQ1.9", "1ulp"), table_bits=100) == []


def test_the_table_of_the_kept_bits_counts():
    """A bit of the output that is kept out of the tables may take a table itself, of an entry for each input."""
    specification = specify("hard_logistic", "SQ4.8", "SQ4.8", "1ulp")
    kept = [each for each in candidates(specification) if "rest_entry" in each.plan.by_name]
    assert kept
    for candidate in kept:
        size = sum(
            len(step.operation.table) * Range(min(step.operation.table), max(step.operation.table)).width
            for step in candidate.plan.steps
            if isinstance(step.operation, op.Lookup)
        )
        within = candidates(specification, **candidate.parameters, table_bits=size)
        assert [each.plan for each in within] == [candidate.plan]
        assert candidates(specification, **candidate.parameters, table_bits=size - 1) == []


@pytest.mark.parametrize("name", ["initial_value", "offset"])
def test_an_entry_that_is_off_is_found(name):
    specification = specify("tanh", "SQ4.6", "SQ1.9", "1ulp")
    candidate = candidates(specification)[0]
    broken = candidate.plan.as_dict()
    (step,) = (step for step in broken["steps"] if step["name"] == name)
    digits, place = step["table"]["hex"], 2 * step["table"]["digits"] - 2  # the last but one of the second entry
    step["table"]["hex"] = digits[:place] + f"{int(digits[place], 16) ^ 1:x}" + digits[place + 1 :]
    results = outputs(specification, type(candidate.plan).from_dict(broken))
    low, high = admissible(specification)
    assert ((results < low) | (results > high)).any()


@pytest.mark.tools
@pytest.mark.parametrize("frequency", [None, 200])
@pytest.mark.parametrize(
    ("function", "output", "folding"), [("tanh", "SQ1.9", "negation"), ("logistic", "UQ0.10", "complement")]
)
def test_hardware_computes_the_same(function, output, folding, frequency):
    specification = specify(function, "SQ4.6", output, "1ulp", ends="free")
    plan = candidates(specification, folding=folding)[0].plan
    results = hardware_outputs(specification, plan, frequency)
    assert (results == outputs(specification, plan)).all()
