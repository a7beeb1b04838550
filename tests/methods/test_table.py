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
from softgate.methods.tables import FOLDINGS
from softgate.plan.operations import Absolute, Add, Lookup, Subtract
from softgate.plan.operations.base import Range
from softgate.sim.golden.model import golden

TABLE = find_method("table")


def candidates(specification, **given):
    return list(TABLE.candidates(specification, TABLE.read(given)))


def check(specification, candidate):
    """Check every output of a candidate against the true function, in balls."""
    codes = range(specification.codes.low, specification.codes.high + 1)
    limit = specification.budget.in_ulp(specification.output_format)
    for code, result in zip(codes, outputs(specification, candidate.plan).tolist(), strict=True):
        below, above = specification.reference.enclosure(code)
        assert max(above - result, result - below) < limit or not specification.budget.strict
        assert max(above - result, result - below) <= limit + (below != above)
        assert specification.budget.admits(min(abs(result - below), abs(result - above)), specification.output_format)


def test_a_small_table_by_hand():
    # tanh of 0, 1/2, 1, 3/2 .. 7/2 in eighths: 0, 3.70, 6.09, 7.24, 7.71, 7.89, 7.96, 7.99, at most 7 in SQ1.3.
    # With the lowest bit kept 1 the entries are 0, 1, 3 and always 3: outputs 1, 3, 7, 7; but 0 must be 0.
    specification = specify("tanh", "SQ3.1", "SQ1.3", "1ulp", ends="free")
    (plan,) = (c.plan for c in candidates(specification, folding="magnitude") if "rest" in c.plan.by_name)
    assert table(plan, "entry") == (0, 1)
    assert plan.by_name["limit_above"].operation.value == 3
    assert [plan.by_name[name].operation.value for name in ("rest", "other_rest", "exception")] == [1, 0, 0]
    assert outputs(specification, plan).tolist() == [-7, -7, -7, -7, -7, -7, -7, -3, 0, 3, 7, 7, 7, 7, 7, 7]


def test_tanh_of_eight_bits():
    specification = specify("tanh", "SQ4.4", "SQ1.7", "1ulp", ends="free")
    found = candidates(specification)
    assert {c.parameters["folding"] for c in found} == set(FOLDINGS) - {"even", "line"}
    assert [c.cost for c in found] == sorted(c.cost for c in found)
    for candidate in found:
        check(specification, candidate)
        assert candidate.proved_error == 1
        adders = [s for s in candidate.plan.steps if isinstance(s.operation, Add | Subtract | Absolute)]
        assert len(adders) == {"magnitude": 1, "negation": 2}.get(candidate.parameters["folding"], 0)
    # 64 magnitudes, and twice as many codes with their signs: beyond, the output is saturated.
    best = {c.parameters["folding"]: len(table(c.plan, "entry")) for c in reversed(found)}
    assert best == {"magnitude": 64, "ripple": 64, "negation": 64, "complement": 128, "code": 128}


@pytest.mark.parametrize("budget", ["1ulp", "0.5ulp", "2ulp", "3.7ulp", "1e-2"])
@pytest.mark.parametrize(
    ("function", "source", "output"),
    [
        ("tanh", "SQ4.4", "SQ1.7"),
        ("tanh", "SQ4.4", "SQ2.6"),
        ("tanh", "SQ3.6", "SQ1.4"),
        ("logistic", "SQ4.4", "UQ0.8"),
        ("logistic", "SQ4.4", "UQ1.8"),
        ("logistic", "SQ4.4", "SQ3.5"),
        ("logistic", "SQ4.2", "UQ0.12"),
        ("logistic", "UQ3.4", "UQ0.8"),
        ("hard_logistic", "SQ4.4", "UQ0.8"),
        ("hard_tanh", "SQ4.4", "SQ1.7"),
    ],
)
def test_formats_and_budgets(function, source, output, budget):
    specification = specify(function, source, output, budget)
    found = candidates(specification)
    low, high = admissible(specification)
    assert bool(found) == (low <= high).all()
    for candidate in found:
        check(specification, candidate)


@settings(max_examples=60, deadline=None)
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
    low, high = admissible(specification)
    for kind in FOLDINGS:
        found = candidates(specification, folding=kind)
        assert found or kind != "code" or (low > high).any()
        for candidate in found:
            results = outputs(specification, candidate.plan)
            assert (low <= results).all() and (results <= high).all()
            assert specification.budget.admits(
                measure_errors(golden(candidate.plan), specification.reference).largest, specification.output_format
            )


def test_parameters_make_the_same_again():
    specification = specify("logistic", "SQ4.4", "UQ0.8", "2ulp")
    found = candidates(specification)
    assert {candidate.parameters["kept_bits"] for candidate in found} == {0, 1, 2}
    for candidate in found:
        (again,) = candidates(specification, **candidate.parameters)
        assert again.plan == candidate.plan


def test_freedom_makes_tables_smaller():
    costs = [candidates(specify("tanh", "SQ4.6", "SQ1.7", budget))[0].cost for budget in ("0.5ulp", "1ulp", "2ulp")]
    assert costs == sorted(costs, reverse=True)
    assert len(set(costs)) == 3
    whole = candidates(specify("tanh", "SQ4.6", "SQ1.7", "1ulp"))[0].cost
    assert candidates(specify("tanh", "SQ4.6", "SQ1.7", "1ulp", input_range=Range(-40, 40)))[0].cost < whole


def test_a_constant_takes_no_table():
    specification = specify("tanh", "SQ4.4", "SQ1.7", "1ulp", input_range=Range(100, 110))
    for candidate in candidates(specification):
        assert not any(isinstance(step.operation, Lookup) for step in candidate.plan.steps)
        assert outputs(specification, candidate.plan).tolist() in ([126] * 11, [127] * 11)


def test_without_a_budget_tables_are_faithful():
    specification = specify("tanh", "SQ4.4", "SQ1.7", None)
    for candidate in candidates(specification, folding="complement"):
        assert measure_errors(golden(candidate.plan), specification.reference).largest < 1


def test_what_it_refuses():
    wide = specify("tanh", "SQ4.20", "SQ1.15", "1ulp")
    message = "method table looks at every input, at most 1048576; SQ4.20 has 16777216"
    assert TABLE.refusal(wide) == message
    with pytest.raises(ValueError) as raised:
        candidates(wide)
    assert str(raised.value) == message
    fine = specify("tanh", "SQ4.4", "SQ1.40", "1ulp")
    assert TABLE.refusal(fine) == "method table makes outputs of at most 40 bits; SQ1.40 has 41"
    assert TABLE.refusal(specify("tanh", "SQ4.4", "SQ1.7", "1ulp")) is None
    with pytest.raises(ValueError, match="there is no folding 'twice'"):
        TABLE.read({"folding": "twice"})


def test_a_large_table_is_not_made_unasked():
    specification = specify("tanh", "SQ3.13", "SQ1.15", "1ulp")
    with pytest.raises(ValueError) as raised:
        candidates(specification, folding="magnitude")
    assert str(raised.value) == (
        "a table of tanh from SQ3.13 to SQ1.15 has 458752 bits, more than the 65536 that table_bits allows"
    )
    (candidate, *_) = candidates(specification, folding="magnitude", table_bits=1 << 19)
    low, high = admissible(specification)
    results = outputs(specification, candidate.plan)
    assert (low <= results).all() and (results <= high).all()


def test_an_entry_that_is_off_is_found():
    specification = specify("tanh", "SQ4.4", "SQ1.7", "0.5ulp")
    candidate = candidates(specification, folding="complement")[0]
    check(specification, candidate)
    broken = candidate.plan.as_dict()
    (entry,) = (step for step in broken["steps"] if step["name"] == "entry")
    digits = entry["table"]["hex"]
    entry["table"]["hex"] = digits[:21] + ("0" if digits[21] != "0" else "1") + digits[22:]
    results = outputs(specification, type(candidate.plan).from_dict(broken))
    low, high = admissible(specification)
    assert ((results < low) | (results > high)).sum() == 1


@pytest.mark.tools
@pytest.mark.parametrize(
    ("specification", "given"),
    [
        (specify("tanh", "SQ4.4", "SQ1.7", "1ulp"), {"folding": "magnitude"}),
        (specify("tanh", "SQ4.4", "SQ1.7", "1ulp"), {"folding": "ripple"}),
        (specify("logistic", "SQ4.4", "UQ0.8", "0.5ulp"), {"folding": "complement"}),
        (specify("logistic", "SQ4.4", "UQ0.8", "1ulp", input_range=Range(-70, 20)), {"folding": "code"}),
    ],
)
@pytest.mark.parametrize("frequency", [None, 250])
def test_hardware_computes_the_same(specification, given, frequency):
    plan = candidates(specification, **given)[0].plan
    results = hardware_outputs(specification, plan, frequency)
    assert (results == outputs(specification, plan)).all()
