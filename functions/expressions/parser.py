"""Expressions from text, by recursive descent.

sum = product {("+" | "-") product}; product = signed {("*" | "/") signed}; signed = {"+" | "-"} power;
power = atom [("^" | "**") integer]; atom = number | name | "(" sum ")" | name "(" arguments ")".
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NoReturn

from ...support.parameters import parse_number
from .calls import Definitions, WrittenCall, fail_unknown, known_names, make_call
from .construction import add, divide, multiply, negate, power
from .nodes import Comparison, Constant, Input, Node, Number, Where, depth
from .spelling import text
from .tokens import Token, fail, tokens

__all__ = ["is_expression", "parse"]

LONGEST = 1000
"""Characters of an expression."""

DEEPEST = 60
"""Nodes from the root of a tree to a leaf, and parentheses within each other."""

LARGEST_EXPONENT = 64
_NUMBER_EXPONENT = 1024
_NUMBER_BITS = 4096

_RELATIONS = ("<", "<=", ">", ">=")


def is_expression(given: str) -> bool:
    """Return whether a text can only be an expression, not the name of a function."""
    stripped = given.strip().lower()
    return stripped in ("x", "pi", "e") or stripped[:1].isdigit() or any(sign in stripped for sign in "()+-*/^ ")


def parse(given: str, definitions: Definitions) -> Node:
    """Return the tree of an expression.

    Raises
    ------
    ValueError
        If it is not an expression, too long or too deep; the message names the column, counted from 1.

    """
    if len(given) > LONGEST:
        raise ValueError(f"an expression has at most {LONGEST} characters, not {len(given)}")
    node = _Parser(given, definitions).parse()
    if depth(node) > DEEPEST:
        raise ValueError(f"an expression is at most {DEEPEST} deep, not {depth(node)}: {given!r:.80}")
    if len(text(node)) > LONGEST:
        raise ValueError(f"an expression with its numbers written out has at most {LONGEST} characters: {given!r:.80}")
    return node


class _Parser:
    def __init__(self, given: str, definitions: Definitions) -> None:
        self.text, self.definitions = given, definitions
        self.tokens = tokens(given)
        self.at = 0
        self.nested = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def parse(self) -> Node:
        node = self.sum()
        if self.next.text == ")":
            self.fail("there is a ')' without its '('")
        if self.next.kind != "end":
            self.fail(f"an operator is missing before {self.next.text!r}")
        return node

    def fail(self, message: str, token: Token | None = None) -> NoReturn:
        fail(message, self.text, (token or self.next).start)

    def take(self, *signs: str) -> Token | None:
        """Return the next token and go past it if it is one of `signs`; else return None."""
        token = self.next
        if token.kind != "sign" or token.text not in signs:
            return None
        self.at += 1
        return token

    def sum(self) -> Node:
        node = self.product()
        while sign := self.take("+", "-"):
            term = self.product()
            node = self.made(add, sign, node, term if sign.text == "+" else negate(term))
        return node

    def product(self) -> Node:
        node = self.signed()
        while sign := self.take("*", "/"):
            node = self.made(multiply if sign.text == "*" else divide, sign, node, self.signed())
        return node

    def signed(self) -> Node:
        minus = False
        while sign := self.take("+", "-"):
            minus ^= sign.text == "-"
        node = self.power()
        return negate(node) if minus else node

    def power(self) -> Node:
        base = self.atom()
        sign = self.take("^", "**")
        if sign is None:
            return base
        token = self.next
        exponent = self.entered(self.signed)
        if not isinstance(exponent, Number) or exponent.value.denominator != 1:
            self.fail(f"an exponent must be a whole number, not {text(exponent)}", token)
        most = _NUMBER_EXPONENT if isinstance(base, Number) else LARGEST_EXPONENT
        if abs(exponent.value) > most:
            self.fail(f"an exponent must be a whole number from -{most} to {most}, not {text(exponent)}", token)
        return self.made(power, sign, base, int(exponent.value))

    def made(self, make: Callable[..., Node], sign: Token, *operands: Any) -> Node:
        """Return the result of an operator, whose number must be neither undefined nor too large."""
        try:
            node = make(*operands)
        except ZeroDivisionError:
            self.fail("this divides by 0", sign)
        if isinstance(node, Number):
            self.check_number(node.value, sign)
        return node

    def check_number(self, value: Fraction, token: Token) -> None:
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > _NUMBER_BITS:
            self.fail(f"numbers have at most {_NUMBER_BITS} bits above and below their fraction line", token)

    def entered(self, read: Callable[[], Any]) -> Any:
        """Return the result of `read`, one level of parentheses further inside."""
        if self.nested >= DEEPEST:
            self.fail(f"an expression is at most {DEEPEST} deep")
        self.nested += 1
        found = read()
        self.nested -= 1
        return found

    def close(self, opened: Token) -> None:
        if not self.take(")"):
            what = "the end" if self.next.kind == "end" else repr(self.next.text)
            self.fail(f"a ')' is missing before {what} for the '(' at column {opened.start + 1}")

    def atom(self) -> Node:
        token = self.next
        if opened := self.take("("):
            node: Node = self.entered(self.sum)
            self.close(opened)
            return node
        if token.kind == "number":
            self.at += 1
            try:
                return Number(parse_number(token.text))
            except ValueError:
                self.fail(f"{token.text:.40} is not a number that can be read", token)
        if token.kind == "name":
            self.at += 1
            return self.named(token)
        self.fail(
            f"a number, x or a function is missing before {token.text!r}"
            if token.text
            else "a number, x or a function is missing at the end"
        )

    def named(self, token: Token) -> Node:
        name = token.text.lower()
        if opened := self.take("("):
            made: Node = self.entered(lambda: self.called(token, name, opened))
            return made
        if name == "x":
            return Input()
        if name in ("pi", "e"):
            return Constant(name)
        known = known_names(self.definitions)
        if name in known:
            self.fail(f"{name} needs its argument in parentheses, such as {name}(x)", token)
        fail_unknown(name, self.text, token, ("x", "pi", "e", *known))

    def called(self, token: Token, name: str, opened: Token) -> Node:
        if name == "where":
            return self.where(token, opened)
        arguments: list[Node] = []
        settings: dict[str, str] = {}
        places: dict[str, Token] = {}
        while not (self.next.text == ")" and not arguments):
            ahead = self.tokens[self.at : self.at + 2]
            if ahead[0].kind == "name" and ahead[-1].text == "=":
                key = ahead[0].text.lower()
                if key in settings:
                    self.fail(f"parameter {key} is given twice")
                places[key] = ahead[0]
                settings[key] = self.setting()
            elif settings:
                self.fail("parameters stand behind the arguments")
            else:
                arguments.append(self.sum())
            if not self.take(","):
                break
        self.close(opened)
        return make_call(WrittenCall(self.text, token, arguments, settings, places), self.definitions)

    def setting(self) -> str:
        """Return the text of a parameter's value, up to the next comma or closing parenthesis."""
        self.at += 2
        start = self.next
        while self.next.kind != "end" and self.next.text not in (",", ")"):
            self.at += 1
        if self.next is start:
            self.fail("the value of a parameter is missing")
        return self.text[start.start : self.tokens[self.at - 1].stop]

    def where(self, token: Token, opened: Token) -> Node:
        condition = self.sum()
        relation = self.take(*_RELATIONS)
        # A number stands for whether it is above 0.
        compared = (
            Comparison(condition, ">", Number(Fraction(0)))
            if relation is None
            else Comparison(condition, relation.text, self.sum())
        )
        branches = []
        while self.take(","):
            branches.append(self.sum())
        self.close(opened)
        if len(branches) != 2:
            self.fail(f"where takes 3 arguments, a condition and two values, not {len(branches) + 1}", token)
        return Where(compared, *branches)
