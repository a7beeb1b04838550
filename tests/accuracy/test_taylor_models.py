import mpmath
import pytest
from fitted import FUNCTIONS, number
from flint import ctx, fmpq
from specified import specify

from softgate.accuracy.taylor_models import Truth
from softgate.functions.number_types.working_precision import PROOF_BITS


@pytest.mark.parametrize(
    ("function", "source", "output", "low", "high"),
    [
        ("tanh", "SQ4.12", "SQ1.15", 0, 1023),
        ("tanh", "SQ4.12", "SQ1.15", -4096, -4000),
        ("logistic", "SQ4.40", "UQ0.50", 1 << 40, (1 << 40) + (1 << 37)),
        ("tanh_derivative", "SQ4.12", "SQ2.14", -500, 700),
        ("logistic", "SQ6.10", "UQ0.8", -32768, 32767),  # too wide for a polynomial
    ],
)
def test_the_function_lies_within_its_model(function, source, output, low, high):
    specification = specify(function, source, output)
    with ctx.workprec(PROOF_BITS + specification.output_format.width):
        polynomial, error = Truth(specification).unclamped(low, high)
    with mpmath.workdps(80):
        for part in range(9):
            h = fmpq(part, 4) - 1
            code = fmpq(low + high, 2) + h * fmpq(high - low, 2)
            x = mpmath.mpf(int(code.p)) / int(code.q) * number(specification.input_format.ulp)
            truth = FUNCTIONS[function](x) / number(specification.output_format.ulp)
            bottom, top = (polynomial(h) + end for end in (error.low, error.high))
            assert mpmath.mpf(int(bottom.p)) / int(bottom.q) <= truth <= mpmath.mpf(int(top.p)) / int(top.q)


def test_what_is_clamped_for_certain_is_constant():
    specification = specify("tanh", "SQ5.10", "SQ1.3")
    with ctx.workprec(PROOF_BITS):
        polynomial, error = Truth(specification).model(10000, 12000)
    assert (polynomial.coeffs(), error.size) == ([7], 0)
