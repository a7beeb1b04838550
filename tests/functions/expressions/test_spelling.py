import pytest
from drawn_expressions import DEFINITIONS, EXPRESSIONS
from hypothesis import HealthCheck, given, settings

from softgate.functions import find_function
from softgate.functions.expressions.parser import parse
from softgate.functions.expressions.spelling import text


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(EXPRESSIONS)
def test_the_text_of_a_tree_is_parsed_as_that_tree(node):
    assert parse(text(node), DEFINITIONS) == node


@pytest.mark.parametrize(
    ("given", "text_of_it"),
    [
        ("x*(x+1)", "x*(x + 1)"),
        ("x - (x - 1)", "x - (x - 1)"),
        ("(1/6)*x + x*(1/6)", "1/6*x + x*(1/6)"),
        ("(x^2)^3", "(x^2)^3"),
        ("silu(x, beta=1)", "silu(x)"),
        ("SiLU(x,beta=0.5)", "silu(x, beta=1/2)"),
        ("gelu.prime(2*x, approximate=tanh)", "gelu.prime(2*x, approximate=tanh)"),
        ("where(x<0, -x, x)", "where(x < 0, -x, x)"),
        ("where(x, 1, 0)*x", "where(x > 0, 1, 0)*x"),
        ("sigmoid(2*x)", "logistic(2*x)"),
    ],
)
def test_canonical_text(given, text_of_it):
    assert find_function(given).name == text_of_it
