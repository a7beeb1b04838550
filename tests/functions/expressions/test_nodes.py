import pytest
from drawn_expressions import DEFINITIONS, EXPRESSIONS
from hypothesis import HealthCheck, given, settings

from softgate.functions.expressions.nodes import children, depth, rebuilt, walk
from softgate.functions.expressions.parser import parse


@pytest.mark.parametrize(
    ("text", "nodes", "deep"),
    [
        ("x", 1, 1),
        ("x + x*x", 5, 3),
        ("-x^2", 3, 3),
        ("where(x < 1, tanh(x), prime(exp(x)))", 8, 4),
    ],
)
def test_size(text, nodes, deep):
    node = parse(text, DEFINITIONS)
    assert len(list(walk(node))) == nodes
    assert depth(node) == deep


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        ("-x", "x^2", "-x^2"),
        ("x + 1", "x^2 pi", "x^2 + pi"),
        ("x*1", "x^2 pi", "x^2*pi"),
        ("x/2", "1 x", "1/x"),
        ("x^3", "pi", "pi^3"),
        ("max(x, 1)", "1 x", "max(1, x)"),
        ("silu(x, beta=2)", "x^2", "silu(x^2, beta=2)"),
        ("where(x < 1, 2, pi)", "1 x e 3", "where(1 < x, e, 3)"),
        ("prime(x)", "x^2", "prime(x^2)"),
    ],
)
def test_rebuilt(text, parts, expected):
    node, parts = parse(text, DEFINITIONS), [parse(part, DEFINITIONS) for part in parts.split()]
    found = rebuilt(node, parts)
    assert list(children(found)) == parts
    assert found == parse(expected, DEFINITIONS)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(EXPRESSIONS)
def test_a_node_of_its_own_children_is_the_same(node):
    assert all(rebuilt(part, children(part)) == part for part in walk(node))
