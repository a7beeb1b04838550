"""The function of a design in every form in which it is given: a name, an expression, an array, a callable."""

from __future__ import annotations

from typing import Any

from ..functions import find_function, from_callable
from ..functions.base import Function
from ..functions.definitions import Definition
from ..functions.packed_values import MOST_VALUES, read_array
from ..functions.thresholds import Thresholds
from ..functions.value_table import ValueTable
from ..plan.any_format import Format
from ..plan.formats import FixedFormat

__all__ = ["default_output", "given_definition", "table_at_codes"]


def given_definition(function: Any, source: Format) -> Definition:
    """Return a function whose parameters are still to be given; those of arrays and callables have none.

    Raises
    ------
    TypeError, ValueError
        If it has a form that `softgate.design` does not take.

    """
    if isinstance(function, str):
        return find_function(function)
    if isinstance(function, Function):
        made = function
    elif callable(function):
        made = from_callable(function)
    elif hasattr(function, "__array__"):
        made = table_at_codes(function, source)
    else:
        raise TypeError(
            "function must be a name such as tanh, an expression, an array of values or a callable, "
            f"not {function!r:.60}"
        )
    return Definition(str(made), made.module_name, (), lambda _: made)


def table_at_codes(values: Any, source: Format, what: str = "table") -> Function:
    """Return the function of an array with one value for each code of a format, in ascending order of the codes.

    Raises
    ------
    TypeError, ValueError
        If the array is not one of floats, or has not as many as there are codes.

    """
    count = 1 << source.width
    if count > MOST_VALUES:
        raise ValueError(f"{what} holds at most {MOST_VALUES} values, but {source} has {count} codes")
    array = read_array(values, what)
    if len(array) != count:
        raise ValueError(
            f"{what} must hold one value for each of the {count} codes of {source}, in ascending order, "
            f"not {len(array)} values"
        )
    return ValueTable.of(array, source.value(source.min_code), source.ulp, what)


def default_output(function: Function, output: Format | None) -> Format:
    """Return the output format, if none is given that of the integers up to the number of thresholds.

    Raises
    ------
    ValueError
        If none is given for a function that has no thresholds.

    """
    if output is not None:
        return output
    if not isinstance(function, Thresholds):
        raise ValueError("output format is missing: only thresholds have one of their own; give one such as SQ1.7 (-o)")
    return FixedFormat(False, len(function.array).bit_length(), 0)
