import math

import pytest

from softgate.ml.scan.normal_form import TooManyTermsError, X, apply, clip, constant, power

exp, tanh = apply("exp"), apply("tanh")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (X * (X + 1), X + X * X),
        (X * 0.5 * (1 + tanh(X)), 0.5 * X + tanh(X) * X / 2),
        ((X + 1) ** 3, X**3 + 3 * X**2 + 3 * X + 1),
        (1 / (1 + exp(-X)), power(exp(X * -1) + 1, -1.0)),
        (clip(X + 3, 0, 6) / 6, clip(X / 6 + 0.5, 0, 1)),
        (1 - clip(X, 0, 1), clip(1 - X, 0, 1)),
        (power(power(X, 0.5), -1.0), power(X, -0.5)),
        (2 * X - X, X),
        (clip(constant(9), 0, 6), constant(6)),
        (tanh(X * 0.1666667), tanh(X / 6)),
    ],
)
def test_the_same(one, other):
    assert one.same(other)
    assert other.same(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (X, 1.01 * X),
        (X, X + 1),
        (X, X**2),
        (tanh(X), exp(X)),
        (tanh(X), tanh(-X)),
        (X * tanh(X), X * tanh(X) ** 2),
        (clip(X, 0, math.inf), clip(X, 0, 6)),
        (clip(X, 0, 6), clip(X, 0, 5)),
        (power(X, 0.5), power(X, -0.5)),
    ],
)
def test_different(one, other):
    assert not one.same(other)
    assert not other.same(one)


def test_constants_have_a_value():
    assert (constant(2) * 3 - 6).value == 0
    assert (constant(2) ** 3).value == 8
    assert X.value is None
    assert (X - X).value == 0


def test_long_expressions_are_given_up():
    with pytest.raises(TooManyTermsError, match="more than 16 terms"):
        (1 + X + exp(X) + tanh(X)) ** 4


def test_roots_of_negative_numbers():
    with pytest.raises(ValueError, match="negative"):
        power(constant(-2), 0.5)
