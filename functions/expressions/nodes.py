"""Expressions as trees, and their canonical text.

Trees are made with `add`, `multiply`, `divide`, `power` and `negate`, which combine numbers and flatten sums and
products, so that the parsed text of a tree is the same tree again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..base import Function

__all__ = [
    "Apply",
    "Call",
    "Comparison",
    "Constant",
    "Input",
    "Negative",
    "Node",
    "Number",
    "Power",
    "Prime",
    "Product",
    "Quotient",
    "Sum",
    "Where",
    "add",
    "children",
    "depth",
    "divide",
    "multiply",
    "negate",
    "power",
    "text",
    "walk",
]


@dataclass(frozen=True)
class Input:
    """The argument x."""


@dataclass(frozen=True)
class Number:
    """A rational number."""

    value: Fraction


@dataclass(frozen=True)
class Constant:
    """One of the constants ``pi`` and ``e``."""

    name: str


@dataclass(frozen=True)
class Negative:
    """An expression with the other sign."""

    of: Node


@dataclass(frozen=True)
class Sum:
    """A sum of two or more terms."""

    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Product:
    """A product of two or more factors."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Quotient:
    """A numerator over a denominator."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True)
class Power:
    """A base to an integer exponent other than 0 and 1."""

    base: Node
    exponent: int


@dataclass(frozen=True)
class Apply:
    """One of the operations of number types, such as ``exp`` or ``max``, of one or more arguments."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Call:
    """A function of softgate, with its parameters fixed, of an argument."""

    function: Function
    argument: Node


@dataclass(frozen=True)
class Comparison:
    """A condition: ``<``, ``<=``, ``>`` or ``>=`` between two expressions."""

    left: Node
    relation: str
    right: Node


@dataclass(frozen=True)
class Where:
    """One expression where a condition holds, and another elsewhere."""

    condition: Comparison
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class Prime:
    """The derivative of an expression with respect to x."""

    of: Node


Node = Input | Number | Constant | Negative | Sum | Product | Quotient | Power | Apply | Call | Where | Prime


def children(node: Node) -> tuple[Node, ...]:
    """Return the expressions that a node is made of."""
    match node:
        case Negative(of) | Prime(of):
            return (of,)
        case Sum(parts) | Product(parts) | Apply(_, parts):
            return parts
        case Quotient(numerator, denominator):
            return numerator, denominator
        case Power(base, _):
            return (base,)
        case Call(_, argument):
            return (argument,)
        case Where(condition, then, otherwise):
            return condition.left, condition.right, then, otherwise
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all that it is made of."""
    yield node
    for child in children(node):
        yield from walk(child)


def depth(node: Node) -> int:
    """Return the number of nodes from here to the farthest leaf."""
    return 1 + max(map(depth, children(node)), default=0)


def add(left: Node, right: Node) -> Node:
    """Return a sum."""
    terms = [
        *(left.terms if isinstance(left, Sum) else (left,)),
        *(right.terms if isinstance(right, Sum) else (right,)),
    ]
    match terms[:2]:
        case [Number(a), Number(b)]:
            terms[:2] = [Number(a + b)]
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def negate(node: Node) -> Node:
    """Return an expression with the other sign."""
    match node:
        case Number(value):
            return Number(-value)
        case Negative(of):
            return of
        case _:
            return Negative(node)


def multiply(left: Node, right: Node) -> Node:
    """Return a product."""
    factors = [*(left.factors if isinstance(left, Product) else (left,))]
    factors += right.factors if isinstance(right, Product) else (right,)
    match factors[:2]:
        case [Number(a), Number(b)]:
            factors[:2] = [Number(a * b)]
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def divide(numerator: Node, denominator: Node) -> Node:
    """Return a quotient; `ZeroDivisionError` if the denominator is the number 0."""
    match numerator, denominator:
        case _, Number(value) if not value:
            raise ZeroDivisionError("division by 0")
        case Number(a), Number(b):
            return Number(a / b)
        case _:
            return Quotient(numerator, denominator)


def power(base: Node, exponent: int) -> Node:
    """Return an integer power; `ZeroDivisionError` for a negative power of the number 0."""
    if exponent in (0, 1):
        return base if exponent else Number(Fraction(1))
    return Number(base.value**exponent) if isinstance(base, Number) else Power(base, exponent)


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
    """Return what follows an operator: in parentheses unless it is a power or closer bound."""
    plain = not isinstance(node, Sum | Product | Quotient | Negative)
    if isinstance(node, Number):
        plain = node.value >= 0 and node.value.denominator == 1
    return text(node) if plain else f"({text(node)})"


def _base(node: Node) -> str:
    return f"({text(node)})" if isinstance(node, Power) else _operand(node)
