import pytest

from softgate.functions.expressions.tokens import Token, tokens


def test_tokens_and_their_columns():
    assert tokens(" 2.5e-1*gelu.prime(x)**2<=") == [
        Token("number", "2.5e-1", 1, 7),
        Token("sign", "*", 7, 8),
        Token("name", "gelu.prime", 8, 18),
        Token("sign", "(", 18, 19),
        Token("name", "x", 19, 20),
        Token("sign", ")", 20, 21),
        Token("sign", "**", 21, 23),
        Token("number", "2", 23, 24),
        Token("sign", "<=", 24, 26),
        Token("end", "", 26, 26),
    ]


def test_a_character_of_no_token():
    with pytest.raises(ValueError, match=r"^an expression cannot contain '\$', at column 3 of the expression 'x \$'$"):
        tokens("x $")
