from fractions import Fraction

import pytest
from drawn_expressions import DEFINITIONS

from softgate.functions import create_function
from softgate.functions.expressions.calls import WrittenCall, known_names, make_call
from softgate.functions.expressions.nodes import Apply, Call, Input, Number, Prime
from softgate.functions.expressions.tokens import Token

X = Input()
ONE, TWO = Number(Fraction(1)), Number(Fraction(2))


def written(name, *arguments, **settings):
    """Return a call whose name stands at column 5, and its parameters at column 21 and every tenth after it."""
    places = {key: Token("name", key, 20 + 10 * index, 24 + 10 * index) for index, key in enumerate(settings)}
    return WrittenCall("1 + ...", Token("name", name, 4, 4 + len(name)), arguments, settings, places)


@pytest.mark.parametrize(
    ("call", "node"),
    [
        (written("max", X, ONE), Apply("max", (X, ONE))),
        (written("EXP", X), Apply("exp", (X,))),
        (written("clip", X, ONE, TWO), Apply("clip", (X, ONE, TWO))),
        (written("prime", X), Prime(X)),
        (written("Tanh", X), Call(create_function("tanh"), X)),
        (written("silu", X, beta="1/2"), Call(create_function("silu", beta="1/2"), X)),
    ],
)
def test_nodes_of_calls(call, node):
    assert make_call(call, DEFINITIONS) == node


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (written("max", X), "max takes 2 arguments, not 1, at column 5 of "),
        (written("prime", X, X), "prime takes 1 argument, not 2, at column 5 of "),
        (written("min", X, beta="1"), "min has no parameters, at column 5 of "),
        (written("clip", X, TWO, ONE), "clip takes a value and two numbers, the lower one first, such as "),
        (written("clip", X, X, ONE), "clip takes a value and two numbers, the lower one first, such as "),
        (written("exp", X, beta="1"), "exp has no parameters, at column 5 of "),
        (written("tanh", X, X), "tanh takes 1 argument, not 2, at column 5 of "),
        (written("silu", X, beta="-1"), "beta must be above 0, not -1, at column 21 of "),
        (written("hard_tanh", X, min="-1", max="foo"), "max must be a number, not 'foo', at column 31 of "),
        (written("tahn", X), "there is no 'tahn', at column 5 of the expression '1 + ...'; did you mean tanh?"),
        (written("foo", X), "there is no 'foo', at column 5 of the expression '1 + ...'; choose one of abs, atan, "),
    ],
)
def test_refused_calls(call, message):
    with pytest.raises(ValueError) as raised:
        make_call(call, DEFINITIONS)
    assert str(raised.value).startswith(message)


def test_a_function_of_an_operations_name_takes_its_parameters():
    definitions = {"exp": DEFINITIONS["silu"]}
    assert make_call(written("exp", X, beta="2"), definitions) == Call(create_function("silu", beta=2), X)
    assert make_call(written("exp", X), definitions) == Apply("exp", (X,))


def test_names():
    assert {"exp", "where", "tanh"} < set(known_names(DEFINITIONS))
