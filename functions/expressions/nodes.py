"""Expressions as trees: the kinds of nodes, and the steps from a node to its parts and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    "children",
    "depth",
    "rebuilt",
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


def rebuilt(node: Node, parts: Iterable[Node]) -> Node:
    """Return a node with other expressions in place of its children, in the order of `children`."""
    match node:
        case Negative() | Prime():
            (of,) = parts
            return type(node)(of)
        case Sum() | Product():
            return type(node)(tuple(parts))
        case Quotient():
            return Quotient(*parts)
        case Power(_, exponent):
            (base,) = parts
            return Power(base, exponent)
        case Apply(name, _):
            return Apply(name, tuple(parts))
        case Call(function, _):
            (argument,) = parts
            return Call(function, argument)
        case Where(condition, _, _):
            left, right, then, otherwise = parts
            return Where(Comparison(left, condition.relation, right), then, otherwise)
        case _:
            return node


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all that it is made of."""
    yield node
    for child in children(node):
        yield from walk(child)


def depth(node: Node) -> int:
    """Return the number of nodes from here to the farthest leaf."""
    return 1 + max(map(depth, children(node)), default=0)
