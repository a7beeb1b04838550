"""Functions by what a person writes: a name, the name of a derivative, or an expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..support.parameters import Parameter, read_parameters
from .base import Function
from .derivative import Derivative

__all__ = ["Definition", "define", "derivative_definitions", "expression_definition"]

_OWN_NAMES = {"tanh": "tanh_derivative", "logistic": "logistic_derivative"}
"""Functions whose derivatives are functions of their own, under names that manifests have."""


@dataclass(frozen=True)
class Definition:
    """A function whose parameters are still to be given.

    Attributes
    ----------
    name
        The text that it is found by.
    module_name
        The name of a unit of it where none is given.
    parameters
        What may be given.
    make
        Makes the function of checked parameters.

    """

    name: str
    module_name: str
    parameters: tuple[Parameter, ...]
    make: Callable[[Mapping[str, Any]], Function]

    def create(self, given: Mapping[str, Any]) -> Function:
        """Return the function with parameters checked and defaults filled in."""
        return self.make(read_parameters(f"function {self.name}", self.parameters, given))


def define(function: type[Function]) -> Definition:
    """Return the definition of a class of functions."""
    return Definition(function.name, function.name, function.parameters, lambda given: function(**given))


def derivative_definitions(functions: Mapping[str, Definition]) -> dict[str, Definition]:
    """Return the definitions of derivatives, such as ``gelu.prime``, by every name of the functions."""
    found = {}
    for alias, definition in functions.items():
        own = functions.get(_OWN_NAMES.get(definition.name, ""))
        found[f"{alias}.prime"] = own or Definition(
            f"{definition.name}.prime",
            f"{definition.module_name}_derivative",
            definition.parameters,
            lambda given, definition=definition: Derivative(definition.make(given)),  # type: ignore[misc]
        )
    return found


def expression_definition(text: str, definitions: Mapping[str, Definition], unit_name: str | None = None) -> Definition:
    """Return the definition of an expression, which has no parameters beside those within it.

    An expression that is nothing but a function of x, or its derivative, is that function.
    """
    from .expressions.expression import Expression
    from .expressions.nodes import Call, Input, Prime
    from .expressions.parser import parse
    from .expressions.spelling import text as text_of

    node = parse(text, definitions)
    match node:
        case Call(function, Input()):
            made = function
        case Prime(Call(function, Input())) if function.name in _OWN_NAMES and function.listed:
            made = definitions[_OWN_NAMES[function.name]].create({})
        case Prime(Call(function, Input())) if function.listed:
            made = Derivative(function)
        case _:
            made = Expression(node, unit_name or "expression")
    return Definition(text_of(node), unit_name or made.module_name, (), lambda _: made)
