from fractions import Fraction

import mpmath
import numpy as np
import pytest

from softgate.accuracy.reference import Reference
from softgate.functions import create_function, from_table, from_thresholds
from softgate.plan import FixedFormat
from softgate.plan.operations.base import Range

EXACT = {
    "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
    "tanh": mpmath.tanh,
    "tanh_derivative": lambda x: mpmath.sech(x) ** 2,
    "logistic_derivative": lambda x: mpmath.sech(x / 2) ** 2 / 4,
}


def make(function, source, output, codes=None, **parameters):
    function = create_function(function, **parameters)
    return Reference(function, FixedFormat.parse(source), FixedFormat.parse(output), codes)


def exact_value(reference, function, code):
    """Return the clamped true value in ulp of the output, to 60 digits and more."""
    x = mpmath.ldexp(code, -reference.input_format.fraction_bits)
    value = mpmath.ldexp(EXACT[function](x), reference.output_format.fraction_bits)
    return min(max(value, reference.output_format.min_code), reference.output_format.max_code)


def walk(reference):
    spans = list(reference.spans())
    codes = np.concatenate([span.codes for span in spans])
    assert (codes == reference.input_format.codes(*reference.codes)).all()
    return spans


@pytest.mark.parametrize(
    ("function", "source", "output", "samples"),
    [
        ("logistic", "SQ4.4", "UQ0.8", 256),
        ("tanh", "SQ4.4", "SQ1.7", 256),
        ("tanh", "SQ4.12", "SQ1.15", 1500),
        ("logistic", "UQ4.12", "UQ0.16", 1500),
        ("tanh", "SQ2.14", "SQ1.7", 800),
        ("logistic", "SQ8.8", "SQ4.4", 800),
        ("logistic", "SQ4.8", "UQ0.48", 800),
        ("tanh", "SQ4.10", "SQ1.39", 1500),
        ("tanh_derivative", "SQ4.12", "UQ0.16", 1500),
        ("logistic_derivative", "SQ8.8", "UQ0.16", 1500),
        pytest.param("tanh", "SQ4.20", "SQ1.23", 20000, marks=pytest.mark.slow),
        pytest.param("logistic", "SQ5.19", "UQ0.24", 20000, marks=pytest.mark.slow),
    ],
)
def test_spans_are_within_their_bounds(function, source, output, samples):
    reference = make(function, source, output)
    random = np.random.default_rng(1)
    spans = walk(reference)
    assert all(0 < span.bound < 2.0**-6 for span in spans)
    with mpmath.workdps(60):
        for span in spans:
            count = min(len(span.codes), -(-samples * len(span.codes) // (1 << reference.input_format.width)))
            at = np.unique(np.append(random.integers(0, len(span.codes), count), [0, len(span.codes) - 1]))
            outputs = np.zeros(len(span.codes), dtype=np.int64)
            errors = span.errors(outputs)
            for place in at:
                truth = exact_value(reference, function, int(span.codes[place]))
                # Wide outputs are subtracted in 53 bits, so their errors are as exact as errors of less than one are.
                allowed = span.bound if reference.output_format.width <= 40 else abs(truth) * 2.0**-52
                assert abs(-mpmath.mpf(float(errors[place])) - truth) <= allowed


@pytest.mark.parametrize("output", ["SQ1.23", "SQ1.39"])  # the remainder is most of the bound, or the roundings are
def test_24_bits_within_their_bounds(output):
    reference = make("tanh", "SQ4.20", output)
    span = next(span for span in reference.spans() if span.codes[-1] > -(1 << 21))
    with mpmath.workdps(60):
        for place in range(0, len(span.codes), 97):
            truth = exact_value(reference, "tanh", int(span.codes[place]))
            assert abs(mpmath.mpf(float(span.values[place])) - truth) <= span.bound


@pytest.mark.parametrize("precision", [64, 128, 512])
def test_enclosures_hold_the_value_and_shrink(precision):
    reference = make("tanh", "SQ4.4", "SQ1.15")
    with mpmath.workdps(300):
        for code in range(-128, 128, 5):
            low, high = reference.enclosure(code, precision)
            truth = exact_value(reference, "tanh", code)
            assert mpmath.mpf(low.numerator) / low.denominator <= truth <= mpmath.mpf(high.numerator) / high.denominator
            assert high - low < Fraction(1, 1 << (precision - 8))


@pytest.mark.parametrize(
    ("source", "output", "parameters"),
    [
        ("SQ4.4", "UQ0.8", {"variant": "keras3"}),
        ("SQ4.4", "SQ1.3", {"variant": "keras2"}),
        ("UQ4.4", "SQ20.40", {"slope": "0.123456789"}),
        ("SQ4.8", "UQ0.4", {"slope": "1/7", "offset": "1/3"}),
        ("SQ4.4", "SQ1.6", {"offset": -3}),
    ],
)
def test_ramps_are_exact(source, output, parameters):
    reference = make("hard_logistic", source, output, **parameters)
    ramp = reference.function.ramp
    fmt = reference.output_format
    for span in walk(reference):
        assert span.bound <= 2.0**-50  # 0 where the errors' numerators fit into 52 bits
        for code, numerator in zip(span.codes.tolist(), span.numerators.tolist(), strict=True):
            value = min(max(ramp.slope * reference.input_format.value(code) + ramp.offset, ramp.low), ramp.high)
            value = min(max(value / fmt.ulp, fmt.min_code), fmt.max_code)
            assert Fraction(numerator, span.denominator) == value
            assert reference.enclosure(code) == (value, value)


@pytest.mark.parametrize(
    ("scale", "output", "codes"),
    [(1, "SQ1.7", None), (2.0**-40, "SQ1.7", None), (1e3, "UQ8.2", Range(-5, 100)), (2.0**-7, "SQ1.7", None)],
)
def test_values_of_a_table_are_exact(scale, output, codes):
    values = np.random.default_rng(1).uniform(-1, 1, 256) * scale
    values = np.rint(values * 2**14) / 2**14 if scale == 2.0**-7 else values  # of few digits
    source, fmt = FixedFormat.parse("SQ4.4"), FixedFormat.parse(output)
    reference = Reference(from_table(values, -8, "1/16"), source, fmt, codes)
    (span,) = walk(reference)
    assert (span.numerators.dtype == object) is (scale != 2.0**-7)
    assert span.codes.tolist() == list(range(codes.low, codes.high + 1) if codes else range(-128, 128))
    for code, numerator in zip(span.codes.tolist(), span.numerators.tolist(), strict=True):
        value = min(max(Fraction(float(values[code + 128])) / fmt.ulp, fmt.min_code), fmt.max_code)
        assert Fraction(numerator, span.denominator) == value
        assert reference.enclosure(code) == (value, value)


def test_staircases_are_exact_over_several_spans():
    thresholds = np.arange(-70000.5, 70000, 700)
    reference = Reference(from_thresholds(thresholds), FixedFormat.parse("SQ18.0"), FixedFormat.parse("UQ8.0"))
    spans = walk(reference)
    assert len(spans) == 4
    codes = np.concatenate([span.codes for span in spans])
    assert np.array_equal(
        np.concatenate([span.numerators for span in spans]), np.searchsorted(thresholds, codes, side="right")
    )


@pytest.mark.parametrize(
    ("function", "source", "output", "clamped"),
    [
        # tanh(5.545) = 1 - 2**-15, the highest code; -1 is a code, but no value.
        ("tanh", "SQ4.12", "SQ1.15", range(22714, 1 << 15)),
        ("tanh", "SQ4.16", "SQ1.19", range(454261, 1 << 19)),
        ("tanh", "SQ4.8", "UQ0.8", [*range(-2048, 0), *range(799, 2048)]),
        ("logistic", "SQ4.8", "SQ2.8", []),
    ],
)
def test_what_is_clamped_for_certain(function, source, output, clamped):
    reference = make(function, source, output)
    spans = walk(reference)
    found = np.concatenate(
        [np.zeros(len(span.codes), bool) if span.clamped is None else span.clamped for span in spans]
    )
    codes = reference.input_format.codes(*reference.codes)[found]
    assert codes.tolist() == list(clamped)
    ends = {reference.output_format.min_code, reference.output_format.max_code}
    assert {value for span in spans if span.clamped is not None for value in span.values[span.clamped]} <= ends
    for code in codes[:: max(len(codes) // 50, 1)].tolist():
        low, high = reference.enclosure(code)
        assert low == high
        assert low in ends


def test_narrow_inputs_are_kept():
    reference = make("tanh", "SQ4.4", "SQ1.7")
    first, again = list(reference.spans()), list(reference.spans())
    assert all(a is b for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize(
    ("function", "source", "output", "codes"),
    [
        ("tanh", "SQ4.12", "SQ1.15", (-4096, 4096)),
        ("tanh", "SQ4.12", "SQ1.15", (4000, 8191)),
        ("tanh", "SQ4.12", "SQ1.15", (-12345, -3456)),
        ("logistic", "SQ4.12", "UQ0.16", (-32768, 30001)),
        ("logistic", "SQ4.28", "UQ0.32", ((1 << 28) - 7777, (1 << 28) + 7777)),
        ("tanh", "UQ2.62", "UQ0.16", ((1 << 63) - 5001, (1 << 63) + 5002)),
        ("logistic", "SQ4.60", "UQ0.48", (-100, 100)),
        ("tanh", "SQ4.12", "SQ1.15", (77, 77)),
    ],
)
def test_spans_of_ranges_are_within_their_bounds(function, source, output, codes):
    reference = make(function, source, output, Range(*codes))
    with mpmath.workdps(60):
        for span in walk(reference):
            assert 0 < span.bound < 2.0**-6 * max(1, 2.0 ** (reference.output_format.width - 40))
            errors = span.errors(np.zeros(len(span.codes), dtype=np.int64))
            for place in {*range(0, len(span.codes), 61), len(span.codes) - 1}:
                truth = exact_value(reference, function, int(span.codes[place]))
                allowed = span.bound if reference.output_format.width <= 40 else abs(truth) * 2.0**-52
                assert abs(-mpmath.mpf(float(errors[place])) - truth) <= allowed


@pytest.mark.parametrize("codes", [(-30, 17), (5, 5), (-128, -100), (60, 100)])
def test_ramps_of_ranges_are_exact(codes):
    reference = make("hard_logistic", "SQ4.4", "UQ0.8", Range(*codes), variant="keras3")
    for span in walk(reference):
        for code, numerator in zip(span.codes.tolist(), span.numerators.tolist(), strict=True):
            assert reference.enclosure(code) == (Fraction(numerator, span.denominator),) * 2


@pytest.mark.parametrize(
    ("function", "source", "output", "line"),
    [
        ("elu", "SQ4.9", "SQ4.6", lambda code: (code, 8) if code > 0 else None),
        ("relu_squared", "SQ4.9", "UQ6.6", lambda code: (0, 1) if code <= 0 else None),
        ("hard_swish", "SQ4.9", "SQ4.9", lambda code: (code, 1) if code >= 1536 else (0, 1) if code <= -1536 else None),
    ],
)
def test_where_a_function_is_a_line_its_values_are_exact(function, source, output, line):
    reference = make(function, source, output)
    exact = {}
    for span in reference.spans():
        if span.numerators is not None:
            for code, numerator in zip(span.codes.tolist(), span.numerators.tolist(), strict=True):
                exact[code] = Fraction(numerator, span.denominator)
    assert len(exact) > 1000
    for code, value in exact.items():
        assert line(code) is not None
        numerator, denominator = line(code)
        assert value == min(max(Fraction(numerator, denominator), reference.outputs.low), reference.outputs.high)
