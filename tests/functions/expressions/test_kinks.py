from fractions import Fraction

import pytest

from softgate.functions import create_function


@pytest.mark.parametrize(
    ("text", "kinks"),
    [
        ("x^2", []),
        ("abs(x)", [0]),
        ("abs(x^2 - 1/4)", ["-1/2", "1/2"]),
        ("abs(x^2 + 1)", []),
        ("abs(x)*x/(1 + x^2)", [0]),
        ("abs(tanh(3*x - 1))", ["1/3"]),
        ("max(silu(x), 0)", [0]),
        ("clip(tanh(x) + x, 0, 0) + x", None),
        ("min(exp(x), -1) + x", []),
        ("where(x^3 >= 8, exp(x), 0)", [2]),
        ("where(pi > e, x, exp(x))", []),
        ("hard_tanh(x^2 - 1) + exp(x)", [0, "-1.4142"]),
        ("hard_tanh(2*x) + exp(x)", ["-1/2", "1/2"]),
        ("sqrt(x^2 + 1)", []),
        ("sqrt(x)*exp(x)", [0]),
        ("max(x, x)", []),
        ("abs(x) - abs(x)", []),
        ("clip(exp(2*x - 1), -1, 1)", ["1/2"]),
        ("abs(sin(x))", None),
        ("max(x^2, 2)", None),
        ("max(exp(x), x)", None),
    ],
)
def test_kinks(text, kinks):
    if kinks is None or "-1.4142" in kinks:
        with pytest.raises(ValueError, match="has branches that begin where no exact input is known: "):
            create_function(text)
    else:
        assert create_function(text).kinks == tuple(map(Fraction, kinks))


def test_a_kink_of_lines_that_is_a_piece_of_its_own():
    pieces = create_function("prime(abs(x))").piecewise_linear
    assert pieces.kinks == (0, 0)
    assert [line.offset for line in pieces.lines] == [-1, 0, 1]
    assert [pieces.lines[pieces.piece(Fraction(x))](Fraction(x)) for x in (-1, 0, 1)] == [-1, 0, 1]


def test_a_jump_belongs_to_the_branch_that_is_taken():
    upper, lower = create_function("where(x >= 1/2, 2, x)"), create_function("where(x > 1/2, 2, x)")
    assert [f.piecewise_linear.closed for f in (upper, lower)] == [(True,), ()]
    assert [f.exact(Fraction(1, 2)) for f in (upper, lower)] == [2, Fraction(1, 2)]
