import os
import subprocess
import sys
from dataclasses import fields, replace
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from rough_values import rough_spans

from softgate.accuracy.budget import Budget
from softgate.accuracy.error_measurement import measure_errors
from softgate.accuracy.error_metrics import ErrorMetrics
from softgate.accuracy.monotonic import is_monotonic
from softgate.accuracy.reference import Reference
from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.functions.properties import EVEN, Asymptote, Monotonicity
from softgate.functions.tanh import Tanh
from softgate.methods import find_method
from softgate.plan import FixedFormat
from softgate.plan.operations.base import Range
from softgate.sim.golden.model import golden

parse = FixedFormat.parse


def exact_function(function):
    ramp = function.ramp
    if ramp is not None:
        slope, offset, low, high = (mpmath.mpf(v.numerator) / v.denominator for v in vars(ramp).values())
        return lambda x: min(max(slope * x + offset, low), high)
    return {
        "tanh": mpmath.tanh,
        "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
        "tanh_derivative": lambda x: 1 - mpmath.tanh(x) ** 2,
        "logistic_derivative": lambda x: 1 / (1 + mpmath.exp(x)) / (1 + mpmath.exp(-x)),
    }[function.name]


def monotonic(before, after, symmetry):
    """Whether outputs rise up to the code 0, which both parts have, and rise on, or fall for an even function."""
    if symmetry == EVEN:
        after = after[::-1]
    return all(a <= b for part in (before, after) for a, b in pairwise(part))


def figures_by_mpmath(outputs, function, source, output):
    """Return the metrics over every code, from signed errors in ulp with 60 digits."""
    truth = exact_function(function)
    errors = []
    for code, result in zip(range(source.min_code, source.max_code + 1), outputs, strict=True):
        value = mpmath.ldexp(truth(mpmath.ldexp(code, -source.fraction_bits)), output.fraction_bits)
        errors.append(result - min(max(value, output.min_code), output.max_code))
    sizes = [abs(error) for error in errors]
    count, ulp = len(errors), mpmath.ldexp(1, -output.fraction_bits)
    largest = max(sizes)
    hair = mpmath.mpf(10) ** -50
    return {
        "max_ulp": largest,
        "max_abs": largest * ulp,
        "mean_abs": sum(sizes) / count * ulp,
        "rms": mpmath.sqrt(sum(error * error for error in errors) / count) * ulp,
        "bias": sum(errors) / count * ulp,
        "correctly_rounded": sum(size <= 0.5 + hair for size in sizes) / count,
        "worst_code": source.min_code + next(i for i, size in enumerate(sizes) if size >= largest - hair),
        "monotonic": monotonic(outputs[: 1 - source.min_code], outputs[-source.min_code :], function.symmetry),
    }


CASES = [
    ("logistic", {}, "SQ4.4", "UQ0.8", "taylor", {"degree": 2, "segments": 8}),
    ("logistic", {}, "SQ3.5", "UQ0.6", "taylor", {"degree": 1, "segments": 1}),
    ("logistic", {}, "UQ3.3", "UQ1.9", "taylor", {"degree": 3, "segments": 4}),
    ("tanh", {}, "SQ3.5", "SQ1.7", "taylor", {"degree": 2, "segments": 2}),
    ("tanh", {}, "SQ4.6", "SQ1.9", "taylor", {"degree": 5, "segments": 1}),
    ("tanh", {}, "SQ2.4", "SQ2.8", "taylor", {"degree": 0, "segments": 16}),
    ("tanh_derivative", {}, "SQ3.5", "UQ0.8", "taylor", {"degree": 2, "segments": 8}),
    ("tanh_derivative", {}, "UQ3.5", "SQ1.7", "taylor", {"degree": 0, "segments": 8}),
    ("logistic_derivative", {}, "SQ4.4", "UQ0.10", "taylor", {"degree": 4, "segments": 1}),
    ("logistic_derivative", {}, "SQ4.6", "SQ2.8", "taylor", {"degree": 1, "segments": 4}),
    ("hard_logistic", {"variant": "torch"}, "SQ4.4", "UQ0.8", "hard", {}),
    ("hard_logistic", {"variant": "keras2"}, "SQ4.5", "SQ2.6", "hard", {}),
    ("hard_logistic", {}, "SQ4.4", "UQ0.4", "hard", {}),  # the exact value is often a tie
    ("hard_tanh", {}, "SQ3.5", "SQ1.3", "hard", {}),
]


@pytest.mark.parametrize(("function", "parameters", "source", "output", "method", "given"), CASES)
def test_figures_against_mpmath(function, parameters, source, output, method, given):
    specification = Specification(create_function(function, **parameters), parse(source), parse(output))
    candidate = next(find_method(method).candidates(specification, given))
    model = golden(candidate.plan)
    found = measure_errors(model, specification.reference)
    outputs = model(specification.input_format.codes()).tolist()
    with mpmath.workdps(60):
        expected = figures_by_mpmath(
            outputs, specification.function, specification.input_format, specification.output_format
        )
    assert found.points == 1 << specification.input_format.width
    assert found.proof == "exhaustive"
    for name in ("correctly_rounded", "worst_code", "monotonic"):
        assert getattr(found, name) == expected[name], name
    for name in ("max_ulp", "max_abs", "mean_abs", "rms", "bias"):
        assert getattr(found, name) == pytest.approx(float(expected[name]), rel=1e-12, abs=1e-12), name
    assert found.worst_value == found.worst_code * 2.0**-specification.input_format.fraction_bits
    with mpmath.workdps(60):
        largest = mpmath.mpf(found.largest.numerator) / found.largest.denominator
        assert abs(largest - expected["max_ulp"]) < 1e-30


def make(function, source, output, **parameters):
    return Reference(create_function(function, **parameters), parse(source), parse(output))


def nearest(reference):
    """Return a function that gives the correctly rounded code of every input, by ball arithmetic."""

    def evaluate(codes):
        return np.array([round(sum(reference.enclosure(int(code))) / 2) for code in codes])

    return evaluate


@pytest.mark.parametrize("source", ["SQ4.4", "SQ4.8", "SQ3.9"])
def test_a_correctly_rounded_table(source):
    reference = make("tanh", source, "SQ1.7")
    metrics = measure_errors(nearest(reference), reference)
    assert metrics.correctly_rounded == 1.0
    assert metrics.largest <= Fraction(1, 2)
    assert metrics.monotonic
    assert metrics.symmetric


@pytest.mark.parametrize(("at", "by"), [(-2048, 1), (-1, 3), (0, -1), (1, 1), (77, -2), (2047, -4)])
def test_one_wrong_output_is_found(at, by):
    reference = make("tanh", "SQ4.8", "SQ1.7")

    def evaluate(codes):
        outputs = nearest(reference)(codes)
        outputs[codes == at] += by
        return outputs

    metrics = measure_errors(evaluate, reference)
    assert metrics.worst_code == at
    assert abs(by) - 0.5 <= metrics.max_ulp <= abs(by) + 0.5
    assert metrics.correctly_rounded == 1 - 1 / 4096
    assert metrics.symmetric is (at in (-2048, 2047))  # which have no mirror image, or a saturated one


def test_monotonic_across_spans():
    reference = make("hard_tanh", "SQ4.13", "SQ1.7")  # two spans
    assert len(list(reference.spans())) == 2
    assert measure_errors(lambda codes: np.where(codes >= 0, 1, 0), reference).monotonic
    assert not measure_errors(lambda codes: np.where(codes >= 0, 0, 1), reference).monotonic


@pytest.mark.parametrize(
    ("outputs", "turns", "monotonic"),
    [
        ([1, 2, 2, 3, 9], [], True),
        ([1, 2, 1, 3, 9], [], False),
        ([1, 2, 5, 5, 0], [Fraction(0)], True),  # the codes are -2 to 2
        ([1, 2, 2, 3, 0], [Fraction(0)], False),
        ([1, 2, 5, 6, 0], [Fraction(1, 2)], True),  # either way from 0 to 1
        ([1, 2, 6, 5, 0], [Fraction(1, 2)], True),
        ([1, 2, 1, 0, 0], [Fraction(1, 2)], False),
        ([1, 2, 5, 4, 5], [Fraction(1, 2)], False),
        ([1, 5, 2, 2, 4], [Fraction(-1), Fraction(1)], True),
        ([1, 5, 2, 3, 4], [Fraction(-1), Fraction(1)], False),
        ([1, 5, 2, 1, 0], [Fraction(-1), Fraction(1)], False),
        ([1, 1, 2, 3, 3], [Fraction(5)], True),
        ([3, 3, 2, 1, 1], [Fraction(-5)], True),
        ([3, 3, 2, 3, 1], [Fraction(-5)], False),
    ],
)
def test_outputs_that_rise_and_fall(outputs, turns, monotonic):
    assert is_monotonic(np.arange(-2, 3), np.array(outputs), Monotonicity(tuple(turns))) is monotonic


@pytest.mark.parametrize(
    ("function", "source", "parameters", "symmetric"),
    [
        ("tanh_derivative", "SQ4.4", {}, True),
        ("logistic_derivative", "UQ4.4", {}, None),
        ("tanh", "SQ4.4", {}, True),
        ("tanh", "UQ4.4", {}, None),
        ("hard_logistic", "SQ4.4", {"variant": "torch"}, True),
        ("hard_logistic", "SQ4.4", {"offset": "0.4"}, None),
    ],
)
def test_symmetry(function, source, parameters, symmetric):
    reference = make(function, source, "SQ2.6", **parameters)
    assert measure_errors(nearest(reference), reference).symmetric is symmetric


def test_an_even_function_and_a_unit_that_is_not_even():
    reference = make("tanh_derivative", "SQ2.4", "UQ0.8")

    def lopsided(codes):
        return nearest(reference)(codes) - (codes == 7)

    metrics = measure_errors(lopsided, reference)
    assert metrics.symmetric is False
    assert metrics.monotonic

    def dented(codes):
        return nearest(reference)(codes) - 9 * (codes == 0)

    metrics = measure_errors(dented, reference)
    assert metrics.symmetric
    assert not metrics.monotonic


def test_wide_outputs():
    reference = make("logistic", "SQ4.4", "UQ0.64")
    metrics = measure_errors(
        lambda codes: np.array([int(reference.enclosure(int(c))[0]) for c in codes], dtype=np.uint64), reference
    )
    assert 0.99 < metrics.max_ulp < 1
    assert metrics.monotonic
    assert metrics.symmetric is False


def test_ramps_a_hair_from_a_tie():
    slope = Fraction(1, 4) + Fraction(1, 10**30)
    reference = make("hard_logistic", "SQ4.4", "UQ0.4", slope=slope)

    def ties_down(codes):
        return np.clip(np.ceil(codes / 4 + 7.5), 0, 15).astype(np.int64)

    metrics = measure_errors(ties_down, reference)
    wrong = range(2, 30, 4)  # a hair above a tie, yet rounded down
    worst = max(abs(Fraction(int(ties_down(code))) - reference.enclosure(code)[0]) for code in range(-128, 128))
    assert worst > Fraction(1, 2)
    assert metrics.largest == worst
    assert metrics.correctly_rounded == 1 - len(wrong) / 256


def test_as_dict_is_that_of_the_manifest():
    reference = make("hard_tanh", "SQ2.2", "SQ1.2")
    metrics = measure_errors(lambda codes: np.clip(codes, -4, 3), reference)
    assert metrics.as_dict() == {
        "max_ulp": 0.0,
        "class": "correctly_rounded",
        "max_abs": 0.0,
        "mean_abs": 0.0,
        "rms": 0.0,
        "bias": 0.0,
        "magnitude_bias": 0.0,
        "correctly_rounded": 1.0,
        "monotonic": True,
        "symmetric": True,
        "exact_ends": True,
        "worst_input": {"code": -8, "value": -2.0},
        "points": 16,
        "undecided": 0,
        "proof": "exhaustive",
    }
    assert {field.name for field in fields(ErrorMetrics)} >= metrics.as_dict().keys() - {"worst_input", "class"}


def one_above(codes):
    """Return the code of SQ1.9 above the one that tanh of a negative input comes close to without end."""
    return np.full(len(codes), -511)


@pytest.mark.parametrize(("source", "count"), [("SQ7.4", 400), ("SQ7.9", 4000), ("SQ32.0", 3)])
def test_an_error_below_one_ulp_is_told_from_one_of_it(source, count):
    reference = make("tanh", source, "SQ1.9")
    fmt = reference.input_format
    tail = Reference(reference.function, fmt, reference.output_format, Range(fmt.min_code, fmt.min_code + count))
    metrics = measure_errors(one_above, tail)
    assert (metrics.largest, metrics.below_largest, metrics.max_ulp) == (1, True, 1.0)
    assert (metrics.error_class, metrics.largest_text, metrics.undecided) == ("faithful", "below 1 ulp", 0)
    metrics = measure_errors(lambda codes: one_above(codes) + 1, tail)
    assert (metrics.error_class, metrics.largest, metrics.below_largest) == ("within", 2, True)


def test_an_error_of_one_ulp_is_told_from_one_below():
    ramp = make("hard_tanh", "SQ3.2", "SQ1.7")
    flat = Reference(ramp.function, ramp.input_format, ramp.output_format, Range(-16, -8))
    metrics = measure_errors(lambda codes: np.full(len(codes), -127), flat)
    assert (metrics.largest, metrics.below_largest) == (1, False)
    assert (metrics.error_class, metrics.largest_text, metrics.limit_text) == ("within", "1 ulp", "at most 1 ulp")


@pytest.mark.parametrize(
    ("largest", "below", "text", "limit", "kind"),
    [
        (Fraction(1, 2), False, "0.5 ulp", "at most 0.5 ulp", "correctly_rounded"),
        (Fraction(1, 2) + Fraction(1, 10**9), False, "just above 0.5 ulp", "just above 0.5 ulp", "faithful"),
        (Fraction(1, 2) - Fraction(1, 10**9), False, "below 0.5 ulp", "below 0.5 ulp", "correctly_rounded"),
        (Fraction(3, 4), False, "0.75 ulp", "at most 0.75 ulp", "faithful"),
        (1 - Fraction(1, 10**9), False, "below 1 ulp", "below 1 ulp", "faithful"),
        (Fraction(1), True, "below 1 ulp", "below 1 ulp", "faithful"),
        (Fraction(1), False, "1 ulp", "at most 1 ulp", "within"),
        (1 + Fraction(1, 10**9), False, "just above 1 ulp", "just above 1 ulp", "within"),
        (Fraction(2), True, "2 ulp", "at most 2 ulp", "within"),
    ],
)
def test_errors_for_people_to_read(largest, below, text, limit, kind):
    metrics = measure_errors(lambda codes: np.clip(codes, -4, 3), make("hard_tanh", "SQ2.2", "SQ1.2"))
    metrics = replace(metrics, largest=largest, max_ulp=float(largest), below_largest=below)
    assert (metrics.largest_text, metrics.limit_text, metrics.error_class) == (text, limit, kind)
    assert metrics.meets(Budget.parse("1ulp"), parse("SQ1.2")) == (kind != "within")
    assert metrics.meets(Budget.parse("0.5ulp"), parse("SQ1.2")) == (kind == "correctly_rounded")


class Unknown(Tanh):
    """A function that comes close to what nobody knows it not to be."""

    ends = (None, None)


def test_what_is_not_decided_counts_as_equal():
    formats = parse("SQ32.0"), parse("SQ1.9")
    codes = Range(-(1 << 31), -(1 << 20))
    codes = Range(codes.low, codes.low + 40)
    known, unknown = (Reference(function, *formats, codes) for function in (Tanh(), Unknown()))
    metrics = measure_errors(one_above, known)
    assert (metrics.error_class, metrics.undecided) == ("faithful", 0)
    metrics = measure_errors(one_above, unknown)
    assert (metrics.largest, metrics.below_largest, metrics.error_class) == (1, False, "within")
    assert metrics.undecided > 0
    ulp = parse("SQ1.0")  # half an ulp from a limit of tanh
    halves = [Reference(function, formats[0], ulp, codes) for function in (Half(), HalfUnknown())]
    for reference, undecided in zip(halves, (0, 41), strict=True):
        metrics = measure_errors(lambda codes: np.zeros(len(codes), dtype=np.int64), reference)
        assert (metrics.correctly_rounded, metrics.undecided) == (1, undecided)
        assert metrics.error_class == "correctly_rounded"


class Half(Tanh):
    """A function with limits at half an ulp."""

    ends = (Asymptote.limit(Fraction(-1, 2), side=1), Asymptote.limit(Fraction(1, 2), side=-1))

    def __call__(self, x, m):
        return super().__call__(x, m) / 2


class HalfUnknown(Half):
    """The same, of which less is known."""

    ends = (None, None)


def test_a_tail_is_cheap(monkeypatch):
    """Of 60,000 codes whose errors no float tells apart, few are looked at one by one."""
    asked = []
    decided = Reference.decided
    monkeypatch.setattr(
        Reference, "decided", lambda self, code, *rest: asked.append(code) or decided(self, code, *rest)
    )
    reference = make("tanh", "SQ7.9", "SQ1.15")
    rounded = nearest(reference)(range(-(1 << 15), 1 << 15))
    outputs = np.where(rounded == -(1 << 15), 1 - (1 << 15), rounded)
    asked.clear()
    metrics = measure_errors(lambda codes: outputs[codes + (1 << 15)], reference)
    assert (metrics.error_class, metrics.largest_text, metrics.undecided) == ("faithful", "below 1 ulp", 0)
    assert len(asked) < 400


@pytest.mark.tools
def test_figures_are_the_same_on_other_machines():
    """A check compares them to the last digit: neither threads nor the kernels of BLAS may show in them."""
    program = (
        "from softgate import design\n"
        "for width in range(12, 17):\n"
        "    formats = f'SQ4.{width - 4}', f'SQ1.{width - 1}'\n"
        "    print(design('tanh', *formats, method='taylor', degree=2, segments=8).errors)"
    )
    machines = [{}, {"OPENBLAS_NUM_THREADS": "1"}, {"OPENBLAS_CORETYPE": "Nehalem"}]
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, **machine},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for machine in machines
    }
    assert len(printed) == 1 and printed != {""}


def test_inputs_too_wide_to_walk_are_refused():
    reference = make("tanh", "SQ5.20", "SQ1.7")
    with pytest.raises(ValueError) as raised:
        measure_errors(lambda codes: codes, reference)
    assert str(raised.value) == "33554432 input codes are too many to walk; 2**24 at most"


@pytest.mark.parametrize(
    ("low", "high", "symmetric"),
    [
        (-128, 127, True),
        (-128, 100, True),
        (-100, 60, True),
        (-1, 1, True),
        (0, 127, None),
        (-128, 0, None),
        (1, 5, None),
    ],
)
def test_symmetry_is_that_of_codes_with_a_partner(low, high, symmetric):
    reference = Reference(create_function("tanh"), parse("SQ4.4"), parse("SQ2.6"), Range(low, high))
    assert measure_errors(nearest(reference), reference).symmetric is symmetric
    # One code that has a partner differs.
    spoilt = measure_errors(lambda codes: nearest(reference)(codes) + (codes == 1), reference)
    assert spoilt.symmetric is (symmetric and False)
    assert spoilt.points == high - low + 1


def test_figures_of_a_range_are_those_of_its_codes():
    source, output, held = parse("SQ4.4"), parse("SQ1.7"), Range(-37, 90)
    reference = Reference(create_function("tanh"), source, output, held)
    measured = measure_errors(lambda codes: np.where(codes > 80, 0, nearest(reference)(codes)), reference)
    errors = []
    for code in range(held.low, held.high + 1):
        truth = min(128 * mpmath.tanh(mpmath.mpf(code) / 16), mpmath.mpf(127))
        errors.append((0 if code > 80 else int(mpmath.nint(truth))) - truth)
    assert (measured.points, measured.worst_code, measured.monotonic) == (128, 81, False)
    assert measured.max_ulp == pytest.approx(float(max(map(abs, errors))))
    assert measured.mean_abs == pytest.approx(float(sum(map(abs, errors))) / 128 / 128, rel=1e-9)
    assert measured.bias == pytest.approx(float(sum(errors)) / 128 / 128, rel=1e-9)
    assert measured.correctly_rounded == sum(abs(error) <= 0.5 for error in errors) / 128


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("function", "source"), [("tanh", "SQ3.9"), ("logistic", "SQ4.5"), ("tanh", "SQ3.4")])
def test_figures_do_not_depend_on_the_floats(monkeypatch, function, source, seed):
    """The worst input and the share that is correctly rounded are found among floats that are off by 0.05 ulp."""
    reference = make(function, source, "SQ1.7")
    codes = np.arange(reference.codes.low, reference.codes.high + 1)
    changes = np.random.default_rng(seed).integers(-1, 2, len(codes))
    outputs = nearest(reference)(codes) + changes
    exact = measure_errors(lambda asked: outputs[asked - codes[0]], reference)
    monkeypatch.setattr(Reference, "spans", rough_spans(0.05))
    found = measure_errors(lambda asked: outputs[asked - codes[0]], reference)
    for name in ("largest", "worst_code", "worst_value", "max_ulp", "max_abs", "correctly_rounded", "monotonic"):
        assert getattr(found, name) == getattr(exact, name), name
