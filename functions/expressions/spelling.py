"""The canonical text of an expression, by which manifests know it."""

from __future__ import annotations

from collections.abc import Iterator

from ..base import Function
from .nodes import (
    Apply,
    Call,
    Constant,
    Input,
    Negative,
    Node,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Sum,
    Where,
)

__all__ = ["text"]


def text(node: Node) -> str:
    """Return an expression as text that is parsed as the same tree again."""
    match node:
        case Input():
            return "x"
        case Number(value):
            return str(value)
        case Constant(name):
            return name
        case Negative(of):
            return f"-{_operand(of)}"
        case Sum(terms):
            first, *rest = map(text, terms)
            return first + "".join(
                f" - {_term(t)}" if _is_subtracted(t) else f" + {s}" for t, s in zip(terms[1:], rest, strict=True)
            )
        case Product(factors):
            return "*".join([_first_factor(factors[0]), *map(_operand, factors[1:])])
        case Quotient(numerator, denominator):
            return f"{_first_factor(numerator)}/{_operand(denominator)}"
        case Power(base, exponent):
            return f"{_base(base)}^{exponent}"
        case Apply(name, arguments):
            return f"{name}({', '.join(map(text, arguments))})"
        case Call(function, argument):
            return f"{function.spelling}({', '.join([text(argument), *_settings(function)])})"
        case Where(condition, then, otherwise):
            compared = f"{text(condition.left)} {condition.relation} {text(condition.right)}"
            return f"where({compared}, {text(then)}, {text(otherwise)})"
        case Prime(of):
            return f"prime({text(of)})"


def _settings(function: Function) -> Iterator[str]:
    """Yield the parameters of a function that are not at their defaults."""
    defaults = {parameter.name: parameter.default for parameter in function.declared_parameters}
    for name, value in function.as_dict().items():
        if value != str(defaults[name]):
            yield f"{name}={value}"


def _is_subtracted(term: Node) -> bool:
    return isinstance(term, Negative) or (isinstance(term, Number) and term.value < 0)


def _term(term: Node) -> str:
    """Return a term that is subtracted, without its sign."""
    if isinstance(term, Number):
        return text(Number(-term.value))
    assert isinstance(term, Negative)
    return f"({text(term.of)})" if isinstance(term.of, Sum) else text(term.of)


def _first_factor(node: Node) -> str:
    return f"({text(node)})" if isinstance(node, Sum) else text(node)


def _operand(node: Node) -> str:
    """Return the text of an operand, in parentheses unless it is a power or binds more closely."""
    plain = not isinstance(node, Sum | Product | Quotient | Negative)
    if isinstance(node, Number):
        plain = node.value >= 0 and node.value.denominator == 1
    return text(node) if plain else f"({text(node)})"


def _base(node: Node) -> str:
    return f"({text(node)})" if isinstance(node, Power) else _operand(node)
