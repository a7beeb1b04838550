from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given as drawing
from hypothesis import settings
from hypothesis import strategies as st
from made_up import Lopsided
from specified import specify
from strategies import code_ranges

from softgate.accuracy.error_measurement import measure_errors
from softgate.accuracy.specification import Specification
from softgate.methods import find_method
from softgate.methods.base import plan_cost
from softgate.plan import FixedFormat
from softgate.plan.lut_estimate import logic_size
from softgate.plan.operations import Absolute, Clamp, Compare, Constant, Lookup, Multiply, Select
from softgate.plan.operations.base import Range
from softgate.plan.proofs import verify_narrowings
from softgate.sim.golden.model import golden

TAYLOR = find_method("taylor")
SEGMENTS = [1, 2, 3, 4, 7, 8, 16]


def candidates(specification, **given):
    return list(TAYLOR.candidates(specification, TAYLOR.read(given)))


def check(specification, candidate):
    """Return the figures of a candidate, whose proofs and bound must hold."""
    verify_narrowings(candidate.plan)
    assert (candidate.cost, candidate.sort_key) == (logic_size(candidate.plan), plan_cost(candidate.plan))
    figures = measure_errors(golden(candidate.plan), specification.reference)
    if candidate.proved_error is not None:
        assert figures.largest <= candidate.proved_error
    return figures


@pytest.mark.parametrize("segments", SEGMENTS)
@pytest.mark.parametrize("degree", range(8))
@pytest.mark.parametrize(
    ("function", "source", "output"),
    [
        ("tanh", "SQ4.4", "SQ1.7"),
        ("logistic", "SQ4.4", "UQ0.8"),
        ("logistic", "UQ3.4", "UQ1.10"),
        ("tanh_derivative", "SQ3.5", "UQ0.8"),
        ("logistic_derivative", "UQ3.4", "SQ1.10"),
    ],
)
def test_bounds_hold(function, source, output, degree, segments):
    specification = specify(function, source, output)
    found = candidates(specification, degree=degree, segments=segments)
    squared = segments == 1 and degree >= (2 if "derivative" in function else 3)
    assert len(found) == 2 if squared else 1
    for candidate in found:
        assert candidate.parameters["degree"] == degree
        assert candidate.parameters["segments"] <= segments
        assert (candidate.proved_error is None) is (segments == 1)
        check(specification, candidate)


@pytest.mark.slow
@pytest.mark.parametrize("segments", SEGMENTS)
@pytest.mark.parametrize("degree", range(8))
@pytest.mark.parametrize(
    ("function", "source", "output"),
    [("tanh", "SQ4.10", "SQ1.13"), ("logistic", "SQ5.9", "UQ0.14"), ("tanh", "SQ3.9", "SQ2.20")],
)
def test_bounds_hold_for_wider_formats(function, source, output, degree, segments):
    specification = specify(function, source, output)
    for candidate in candidates(specification, degree=degree, segments=segments):
        check(specification, candidate)


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("SQ4.4", "SQ4.4"),
        ("SQ6.2", "SQ1.7"),
        ("SQ1.7", "SQ1.7"),
        ("SQ8.0", "SQ1.3"),
        ("SQ1.0", "SQ2.1"),
        ("SQ2.0", "SQ1.11"),
        ("UQ0.8", "UQ0.8"),
        ("SQ3.3", "SQ3.29"),
        ("SQ2.5", "SQ1.50"),
    ],
)
@pytest.mark.parametrize("given", [{"degree": 2, "segments": 4}, {"degree": 3, "segments": 1}, {"degree": 0}])
def test_formats(source, output, given):
    specification = specify("tanh", source, output)
    for candidate in candidates(specification, **given):
        check(specification, candidate)


@pytest.mark.parametrize(
    ("function", "output"), [("tanh", "SQ1.7"), ("tanh", "SQ2.6"), ("logistic", "UQ0.8"), ("logistic", "SQ2.6")]
)
@pytest.mark.parametrize("segments", [8, 16])
def test_the_most_negative_input_is_its_own_case(function, output, segments):
    specification = specify(function, "SQ3.5", output)
    (candidate,) = candidates(specification, degree=2, segments=segments)
    codes = np.array([-128, -127])
    lowest = golden(candidate.plan)(codes)
    truth = [float(specification.true_value(Fraction(int(code), 32))) for code in codes]
    assert lowest == pytest.approx(truth, abs=1.5)


def test_symmetry_is_exact():
    specification = specify("logistic", "SQ4.4", "SQ2.8")
    (candidate,) = candidates(specification, degree=2, segments=8)
    codes = np.arange(1, 128)
    model = golden(candidate.plan)
    assert (model(codes) + model(-codes) == 256).all()


@pytest.mark.parametrize("segments", [1, 8])
def test_even_symmetry_is_exact(segments):
    specification = specify("tanh_derivative", "SQ4.4", "UQ0.8")
    for candidate in candidates(specification, degree=4, segments=segments):
        assert Absolute in kinds(candidate.plan)
        assert {Compare, Select} & kinds(candidate.plan) <= ({Compare, Select} if segments == 1 else set())
        codes = np.arange(1, 128)
        model = golden(candidate.plan)
        assert (model(codes) == model(-codes)).all()


def test_an_even_polynomial_about_0_in_x_squared():
    # 1 - tanh(x)**2 = 1 - x**2 + 2/3 x**4 - ...
    specification = specify("tanh_derivative", "SQ1.7", "SQ2.12")
    plain, squared = candidates(specification, degree=4, segments=1)
    coefficients = [step.operation.value for step in squared.plan.steps if step.name in ("c4", "c2", "c0")]
    scales = [4096 * 2 ** (squared.plan.points[name] - 12) for name in ("c4", "c2", "c0")]
    assert [c / s for c, s in zip(coefficients, scales, strict=True)] == pytest.approx([2 / 3, -1, 1], abs=1e-3)
    codes = np.arange(-64, 65)
    x = codes / 128
    polynomial = 4096 * (1 - x**2 + 2 / 3 * x**4)
    assert np.abs(golden(squared.plan)(codes) - polynomial).max() < 1
    assert np.abs(golden(plain.plan)(codes) - golden(squared.plan)(codes)).max() <= 1


def test_a_piece_for_every_code_is_correctly_rounded():
    specification = specify("tanh", "SQ4.4", "SQ1.7")
    (candidate,) = candidates(specification, degree=5, segments=4096)
    assert candidate.parameters["degree"] == 0
    assert not any(isinstance(step.operation, Multiply) for step in candidate.plan.steps)
    assert check(specification, candidate).max_ulp < 0.76


@pytest.mark.parametrize("budget", ["0.5ulp", "1ulp", "2ulp", "2^-5"])
@pytest.mark.parametrize(("function", "output"), [("tanh", "SQ1.7"), ("logistic", "UQ0.8")])
def test_the_search_meets_the_budget(function, output, budget):
    specification = specify(function, "SQ4.4", output, budget)
    found = candidates(specification)
    assert [candidate.sort_key for candidate in found] == sorted(candidate.sort_key for candidate in found)
    figures = [check(specification, candidate) for candidate in found]
    assert any(specification.budget.admits(measured.largest, specification.output_format) for measured in figures)


def test_a_larger_budget_costs_less():
    costs = []
    for budget in ("1ulp", "2ulp", "8ulp"):
        specification = specify("tanh", "SQ4.8", "SQ1.11", budget)
        found = [c for c in candidates(specification) if c.proved_error is not None and specification.budget.admits(
            c.proved_error, specification.output_format)]  # fmt: skip
        costs.append(found[0].sort_key)
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[-1]


def test_given_degree_or_segments_are_kept():
    specification = specify("tanh", "SQ4.4", "SQ1.7", "1ulp")
    # Where a piece is a single code, its polynomial is a constant, whatever was asked for.
    assert {c.parameters["degree"] for c in candidates(specification, degree=2)} <= {0, 2}
    assert {c.parameters["segments"] for c in candidates(specification, segments=16)} == {13}


def test_plan_cost_counts_tables_and_products():
    specification = specify("tanh", "SQ4.4", "SQ1.7")
    (candidate,) = candidates(specification, degree=1, segments=16)
    plan = candidate.plan
    tables = [step for step in plan.steps if isinstance(step.operation, Lookup)]
    (product,) = [step for step in plan.steps if isinstance(step.operation, Multiply)]
    left, right = (plan.ranges[name].width for name in product.operation.operands)
    bits = sum(len(step.operation.table) * plan.ranges[step.name].width for step in tables)
    assert plan_cost(plan) == bits + left * right == candidate.sort_key


def test_coefficients_of_one_centre():
    specification = specify("tanh", "SQ4.4", "SQ1.15")
    plan = next(c.plan for c in candidates(specification, degree=3, segments=1) if "square" not in c.plan.by_name)
    constants = {s.name: s.operation for s in plan.steps if isinstance(s.operation, Constant)}
    assert constants["c3"].value == round(Fraction(-1, 3) * (1 << constants["c3"].fraction))
    assert constants["c1"].value * Fraction(1, 1 << constants["c1"].fraction) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("specification", "message"),
    [
        (
            specify("hard_tanh", "SQ4.4", "SQ1.7"),
            "method taylor needs a function with a power series; "
            "hard_tanh(min=-1, max=1) has kinks, so use method hard",
        ),
        (specify("tanh", "SQ4.4", "SQ1.7"), None),
        (specify("tanh", "UQ4.4", "UQ0.8"), None),
    ],
)
def test_refusal(specification, message):
    assert TAYLOR.refusal(specification) == message


def test_candidates_of_what_it_refuses():
    with pytest.raises(ValueError, match="method taylor needs a function with a power series"):
        candidates(specify("hard_tanh", "SQ4.4", "SQ1.7"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"degree": 13}, "degree must be a whole number from 0 to 12, not 13"),
        ({"degree": -1}, "degree must be a whole number from 0 to 12, not -1"),
        ({"segments": 0}, "segments must be a whole number from 1 to 4096, not 0"),
        ({"segments": "many"}, "segments must be a whole number from 1 to 4096, not 'many'"),
        ({"centres": 2}, "method taylor has no parameter 'centres'; choose one of degree, segments, reduction"),
    ],
)
def test_bad_parameters(given, message):
    with pytest.raises(ValueError) as raised:
        TAYLOR.read(given)
    assert str(raised.value) == message


def largest_error(specification, candidate):
    """Return the largest error in ulp over the codes that occur, from 60 digits."""
    exact = {"tanh": mpmath.tanh, "logistic": lambda x: 1 / (1 + mpmath.exp(-x))}[specification.function.name]
    source, output = specification.input_format, specification.output_format
    codes = source.codes(*specification.codes)
    with mpmath.workdps(60):
        errors = []
        for code, result in zip(codes.tolist(), golden(candidate.plan)(codes).tolist(), strict=True):
            truth = mpmath.ldexp(exact(mpmath.ldexp(code, -source.fraction_bits)), output.fraction_bits)
            errors.append(abs(result - min(max(truth, output.min_code), output.max_code)))
        return float(max(errors))


RANGED = [("tanh", "SQ4.4", "SQ1.7"), ("logistic", "SQ4.5", "UQ0.8"), ("logistic", "UQ3.4", "UQ1.10")]


@settings(max_examples=120)
@drawing(
    st.sampled_from(RANGED).flatmap(
        lambda formats: st.tuples(st.just(formats), code_ranges(FixedFormat.parse(formats[1])))
    ),
    st.integers(0, 5),
    st.sampled_from(SEGMENTS),
    st.sampled_from([None, "1ulp", "5ulp"]),
)
def test_bounds_hold_within_any_range(ranged, degree, segments, budget):
    formats, codes = ranged
    specification = specify(*formats, budget, input_range=codes)
    for candidate in candidates(specification, degree=degree, segments=segments):
        assert candidate.parameters["segments"] <= segments
        figures = check(specification, candidate)
        assert figures.points == codes.size
        assert figures.max_ulp == pytest.approx(largest_error(specification, candidate), rel=1e-12, abs=1e-15)


@settings(max_examples=25)
@drawing(st.sampled_from(RANGED), st.data(), st.sampled_from(["1ulp", "0.5ulp", "3ulp"]))
def test_the_search_meets_the_budget_within_any_range(formats, data, budget):
    codes = data.draw(code_ranges(FixedFormat.parse(formats[1])))
    specification = specify(*formats, budget, input_range=codes)
    assert any(
        specification.budget.admits(check(specification, candidate).largest, specification.output_format)
        for candidate in candidates(specification)
    )


@pytest.mark.parametrize(("function", "source", "output"), RANGED)
@pytest.mark.parametrize("given", [{}, {"degree": 2, "segments": 4}, {"degree": 3, "segments": 1}])
def test_the_whole_format_as_a_range_changes_nothing(function, source, output, given):
    whole = specify(function, source, output, "1ulp", input_range=Range.of(FixedFormat.parse(source)))
    plans = [candidate.plan for candidate in candidates(specify(function, source, output, "1ulp"), **given)]
    assert [candidate.plan for candidate in candidates(whole, **given)] == plans


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("first", range(1, 9))
@pytest.mark.parametrize("count", range(2, 8))
def test_tables_of_pieces_that_do_not_begin_at_0(count, first, sign):
    ends = sorted((sign * 8 * first, sign * (8 * (first + count) - 1)))
    specification = specify("logistic", "SQ5.5", "UQ0.12", input_range=Range(*ends))
    (candidate,) = candidates(specification, degree=3, segments=count + (sign < 0))
    assert check(specification, candidate).max_ulp < 0.8
    tables = [step.operation for step in candidate.plan.steps if isinstance(step.operation, Lookup)]
    pieces = count + (sign < 0)  # those of negative codes are shifted by one
    # No longer than the lowest bits that tell the pieces apart can reach.
    assert all(pieces <= len(operation.table) <= 1 << (pieces - 1).bit_length() for operation in tables)


def kinds(plan):
    return {type(step.operation) for step in plan.steps}


@pytest.mark.parametrize(
    ("low", "high", "signs", "saturates"),
    [
        (-1, 1, True, False),
        (-2, 1, True, False),
        (-1, 7, True, True),
        (0, 2, False, False),
        (-2, 0, False, False),
        (1, 2, False, False),
        (-2, -1, False, False),
        (1, 7, False, True),
        (-7, -1, False, True),
    ],
)
@pytest.mark.parametrize("segments", [1, 8])
def test_there_is_logic_only_for_what_occurs(low, high, signs, saturates, segments):
    specification = specify("tanh", "SQ4.6", "SQ2.7", input_range=Range(64 * low, 64 * high))
    for candidate in candidates(specification, degree=2, segments=segments):
        found = kinds(candidate.plan)
        assert (Absolute in found) is signs
        if segments == 1:
            # Where the polynomial is worse than the limit it gives way, though the function is no constant there.
            saturates = saturates or Clamp in found
            assert (Select in found) is (signs or saturates)
            assert (Compare in found) is (signs or saturates)
        else:
            assert (Select in found) is (Compare in found) is signs
            assert (Clamp in found) is saturates
        check(specification, candidate)


@pytest.mark.parametrize(("low", "high"), [(50, 100), (50, 50), (-120, -64)])
def test_a_range_that_is_all_saturated_is_a_constant(low, high):
    specification = specify("tanh", "SQ4.4", "SQ2.7", "1ulp", input_range=Range(low, high))
    cheapest = candidates(specification)[0]
    assert cheapest.parameters == {"degree": 0, "segments": 1}
    (output,) = cheapest.plan.outputs
    assert cheapest.plan.ranges[output.step] == ((128, 128) if low > 0 else (-128, -128))


def test_a_range_makes_the_unit_smaller():
    costs = [
        candidates(specify("tanh", "SQ4.8", "SQ1.11", "1ulp", input_range=codes))[0].sort_key
        for codes in (None, Range(-512, 512), Range(-256, 256), Range(-64, 64))
    ]
    assert costs == sorted(set(costs), reverse=True)


@pytest.mark.parametrize("segments", SEGMENTS)
@pytest.mark.parametrize("degree", range(4))
def test_a_function_without_symmetry_is_not_folded(degree, segments):
    specification = Specification(Lopsided(), FixedFormat.parse("SQ4.4"), FixedFormat.parse("SQ1.7"))
    (candidate,) = candidates(specification, degree=degree, segments=segments)
    assert Absolute not in kinds(candidate.plan)
    figures = check(specification, candidate)
    if segments == 16 and degree == 3:
        assert figures.max_ulp < 1.5
