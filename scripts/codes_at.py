"""Inputs that ``softgate show`` is asked about: codes, or values that are rounded to codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from ..plan.formats import FixedFormat
    from ..plan.operations.base import Range
    from ..plan.plan import Plan

__all__ = ["Input", "checked_codes", "codes_at", "inputs_of", "read_codes", "shown_codes"]


class Input(NamedTuple):
    """An input of a unit, or an element of a vector: its name, its format, and the codes that it may have."""

    name: str
    format: FixedFormat
    held: Range


def inputs_of(plan: Plan) -> list[Input]:
    """Return the inputs of a plan."""
    return [Input(name, fmt, plan.ranges[name]) for name, fmt in plan.inputs]


def read_codes(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> list[tuple[int, ...]]:
    """Read codes of all inputs, separated by commas."""
    found = []
    for text in given:
        try:
            found.append(tuple(int(each) for each in text.split(",")))
        except ValueError:
            raise click.BadParameter(f"{text!r} is not a valid integer.") from None
    return found


def shown_codes(named: Iterable[tuple[tuple[str, FixedFormat], int]]) -> str:
    """Return names with their values and codes, as in ``x = 0.5 (code 2048)``."""
    return ", ".join(f"{name} = {float(fmt.shown.value(code))} (code {code})" for (name, fmt), code in named)


def checked_codes(codes: tuple[int, ...], inputs: Sequence[Input]) -> tuple[int, ...]:
    """Return the codes of all inputs; raise `click.UsageError` if an input has no such code."""
    from ..plan.operations.base import Range

    _check_count("--at-code", len(codes), inputs)
    for (_, fmt, held), code in zip(inputs, codes, strict=True):
        if code not in held:
            whose = "the range of the unit" if held != Range.of(fmt) else f"the codes of {fmt}"
            raise click.UsageError(f"--at-code must be from {held.low} to {held.high}, {whose}, not {code}")
    return codes


def codes_at(text: str, inputs: Sequence[Input]) -> tuple[int, ...]:
    """Return the codes nearest to the values of all inputs."""
    values = text.split(",") if len(inputs) > 1 else [text]
    _check_count("--at", len(values), inputs)
    return tuple(_code_at(value, fmt, held) for value, (_, fmt, held) in zip(values, inputs, strict=True))


def _check_count(option: str, count: int, inputs: Sequence[Input]) -> None:
    """Raise `click.UsageError` unless there are as many numbers as inputs."""
    if count != len(inputs):
        names = ", ".join(each.name for each in inputs)
        raise click.UsageError(f"{option} takes a number for each of {names}, with commas, not {count}")


def _code_at(value: str, fmt: FixedFormat, held: Range) -> int:
    """Return the code nearest to a value, as `FixedFormat.quantize` rounds; values beyond the format are limited.

    Raises
    ------
    click.UsageError
        If it is not a number, or outside the range that the unit is made for.

    """
    from ..plan.input_range import show_codes
    from ..plan.operations.base import Range
    from ..support.parameters import parse_number

    try:
        units = parse_number(value) / fmt.shown.ulp
    except ValueError:
        raise click.UsageError(f"--at takes a number, such as 0.37, not {value!r}") from None
    scaled = units + fmt.code_of_zero
    nearest = round(units) + fmt.code_of_zero
    if held != Range.of(fmt) and nearest not in held:
        raise click.UsageError(f"--at must be from {show_codes(held, fmt)}, the range of the unit, not {value}")
    code: int = min(max(nearest, held.low), held.high)
    if abs(code - scaled) >= 1:
        click.echo(f"--at {value} is outside {fmt}, and limited to {float(fmt.shown.value(code)):g}", err=True)
    return code
