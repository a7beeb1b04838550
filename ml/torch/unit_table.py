"""The table that a module looks up: the correctly rounded function, a design, or a unit that was emitted."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...accuracy.specification import Specification
from ...explore.design import Design, design
from ...explore.given_function import default_output, given_definition
from ...explore.load import load
from ...explore.rounded import rounded
from ...functions.base import Function
from ...functions.expressions.clipped import clipped
from ...plan.any_format import Format, read_format
from ...plan.input_range import read_clip, show_codes
from ...plan.operations.base import Range
from ...plan.output_modes import split_modes
from ...sim.golden.model import GoldenModel

__all__ = ["OF_DESIGN", "UnitTable", "find_table"]

OF_DESIGN = frozenset(
    name
    for name, each in inspect.signature(design).parameters.items()
    if each.kind is each.KEYWORD_ONLY and name not in ("saturate", "input_range", "clip")
)
"""Arguments of `softgate.design` that ask for a design instead of the correctly rounded function."""

_REFUSED = {
    "ports": "a module has one input: give the parameter a value",
    "with_derivative": "a module has one output; its gradient is that of grad",
}

_MOST_CODES = 1 << 24


@dataclass(frozen=True, eq=False)
class UnitTable:
    """The outputs of a unit at all of its input codes, and what they are outputs of.

    Attributes
    ----------
    function
        The function of values.
    input, output
        The formats of the codes.
    held
        The input codes that occur.
    outputs
        Output codes in the narrowest integers, shape (codes,), in ascending order of the input's code.
    saturate
        Whether values beyond the output format are accepted.
    made_by
        The method of the unit and the hash of its plan, or that values are rounded half to even.
    design
        The unit; None of the correctly rounded function.

    """

    function: Function
    input: Format
    output: Format
    held: Range
    outputs: NDArray[Any]
    saturate: bool
    made_by: str
    design: Design | None

    @property
    def specification(self) -> dict[str, str]:
        """Properties that distinguish it from other tables, as texts by their names."""
        whole = Range.of(self.input) == self.held
        return {
            "function": str(self.function),
            "input": str(self.input) if whole else f"{self.input} from {show_codes(self.held, self.input)}",
            "output": str(self.output),
            "table": self.made_by,
        }

    def emitted(self) -> Design:
        """Return the design that is emitted; of the correctly rounded function the best one with the same outputs."""
        if self.design is not None:
            return self.design
        ends = None if Range.of(self.input) == self.held else tuple(map(self.input.value, self.held))
        found = design(
            self.function, self.input, self.output, saturate=self.saturate, input_range=ends, rounding="half_even"
        )
        if not np.array_equal(found.golden.table(), self.outputs):
            raise ArithmeticError(f"the unit that was found for {self.function} has other outputs than the module")
        return found


def find_table(
    function: Any,
    input: str | Format | None,
    output: str | Format | None,
    unit: str | Path | Design | None,
    options: Mapping[str, Any],
) -> UnitTable:
    """Return the table that the arguments of an `Activation` ask for.

    Raises
    ------
    TypeError, ValueError
        If one is wrong or missing, or contradicts the unit.

    """
    given = {name: value for name, value in options.items() if value is not None and value is not False}
    if unit is not None:
        return _of_unit(function, input, output, unit, given)
    if function is None:
        raise ValueError("function is missing: give a name such as tanh, an expression, or a unit (unit=)")
    if input is None:
        raise ValueError('input is missing: give the format of the values that come in, such as input="SQ4.4"')
    for name, reason in _REFUSED.items():
        if name in given:
            raise ValueError(f"{name} is not possible here: {reason}")
    source = read_format("input", input)
    definition = given_definition(function, source)
    modes = split_modes(output)[1] if isinstance(output, str) else None
    if given.keys() & OF_DESIGN or (modes is not None and (modes.rounding or modes.symmetric)):
        found = design(function, source, output, **given)
        return _of_design(found)
    bare = split_modes(output)[0] if isinstance(output, str) else output
    limits = {name: given.pop(name) for name in ("saturate", "input_range", "clip") if name in given}
    made = definition.create(given)
    target = _output_of(made) if bare is None else read_format("output", bare)
    if "clip" in limits:
        made = clipped(made, *read_clip(limits.pop("clip"), source))
    if modes is not None and modes.saturate:
        limits["saturate"] = True
    model = rounded(made, source, target, **limits)
    return UnitTable(
        function=made,
        input=source,
        output=target,
        held=_held(model),
        outputs=_outputs(model),
        saturate=bool(limits.get("saturate")),
        made_by="rounded half_even",
        design=None,
    )


def _output_of(function: Function) -> Format:
    try:
        return default_output(function, None)
    except ValueError:
        raise ValueError(
            'output is missing: give the format of the values that go out, such as output="SQ1.7"'
        ) from None


def _of_unit(function: Any, source: Any, output: Any, unit: Any, given: Mapping[str, Any]) -> UnitTable:
    """Return the table of a unit, whose function and formats are those given, where they are."""
    if not isinstance(unit, str | Path | Design):
        raise TypeError(f"unit must be the path of a manifest such as build/tanh.json, or a design, not {unit!r:.60}")
    others = sorted(given.keys() & ({"saturate", "input_range", "clip"} | OF_DESIGN))
    if others:
        raise ValueError(f"unit is given, and is what it is: leave out {', '.join(others)}")
    which = "unit" if isinstance(unit, Design) else f"unit {unit}"
    loaded = unit if isinstance(unit, Design) else load(unit)
    if not isinstance(loaded, Design):
        raise ValueError(f"{which} is the composite {loaded.asked.name}, and a module needs the unit of a function")
    found = _of_design(loaded, which)
    for name, asked, has in (("input", source, found.input), ("output", output, found.output)):
        if asked is not None and (read := read_format(name, asked)) != has:
            raise ValueError(f"{which} has the {name} format {has}, not {read}; leave {name} out")
    if function is not None and (made := given_definition(function, found.input).create(given)) != found.function:
        raise ValueError(f"{which} is of {found.function}, not of {made}")
    if function is None and given:
        raise ValueError(f"{which} has its parameters: leave out {', '.join(sorted(given))}")
    return found


def _of_design(found: Design, which: str = "unit") -> UnitTable:
    asked = found.specification
    if not isinstance(asked, Specification):
        raise ValueError(f"{which} has {len(found.plan.inputs)} inputs, and a module has one")
    model = found.golden
    if (count := _held(model).size) > _MOST_CODES:
        raise ValueError(f"{which} has {count} input codes, and a module looks up at most {_MOST_CODES}")
    return UnitTable(
        function=asked.of_values,
        input=asked.input_format.shown,
        output=asked.output_format.shown,
        held=_held(model),
        outputs=_outputs(model),
        saturate=asked.saturate,
        made_by=f"{found.method} unit, plan {found.plan.sha256[:16]}",
        design=found,
    )


def _held(model: GoldenModel) -> Range:
    return model.plan.ranges[model.plan.inputs[0][0]]


def _outputs(model: GoldenModel) -> NDArray[Any]:
    """Return the first output at every input code."""
    held = _held(model)
    codes = model.plan.inputs[0][1].codes(*held)
    found = model(codes, dtype="narrow")
    return np.asarray(found[0] if isinstance(found, tuple) else found)
