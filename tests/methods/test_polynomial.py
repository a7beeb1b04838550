"""Polynomial units: within the budget at every input by another walk, the same in hardware, and as small as claimed."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given as drawing
from hypothesis import settings
from hypothesis import strategies as st
from made_up import Lopsided
from specified import specify

from softgate import design
from softgate.accuracy.admissible import admissible
from softgate.accuracy.error_measurement import measure_errors
from softgate.accuracy.specification import Specification
from softgate.explore.design import BudgetError
from softgate.functions import create_function
from softgate.hdl.interfaces import ports
from softgate.hdl.module_text import module_text
from softgate.hdl.unit import choose_schedule
from softgate.methods import RefusalError, find_method
from softgate.plan import FixedFormat
from softgate.plan.lut_estimate import logic_size
from softgate.plan.operations import AddComplemented, Lookup, Multiply, PartialProduct
from softgate.plan.operations.base import Range
from softgate.plan.plan import Plan
from softgate.sim.engines.interpreted import interpret_unit
from softgate.sim.golden.model import golden

POLYNOMIAL = find_method("polynomial")


_found = {}


def candidates(specification, **given):
    """Return the candidates of a specification, which are found once for all tests."""
    key = specification, tuple(sorted(given.items()))
    if key not in _found:
        _found[key] = list(POLYNOMIAL.candidates(specification, POLYNOMIAL.read(given)))
    return _found[key]


def outside(specification, plan):
    """Return how many inputs a plan has a result at that is not within the budget."""
    low, high = admissible(specification)
    outputs = golden(plan)(specification.input_format.codes(*specification.codes))
    return int(((outputs < low) | (outputs > high)).sum())


def check(specification, candidate):
    plan = candidate.plan
    assert outside(specification, plan) == 0
    figures = measure_errors(golden(plan), specification.reference)
    assert specification.budget.admits(figures.largest, specification.output_format)
    assert candidate.cost == logic_size(plan)
    assert not any(isinstance(step.operation, Multiply) for step in plan.steps)
    return figures


@settings(max_examples=12, deadline=None)
@drawing(
    function=st.sampled_from(
        ["tanh", "logistic", "hard_tanh", "hard_logistic", "tanh_derivative", "silu", "gelu", "exp"]
    ),
    source=st.sampled_from(["SQ4.4", "SQ3.6", "SQ5.3", "SQ2.7", "UQ3.5", "SQ1.8"]),
    output=st.sampled_from(["SQ1.7", "UQ0.8", "SQ2.5", "SQ1.10", "SQ5.4"]),
    budget=st.sampled_from(["1ulp", "0.5ulp", "2ulp", "0.01", "1.25ulp"]),
    degree=st.sampled_from([None, 0, 1, 2]),
    sharing=st.sampled_from([None, "pairs"]),
    segmentation=st.sampled_from([None, "hierarchical"]),
)
def test_every_candidate_is_within_the_budget(function, source, output, budget, degree, sharing, segmentation):
    specification = specify(function, source, output, budget, saturate=True)
    given = {"degree": degree, "sharing": sharing, "segmentation": segmentation}
    found = candidates(specification, **{name: value for name, value in given.items() if value is not None})
    assert [candidate.cost for candidate in found] == sorted(candidate.cost for candidate in found)
    for candidate in found:
        check(specification, candidate)
        assert degree is None or candidate.parameters["degree"] == degree
        assert sharing is None or candidate.parameters["sharing"] == sharing
        assert segmentation is None or candidate.parameters["segmentation"] == segmentation


@pytest.mark.parametrize("function", ["relu", pytest.param("hard_swish", marks=pytest.mark.slow)])
def test_saturation_from_any_code_takes_short_tables(function):
    specification = specify(function, "SQ4.12", "SQ4.12", "1ulp")
    candidate = candidates(specification)[0]
    check(specification, candidate)
    tables = {
        step.name: len(step.operation.table) for step in candidate.plan.steps if isinstance(step.operation, Lookup)
    }
    assert any(name.startswith("reached") for name in tables)  # more bits tell than one table has
    assert max(tables.values()) <= 1 << 8


@pytest.mark.parametrize(
    ("function", "source", "output", "codes", "degrees"),
    [
        ("exp", "SQ4.6", "UQ1.8", Range(-512, 0), {1, 2}),
        pytest.param("exp", "SQ4.5", "SQ4.6", None, {1}, marks=pytest.mark.slow),
        ("elu", "SQ4.6", "SQ4.6", None, {1}),
        ("tanh", "SQ4.6", "SQ1.8", None, set()),
    ],
)
def test_one_table_where_a_function_follows_its_derivative(function, source, output, codes, degrees):
    specification = specify(function, source, output, "1ulp", input_range=codes, saturate=True)
    found = candidates(specification, coefficients="derived")
    for candidate in found:
        check(specification, candidate)
        names = {step.name for step in candidate.plan.steps if isinstance(step.operation, Lookup)}
        assert {"c0"} == {name for name in names if name in ("c0", "c1", "c2")}
        assert candidate.parameters["coefficients"] == "derived"
    assert {candidate.parameters["degree"] for candidate in found} == degrees
    stored = candidates(specification, coefficients="stored")
    assert not any("coefficients" in candidate.parameters for candidate in stored)
    if degrees:
        assert found[0].cost < stored[0].cost


@pytest.mark.tools
@pytest.mark.parametrize(
    ("function", "source", "output", "budget", "codes"),
    [
        ("elu", "SQ4.6", "SQ4.6", "1ulp", None),
        ("tanh", "SQ4.4", "SQ1.7", "1ulp", None),
        ("logistic", "SQ3.5", "UQ1.8", "1ulp", None),
        ("logistic", "UQ3.5", "UQ0.8", "1ulp", None),
        ("tanh", "SQ4.5", "SQ1.8", "0.5ulp", None),
        ("tanh", "SQ4.5", "SQ1.8", "1ulp", Range(-16, 40)),
        (Lopsided(), "SQ3.4", "SQ3.5", "1ulp", None),
        ("logistic_derivative", "SQ4.4", "UQ0.8", "1ulp", None),
        ("silu", "SQ4.4", "SQ4.5", "1ulp", None),
        ("gelu", "SQ3.5", "SQ3.5", "0.5ulp", Range(-100, 60)),
        ("exp", "SQ4.4", "UQ1.7", "1ulp", Range(-128, 0)),
        ("exp", "SQ4.4", "UQ1.7", "1ulp", Range(-128, -1)),
    ],
)
@pytest.mark.parametrize("interface", ["pipeline", pytest.param("stream", marks=pytest.mark.slow)])
def test_hardware_is_the_plan(function, source, output, budget, codes, interface):
    specification = specify(function, source, output, budget, input_range=codes)
    plan = candidates(specification)[0].plan
    schedule = choose_schedule(plan, interface, target="ecp5", frequency=150, objective="luts")
    text = module_text(schedule, interface, "unit")
    hardware = interpret_unit(text, "unit", ports=ports(plan, interface), latency=schedule.latency)
    inputs = specification.input_format.codes(*specification.codes)
    (words,) = hardware.run(inputs)
    mask = (1 << specification.output_format.width) - 1
    assert np.array_equal(words.astype(np.int64), golden(plan)(inputs).astype(np.int64) & mask)


@settings(max_examples=10, deadline=None)
@drawing(
    function=st.sampled_from(["tanh", "logistic", "hard_logistic", "tanh_derivative"]),
    source=st.sampled_from(["SQ4.4", "SQ3.6", "SQ5.3", "UQ3.5", "SQ1.8"]),
    output=st.sampled_from(["SQ1.7", "UQ0.8", "SQ2.5", "SQ1.10"]),
    budget=st.sampled_from(["1ulp", "0.5ulp", "2ulp", "0.01"]),
    degree=st.sampled_from([1, 2]),
    products=st.sampled_from(["whole", "last"]),
    folding=st.sampled_from([None, "code"]),
    sharing=st.sampled_from(["none", "pairs"]),
)
def test_every_candidate_with_whole_products_is_within_the_budget(
    function, source, output, budget, degree, products, folding, sharing
):
    specification = specify(function, source, output, budget, saturate=True)
    found = candidates(specification, degree=degree, products=products, folding=folding, sharing=sharing)
    for candidate in found:
        plan = candidate.plan
        assert outside(specification, plan) == 0
        factors = [step.operation.operands for step in plan.steps if isinstance(step.operation, Multiply)]
        assert len(factors) == (degree if products == "whole" else 1)
        assert all(plan.ranges[name].width <= 17 + plan.ranges[name].signed for pair in factors for name in pair)
        assert any(isinstance(step.operation, PartialProduct) for step in plan.steps) is (len(factors) < degree)
        assert candidate.cost == logic_size(plan, multipliers=True)
        assert candidate.parameters["products"] == products
        assert folding in (None, candidate.parameters["folding"])


def test_units_with_whole_products_come_with_and_without_saturation():
    specification = specify("logistic", "SQ4.8", "UQ0.12", "1ulp")
    first, *others = candidates(specification, degree=1, products="whole", folding="code", sharing="none")
    assert (first.parameters["segments"], "saturated" in first.plan.by_name) == (128, False)
    assert {"saturated" in each.plan.by_name for each in others} >= {True}
    assert all("saturated" in each.plan.by_name for each in candidates(specification, degree=1))
    nowhere = candidates(specify("tanh", "SQ3.6", "SQ1.8", "1ulp"), degree=1, products="whole", folding="code")
    assert len({each.plan.sha256 for each in nowhere}) == len(nowhere)


def test_foldings():
    specification = specify("tanh", "SQ4.6", "SQ1.9", "1ulp")

    def found(**given):
        return {(each.parameters.get("folding"), "negative" in each.plan.by_name) for each in candidates(**given)}

    def candidates(**given):
        return POLYNOMIAL.candidates(specification, POLYNOMIAL.read({"degree": 1, **given}))

    assert found() == {(None, True)}
    assert found(folding="complement") == {("complement", True)}
    assert found(folding="sums") == {("sums", True)}
    assert found(folding="code") == {("code", False)}
    assert found(products="whole") == {("complement", True), ("code", False)}
    assert found(products="whole", folding="code") == {("code", False)}


@pytest.mark.parametrize(
    ("function", "source"), [("logistic", "UQ3.5"), (Lopsided(), "SQ3.4")], ids=["no sign", "no symmetry"]
)
def test_what_cannot_be_folded_is_refused(function, source):
    specification = specify(function, source, "SQ3.5", "1ulp")
    with pytest.raises(ValueError, match=r"folding complement needs a symmetry and inputs of both signs, which .* use"):
        candidates(specification, folding="complement")
    with pytest.raises(ValueError, match=r"folding sums needs a symmetry and inputs of both signs, which .* use"):
        candidates(specification, folding="sums")
    assert not POLYNOMIAL.with_complementing_adders(specification)
    assert {each.parameters["folding"] for each in candidates(specification, products="whole", degree=1)} == {"code"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"products": "whole"}, "folding sums takes products rows, not whole"),
        ({"coefficients": "derived"}, "folding sums takes coefficients stored, not derived"),
        ({"degree": 0}, "folding sums needs a degree of 1 or more, not 0"),
    ],
)
def test_what_the_sign_in_sums_does_without(given, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        candidates(specify("tanh", "SQ3.4", "SQ1.6", "1ulp"), folding="sums", **given)


def test_the_sign_is_in_sums_where_outputs_are_complements():
    # 5 - f(x) is no complement of f(x).
    lifted = specify("2.5 + tanh(x)", "SQ3.4", "UQ3.6", "1ulp")
    with pytest.raises(
        ValueError, match=r"^folding sums needs outputs for negative inputs that are complements .* use"
    ):
        candidates(lifted, folding="sums")
    assert not POLYNOMIAL.with_complementing_adders(lifted)
    assert not POLYNOMIAL.with_complementing_adders(specify("tanh", "SQ3.1", "SQ1.1", "1ulp"))  # of few constants
    for function, output in (("tanh", "SQ1.6"), ("logistic", "UQ0.8"), ("gelu", "SQ3.7"), ("tanh_derivative", "UQ1.6")):
        specification = specify(function, "SQ3.4", output, "1ulp")
        assert POLYNOMIAL.with_complementing_adders(specification) == [{"folding": "sums", "reduction": "none"}]


@settings(max_examples=10, deadline=None)
@drawing(
    function=st.sampled_from(["tanh", "logistic", "-tanh(x)", "tanh_derivative", "gelu", "softsign"]),
    source=st.sampled_from(["SQ4.4", "SQ3.5", "SQ2.6"]),
    output=st.sampled_from(["SQ1.7", "UQ0.8", "SQ4.6"]),
    budget=st.sampled_from(["1ulp", "0.5ulp", "2ulp", "0.01"]),
    given=st.sampled_from([{}, {"sharing": "pairs"}, {"segmentation": "hierarchical"}]),
    monotonic=st.booleans(),
)
def test_every_candidate_with_the_sign_in_sums_is_within_the_budget(function, source, output, budget, given, monotonic):
    specification = specify(function, source, output, budget, saturate=True, monotonic=monotonic)
    try:
        found = candidates(specification, folding="sums", **given)
    except RefusalError:
        return
    for candidate in found:
        assert outside(specification, candidate.plan) == 0
        assert any(isinstance(step.operation, AddComplemented) for step in candidate.plan.steps)
        assert candidate.parameters["folding"] == "sums"


@pytest.mark.parametrize(
    ("function", "source", "output"), [("tanh", "SQ3.13", "SQ1.15"), ("logistic", "SQ4.12", "UQ0.16")]
)
def test_a_line_for_a_multiplier_block_and_a_block_ram(function, source, output):
    """Of all 512 segments the coefficients are words of 36 bits at most, and what is multiplied is narrow."""
    specification = specify(function, source, output, "1ulp")
    (candidate, *_) = candidates(specification, degree=1, products="whole", folding="code", sharing="none")
    plan = candidate.plan
    assert outside(specification, plan) == 0
    assert candidate.parameters == {"degree": 1, "segments": 512, "products": "whole", "folding": "code"}
    assert {name: plan.ranges[name].width for name in ("c0", "c1", "within_segment", "total")} == {
        **{"c0": 17, "c1": 12, "within_segment": 7},
        "total": 17 + (function == "logistic"),
    }


def test_pairs_have_half_as_many_of_all_coefficients_but_the_highest():
    specification = specify("tanh", "SQ3.5", "SQ1.7", "1ulp")
    for degree, products in ((1, "rows"), (2, "rows"), (2, "whole"), (2, "last")):
        (first, *_) = candidates(specification, degree=degree, products=products, sharing="pairs", segments=16)
        assert outside(specification, first.plan) == 0
        sizes = [len(first.plan.by_name[f"c{power}"].operation.table) for power in range(degree + 1)]
        assert sizes[-1] >= first.parameters["segments"]
        assert sizes[:-1] == [sizes[-1] // 2] * degree


def test_pairs_are_smaller_where_products_take_no_logic():
    specification = specify("tanh", "SQ4.8", "SQ1.11", "1ulp", ends="free")
    (either, *_), (own, *_), (pairs, *_) = (
        candidates(specification, degree=1, products="whole", **given)
        for given in ({}, {"sharing": "none"}, {"sharing": "pairs"})
    )
    assert either.cost == pairs.cost < own.cost


def test_segments_of_a_tail_are_twice_as_wide():
    specification = specify("logistic", "SQ4.10", "UQ0.14", "1ulp")
    (tail, *_), (uniform, *_) = (
        candidates(specification, degree=1, segmentation=each) for each in ("hierarchical", "uniform")
    )
    assert outside(specification, tail.plan) == 0
    assert uniform.parameters == {"degree": 1, "segments": 128}
    assert tail.parameters == {"degree": 1, "segments": 96, "segmentation": "hierarchical"}
    # Two codes of the tail have one result; before it, not all have.
    outputs = golden(tail.plan)(specification.input_format.codes(*specification.codes))
    start = -specification.codes.low
    pairs = outputs[start:].reshape(-1, 2)
    same = pairs[:, 0] == pairs[:, 1]
    assert same[len(same) // 2 :].mean() > 0.9
    assert same[: len(same) // 2].mean() < 0.7
    assert not candidates(specification, degree=1, folding="code", segmentation="hierarchical")


@pytest.mark.parametrize("given", [{}, {"products": "whole", "folding": "code"}, {"products": "whole"}])
def test_a_wrong_coefficient_is_found(given):
    specification = specify("tanh", "SQ4.4", "SQ1.7", "1ulp")
    (candidate, *_) = candidates(specification, degree=1, **given)
    wrong = 0
    steps = list(candidate.plan.steps)
    for number, step in enumerate(steps):
        if step.name in ("c0", "c1"):
            for place in range(len(step.operation.table)):
                table = list(step.operation.table)
                table[place] ^= 4
                changed = Lookup(step.operation.index, tuple(table), step.operation.fraction)
                plan = Plan(
                    (*steps[:number], type(step)(step.name, changed, step.note), *steps[number + 1 :]),
                    candidate.plan.outputs,
                )
                wrong += outside(specification, plan) > 0
    assert wrong >= 15  # entries that only saturated inputs read may be anything


@pytest.mark.parametrize(
    ("function", "source", "output", "budget", "size"),
    [
        ("tanh", "SQ4.8", "SQ1.11", "1ulp", 200),
        ("logistic", "SQ4.8", "UQ0.12", "1ulp", 210),
        ("tanh", "SQ4.4", "SQ1.7", "1ulp", 90),
        # Up to code 1152 lines can be right for both signs, and further on none can.
        ("tanh", "SQ4.8", "SQ1.11", "0.5ulp", 400),
        ("logistic", "SQ4.8", "UQ0.12", "0.5ulp", 400),
    ],
)
def test_units_are_small(function, source, output, budget, size):
    specification = specify(function, source, output, budget)
    best = candidates(specification)[0]
    assert specification.budget.admits(check(specification, best).largest, specification.output_format)
    assert best.cost < size


def test_cubes():
    specification = specify("tanh", "SQ3.6", "SQ1.8", "1ulp")
    found = candidates(specification, degree=3, segments=8)
    assert found
    assert all(check(specification, candidate).max_ulp < 1 for candidate in found)


def test_segments_and_degree():
    specification = specify("tanh", "SQ4.8", "SQ1.11", "1ulp")
    for candidate in candidates(specification, degree=2, segments=40):
        assert candidate.parameters["segments"] <= 40
        assert candidate.parameters["degree"] == 2
    assert candidates(specification, degree=1, segments=16) == []


def test_all_coefficients_of_a_power_have_one_sign():
    plan = candidates(specify("tanh", "SQ4.8", "SQ1.11", "1ulp"), degree=2)[0].plan
    assert all(
        entry >= 0 for step in plan.steps if isinstance(step.operation, Lookup) for entry in step.operation.table
    )


def test_from_python():
    unit = design("tanh", "SQ4.6", "SQ1.9", method="polynomial")
    assert unit.errors.proof == "exhaustive"
    assert unit.errors.largest < 1
    exact = design("tanh", "SQ4.6", "SQ1.9", method="polynomial", max_error="0.5ulp")
    assert exact.errors.correctly_rounded == 1
    with pytest.raises(BudgetError, match="no polynomial unit of tanh"):
        design("tanh", "SQ4.6", "SQ1.9", method="polynomial", max_error="1ulp", degree=1, segments=2)


def test_without_a_budget_it_is_one_ulp():
    specification = Specification(create_function("tanh"), FixedFormat.parse("SQ4.4"), FixedFormat.parse("SQ1.7"))
    figures = measure_errors(golden(candidates(specification, degree=1)[0].plan), specification.reference)
    assert Fraction(1, 2) < figures.largest < 1


@pytest.mark.parametrize(
    ("function", "source", "output", "given", "message"),
    [
        (
            "tanh",
            "SQ4.20",
            "SQ1.7",
            {"fit": "exact"},
            "fit exact walks every input at which tanh is neither a limit nor an asymptote; SQ4.20 has more",
        ),
        (
            "tanh",
            "SQ4.20",
            "SQ1.7",
            {"sharing": "none"},
            "fit exact walks every input at which tanh is neither a limit nor an asymptote; SQ4.20 has more",
        ),
        ("tanh", "SQ4.4", "SQ1.35", {"fit": "exact"}, r"fit exact has outputs of at most 32 bits, not SQ1\.35"),
        ("tanh", "SQ4.4", "SQ1.7", {"degree": 5}, "fit exact has degrees up to 4, not 5; use fit=minimax"),
        (
            "hard_tanh",
            "SQ4.20",
            "SQ1.7",
            {},
            r"exact walks .*; the other fits need a function with a power series",
        ),
        ("hard_tanh", "SQ4.4", "SQ1.7", {"fit": "minimax"}, r"fit minimax needs .* has kinks, so use fit=exact"),
    ],
)
def test_refusals(function, source, output, given, message):
    with pytest.raises(ValueError, match=message):
        design(function, source, output, method="polynomial", **given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"fit": "minimax", "sharing": "pairs"}, "sharing is a parameter of fit exact, not of minimax"),
        ({"fit": "taylor", "segmentation": "uniform"}, "segmentation is a parameter of fit exact, not of taylor"),
        ({"fit": "continuous", "products": "rows"}, "products is a parameter of fit exact, not of continuous"),
        ({"fit": "least_squares", "folding": "code"}, "folding is a parameter of fit exact, not of least_squares"),
        ({"fit": "minimax", "weight": "legendre"}, "weight is a parameter of fit least_squares, not of minimax"),
        ({"folding": "code", "weight": "legendre"}, "weight is a parameter of fit least_squares, not of exact"),
        (
            {"weight": "chebyshev"},
            "weight is a parameter of fit least_squares, which is to be asked for: fit=least_squares",
        ),
        ({"fit": "continuous", "degree": 0}, "fit continuous needs a degree of 1 or more, not 0"),
        ({"fit": "remez"}, "there is no fit 'remez'; choose one of continuous, exact, least_squares, minimax, taylor"),
    ],
)
def test_parameters_that_do_not_go_together(given, message):
    with pytest.raises(ValueError) as raised:
        POLYNOMIAL.read(given)
    assert str(raised.value) == message


@pytest.mark.parametrize("given", [{}, {"fit": "minimax"}, {"products": "whole"}, {"fit": "least_squares"}])
def test_what_was_read_can_be_read_again(given):
    read = POLYNOMIAL.read(given)
    assert POLYNOMIAL.read(read) == read


@pytest.mark.parametrize("weight", [None, "legendre", "chebyshev"])
@pytest.mark.parametrize("fit", ["taylor", "least_squares", "minimax", "continuous"])
def test_fits_to_the_function(fit, weight):
    if weight is not None and fit != "least_squares":
        return
    told = {"fit": fit} if weight is None else {"fit": fit, "weight": weight}
    unit = design("logistic", "SQ4.6", "UQ0.10", method="polynomial", max_error="1ulp", **told)
    assert unit.errors.largest < 1
    assert told.items() <= unit.parameters.items()


def test_fits_by_the_number_of_inputs():
    few, many = (candidates(specify("tanh", source, "SQ1.9", "1ulp"))[0] for source in ("SQ4.6", "SQ4.18"))
    assert "fit" not in few.parameters
    assert many.parameters["fit"] == "minimax"


def test_the_taylor_fit_is_method_taylor():
    specification = specify("tanh", "SQ4.8", "SQ1.11", "1ulp")
    same = find_method("taylor").candidates(specification, find_method("taylor").read({}))
    assert [each.plan for each in candidates(specification, fit="taylor")] == [each.plan for each in same]
