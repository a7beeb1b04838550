"""Parameters of a design, divided into those of its function and those of its method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..functions.definitions import Definition
from ..methods import Method, method_classes
from ..support.parameters import nearest, parameters_by_name

__all__ = ["split_parameters"]


def split_parameters(
    function: Definition, method: type[Method] | None, parameters: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the function's parameters and the method's; no name belongs to both (see `method_classes`).

    Raises
    ------
    ValueError
        If a name belongs to neither.

    """
    of_function = parameters_by_name(function.parameters).keys()
    of_method = parameters_by_name(method.parameters if method else ()).keys()
    for name in parameters:
        if name not in of_function | of_method:
            raise ValueError(_unknown(name, function, method, sorted(of_function | of_method)))
    return (
        {name: value for name, value in parameters.items() if name in of_function},
        {name: value for name, value in parameters.items() if name in of_method},
    )


def _unknown(name: str, function: Definition, method: type[Method] | None, known: list[str]) -> str:
    """Return the message for a name that belongs to neither."""
    owners = [each.name for each in method_classes() if name in {parameter.name for parameter in each.parameters}]
    if method is None and owners:
        whose = f"method {owners[0]}" if len(owners) == 1 else f"methods {', '.join(owners[:-1])} and {owners[-1]}"
        return f"{name} is a parameter of {whose}: name the method, too, such as {owners[-1]}"
    if method is None:
        of_methods = {parameter.name for each in method_classes() for parameter in each.parameters}
        hint = nearest(name, sorted({*known, *of_methods}))
        return f"neither function {function.name} nor any method has a parameter {name!r}; {hint}"
    hint = nearest(name, known) if known else "choose none: there are no parameters"
    return f"neither function {function.name} nor method {method.name} has a parameter {name!r}; {hint}"
