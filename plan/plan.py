"""Plans: immutable straight-line programs over fixed-point integers."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..support.names import check_identifier
from .any_format import parse_format, plan_format
from .formats import FixedFormat
from .operations import Input, Operation, Range
from .ranges import infer

__all__ = ["Output", "Plan", "Step", "check_name"]

# The datapath names the register of step `h` after rank 2 `h_r2`; a step may not take such a name.
_REGISTER_NAME = re.compile(r".*_r\d+")


@dataclass(frozen=True)
class Step:
    """A named operation; `note` says in a few words what it is for."""

    name: str
    operation: Operation
    note: str = ""


@dataclass(frozen=True)
class Output:
    """An output port `name` that carries the code of `step` in `format`."""

    name: str
    step: str
    format: FixedFormat


@dataclass(frozen=True)
class Plan:
    """A straight-line program in single-assignment order.

    Parameters
    ----------
    steps
        Operations in order; each reads only earlier ones. Ranges and binary points are inferred from them.
    outputs
        Output ports; the range of each one's step must fit its format.

    Raises
    ------
    ValueError
        If a name is taken twice or is not an identifier, an operand is not an earlier step, binary points do not line
        up, or an output does not fit its format.

    """

    steps: tuple[Step, ...]
    outputs: tuple[Output, ...]

    def __post_init__(self) -> None:
        taken: set[str] = set()
        for step in self.steps:
            _take(step.name, "step name", taken)
            for operand in step.operation.operands:
                if operand not in taken or operand == step.name:
                    raise ValueError(f"step {step.name!r} reads {operand!r}, which is not an earlier step")
        for output in self.outputs:
            if output.step not in taken:
                raise ValueError(f"output {output.name!r} reads {output.step!r}, which is not a step")
        for output in self.outputs:
            _take(output.name, "output name", taken)
        if not self.outputs or not self.inputs:
            raise ValueError(f"a plan needs at least one {'output' if self.inputs else 'input'}")
        for output in self.outputs:
            self._check_output(output)

    def _check_output(self, output: Output) -> None:
        held = Range.of(output.format)
        if not held.covers(self.ranges[output.step]):
            raise ValueError(
                f"output {output.name!r} is in {self.ranges[output.step]}, outside {output.format}, which holds {held}"
            )
        if self.points[output.step] != output.format.fraction_bits:
            raise ValueError(
                f"output {output.name!r} has {self.points[output.step]} fraction bits, "
                f"but its format {output.format} has {output.format.fraction_bits}"
            )

    @cached_property
    def by_name(self) -> Mapping[str, Step]:
        """Steps by name."""
        return {step.name: step for step in self.steps}

    @cached_property
    def inputs(self) -> tuple[tuple[str, FixedFormat], ...]:
        """Input ports in order: name and format."""
        return tuple((s.name, s.operation.format) for s in self.steps if isinstance(s.operation, Input))

    @cached_property
    def ranges(self) -> Mapping[str, Range]:
        """The inferred range of every step."""
        return infer((step.name, step.operation) for step in self.steps)

    @cached_property
    def points(self) -> Mapping[str, int]:
        """Fraction bits of every step."""
        points: dict[str, int] = {}
        for step in self.steps:
            points[step.name] = step.operation.point(*(points[name] for name in step.operation.operands))
        return points

    def listing(self) -> str:
        """Return the plan as a readable table: name, operation, width, range, binary point, note."""
        rows = []
        for step in self.steps:
            held = self.ranges[step.name]
            shape = f"{'s' if held.signed else 'u'}{held.width}"
            rows.append((step.name, str(step.operation), shape, str(held), f"2^{-self.points[step.name]}", step.note))
        for output in self.outputs:
            rows.append((output.name, f"output({output.step})", str(output.format), "", "", ""))
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        lines = []
        for row in rows:
            cells = [f"{row[0]:<{widths[0]}} = {row[1]:<{widths[1]}}"]
            cells += [f"{row[column]:<{widths[column]}}" for column in (2, 3, 4)]
            lines.append("  ".join([*cells, row[5]]).rstrip())
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as JSON values."""
        steps = []
        for step in self.steps:
            entry = {"name": step.name, **step.operation.as_dict()}
            if step.note:
                entry["note"] = step.note
            steps.append(entry)
        outputs = [{"name": o.name, "step": o.step, "format": str(o.format)} for o in self.outputs]
        return {"steps": steps, "outputs": outputs}

    @classmethod
    def from_dict(cls, data: Any) -> Plan:
        """Read what `as_dict` wrote.

        Raises
        ------
        ValueError
            If anything is missing, unknown or inconsistent.

        """
        try:
            steps = []
            for entry in data["steps"]:
                fields = dict(entry)
                name, note = fields.pop("name"), fields.pop("note", "")
                steps.append(Step(name, Operation.from_dict(fields), note))
                if not isinstance(note, str):
                    raise TypeError(f"the note of step {name!r} is not text")
            outputs = [Output(o["name"], o["step"], plan_format(parse_format(o["format"]))) for o in data["outputs"]]
            return cls(tuple(steps), tuple(outputs))
        except (KeyError, TypeError) as error:
            raise ValueError(f"the plan is not well formed: {error}") from None

    def to_json(self) -> str:
        """Return the plan as compact JSON text, the same for equal plans."""
        return json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Read what `to_json` wrote."""
        return cls.from_dict(json.loads(text))

    @cached_property
    def sha256(self) -> str:
        """Content hash (SHA-256, hexadecimal) of everything in the plan, notes included: the Verilog has them, too."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def _take(name: str, what: str, taken: set[str]) -> None:
    check_name(name, what, taken)
    taken.add(name)


def check_name(name: str, what: str, taken: Container[str]) -> None:
    """Raise `ValueError` if a name is not an identifier, is one of `taken`, or is like that of a register.

    `what` says in the message what it names.
    """
    check_identifier(name, what)
    if _REGISTER_NAME.fullmatch(name):
        raise ValueError(f"{what} {name!r} ends like a register's name; choose another")
    if name in taken:
        raise ValueError(f"the name {name!r} is taken twice")
