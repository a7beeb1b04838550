"""Polynomials of fits, their errors in 60 digits, and specifications that they are benchmarked with."""

import mpmath

from softgate.methods.range_reduction.reduced_input import ReducedInput

FUNCTIONS = {
    "tanh": mpmath.tanh,
    "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
    "tanh_derivative": lambda x: 1 / mpmath.cosh(x) ** 2,
}


def benchmarks(*widths):
    """Return function, input and output of the benchmark: tanh and the logistic function over [-8, 8) and [-4, 4)."""
    return [
        (function, f"SQ{integer_bits}.{width - integer_bits}", output)
        for width in widths
        for integer_bits in (4, 3)
        for function, output in (("tanh", f"SQ1.{width - 1}"), ("logistic", f"UQ0.{width}"))
    ]


def made(fit, specification, segments, degree):
    """Return the pieces that a fit makes."""
    ((pieces, power),) = fit.polynomials(ReducedInput.of(specification), segments, [degree], None)
    assert power == degree
    return pieces


def number(value):
    return mpmath.mpf(value.numerator) / value.denominator


def ends(pieces, piece):
    """Return the values of the first and the last code of a piece."""
    source = pieces.domain.specification.input_format
    first, last = pieces.codes
    if pieces.shift is not None:
        first = pieces.origin + (piece << pieces.shift)
        last = first + (1 << pieces.shift) - 1
    return number(source.value(first)), number(source.value(last))


def value(pieces, piece, x):
    """Return the polynomial of a piece at a value, in ulp."""
    h = x - number(pieces.centre(piece))
    return sum(number(coefficient) * h**power for power, coefficient in enumerate(pieces.coefficients[piece]))


def errors(pieces, piece, places):
    """Return function minus polynomial in ulp, at places from -1 to 1 within a piece."""
    specification = pieces.domain.specification
    low, high = ends(pieces, piece)
    scale = 1 / number(specification.output_format.ulp)
    points = [(low + high) / 2 + (high - low) / 2 * place for place in places]
    return [FUNCTIONS[specification.function.name](x) * scale - value(pieces, piece, x) for x in points]
