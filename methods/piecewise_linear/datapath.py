"""Datapaths of piecewise linear functions: products, offsets by segment, and the lines selected by comparisons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

from ...accuracy.specification import Specification
from ...plan.builder import PlanBuilder
from ...plan.constant_multiplier import add_shifted, multiply_by_constant
from ...plan.operations import (
    Absolute,
    Bits,
    Bitwise,
    Clamp,
    Compare,
    Constant,
    Select,
    ShiftLeft,
    ShiftRight,
    Subtract,
)
from ...plan.operations.base import Range
from ...plan.plan import Plan
from ..ramps.scaled_ramp import Line
from .segments import Segment, Segments

__all__ = ["plan_of"]


def plan_of(specification: Specification, segments: Segments, *, split: bool) -> Plan:
    """Return the plan that evaluates the line of the segment that its input lies in.

    Lines of one multiple share the product and one addition, whose offset is selected. Sums are `split` as
    `add_shifted` says.
    """
    b = PlanBuilder()
    note = f"argument of {specification.function}"
    x = b.input("x", specification.input_format, note, specification.codes)
    if segments.folded:
        x = b.let("magnitude", Absolute(x), "|x|: the function is even")
    return _Datapath(specification, b, x, segments.segments, split).build()


class _Datapath:
    """A plan being built, of the segments of its input."""

    def __init__(
        self, specification: Specification, b: PlanBuilder, x: str, segments: Sequence[Segment], split: bool
    ) -> None:
        self.b, self.x, self.segments, self.split = b, x, segments, split
        self.output, self.held = specification.output_format, specification.outputs
        self.products: dict[tuple[str, int, int], str] = {}

    def build(self) -> Plan:
        slopes = [(segment.line.multiple, segment.line.bits) for segment in self.segments]
        names = {slope: f"line{index}" for index, slope in enumerate(dict.fromkeys(slopes))}
        if len(names) == 1:
            names = dict.fromkeys(names, "line")

        def value(index: int) -> str:
            members = [at for at, slope in enumerate(slopes) if slope == slopes[index]]
            return self._rounded(names[slopes[index]], members)

        result = self._selected("value", slopes, value)
        return self.b.build(y=(result, self.output))

    def _rounded(self, name: str, members: list[int]) -> str:
        """Add the lines of one multiple, each for its segment, rounded down and within the output's range."""
        b = self.b
        if name in b:
            return name
        lines = [self.segments[at].line for at in members]
        multiple, bits = lines[0].multiple, lines[0].bits
        if not multiple:
            return self._constant(name, members)
        source = self.x
        if lines[0].before:  # of a multiple that no other segment has
            before, extension = lines[0].before, lines[0].extension
            source = self._plus(
                f"{name}_moved", source, int(before * (1 << extension)), extension, "x + offset / slope"
            )
            bits += extension
        value = self._product(name, source, multiple, bits)
        value, wider = self._with_offsets(name, value, members, bits, negative=multiple < 0)
        bits += wider
        if bits:
            value = b.let(f"{name}_rounded", ShiftRight(value, bits), "rounded to the output's last place")
        return self._limited(name, value, members)

    def _product(self, name: str, source: str, multiple: int, bits: int) -> str:
        """Add the magnitude of a multiple times the input, with bits below the output's last place."""
        key = source, abs(multiple), bits
        if key not in self.products:
            note = f"slope * {source}, {bits} bits below the output's last place" if bits else f"slope * {source}"
            point = self.output.fraction_bits + bits
            self.products[key] = multiply_by_constant(
                self.b, f"{name}_scaled", source, abs(multiple), point, note, split=self.split
            )
        return self.products[key]

    def _with_offsets(self, name: str, value: str, members: list[int], bits: int, *, negative: bool) -> tuple[str, int]:
        """Add the offsets of lines to their product, or subtract it from them; return by how much there are more bits.

        Offsets with more bits than the product widen it.
        """
        b, note = self.b, "offset plus half an output ulp, for rounding"
        offsets = {at: self.segments[at].line.after for at in members}
        wider = max(max(offset.denominator.bit_length() - 1 for offset in offsets.values()) - bits, 0)
        units = {at: int(offset * (1 << bits + wider)) for at, offset in offsets.items()}
        if not negative and not any(units.values()):
            return value, 0
        if not negative and len(set(units.values())) == 1:
            return self._plus(f"{name}_shifted", value, units[members[0]], wider, f"{value} + {note}"), wider
        if wider:
            value = b.let(f"{name}_wider", ShiftLeft(value, wider, b.point(value) + wider), "with bits below")
        all_of = 0
        for unit in units.values():
            all_of |= unit
        zeros = (all_of & -all_of).bit_length() - 1 if all_of and not negative else 0
        held = b.range(value)
        if held.low % (1 << zeros) or (held.high + 1) % (1 << zeros):
            zeros = 0
        point = b.point(value)
        offset = self._constants(f"{name}_offset", {at: unit >> zeros for at, unit in units.items()}, point - zeros)
        if negative:
            return b.let(f"{name}_shifted", Subtract(offset, value), note), wider
        return add_shifted(b, f"{name}_shifted", offset, zeros, value, note, split=self.split), wider

    def _plus(self, name: str, source: str, constant: int, extension: int, note: str) -> str:
        """Add steps for ``source * 2**extension + constant`` with as many more fraction bits, in a narrow adder."""
        b, fraction = self.b, self.b.point(source) + extension
        if extension:
            source = b.let(f"{name}_from", ShiftLeft(source, extension, fraction), "with bits below")
        zeros = (constant & -constant).bit_length() - 1
        held = b.range(source)
        if held.low % (1 << zeros) or (held.high + 1) % (1 << zeros):  # a sum's range in parts would not be exact
            zeros = 0
        added = b.let(f"{name}_offset", Constant(constant >> zeros, fraction - zeros))
        return add_shifted(b, name, added, zeros, source, note, split=self.split)

    def _constant(self, name: str, members: list[int]) -> str:
        outputs = {at: min(max(int(self.segments[at].line.after), self.held.low), self.held.high) for at in members}
        return self._constants(name, outputs, self.output.fraction_bits)

    def _constants(self, name: str, constants: dict[int, int], point: int) -> str:
        """Add a constant for each of some segments; what it is for the others does not matter."""
        b = self.b
        made: dict[int, str] = {}

        def constant(index: int) -> str:
            code = constants[index]
            if code not in made:
                called = name if len(set(constants.values())) == 1 else f"{name}{len(made)}"
                made[code] = b.let(called, Constant(code, point))
            return made[code]

        return self._selected(name, [constants.get(at) for at in range(len(self.segments))], constant)

    def _limited(self, name: str, value: str, members: list[int]) -> str:
        """Clamp a line to the output's range, or leave out the bits that it does not have on its segments."""
        b = self.b
        ends = [self._end(self.segments[at].line, code) for at in members for code in self.segments[at].codes]
        inside, found = Range(min(ends), max(ends)), b.range(value)
        if not self.held.covers(inside):
            return b.let(name, Clamp(value, *self.held), "limited to the output's range")
        if found.width <= inside.width and (self.held.covers(found) or found.signed == inside.signed):
            return value
        bits = Bits(value, 0, inside.width, b.point(value), inside.signed)
        return b.let(name, bits, "all bits that it has where it is selected")

    @staticmethod
    def _end(line: Line, code: int) -> int:
        return line.value(code).__floor__()

    def _selected(self, name: str, keys: Sequence[object], value: Callable[[int], str]) -> str:
        """Add selections among values by segment; of equal keys the value is one, and None stands for any.

        Parameters
        ----------
        name
            The name of the last step.
        keys
            For each segment which value it takes.
        value
            Adds the value of a segment, and returns the name of its step.

        """
        runs = self._runs(keys)
        kinds = list(dict.fromkeys(key for _, key in runs))
        if len(kinds) == 1:
            return value(next(at for at, key in enumerate(keys) if key is not None))
        peeled = min(kinds, key=lambda kind: (self._changes(runs, kind), kinds.index(kind)))
        inner = [None if key == peeled else key for key in keys]
        outer = value(keys.index(peeled))
        rest = self._selected(f"{name}_{len(kinds) - 1}", inner, value)
        changes = [run[0] for before, run in pairwise(runs) if (before[1] == peeled) != (run[1] == peeled)]
        condition = self._condition(name, changes)
        arms = (rest, outer) if runs[0][1] == peeled else (outer, rest)
        return self.b.let(name, Select(condition, *arms))

    def _runs(self, keys: Sequence[object]) -> list[tuple[int, object]]:
        """Return the first codes and the keys of runs of equal keys; where any will do, one starts at a round code."""
        runs: list[tuple[int, object]] = []
        pending: list[int] = []
        for segment, key in zip(self.segments, keys, strict=True):
            pending.append(segment.codes.low)
            if key is None:
                continue
            if not runs or runs[-1][1] != key:
                runs.append((max(pending, key=_roundness), key))
            pending = []
        return runs

    @staticmethod
    def _changes(runs: Sequence[tuple[int, object]], kind: object) -> int:
        return sum((one[1] == kind) != (other[1] == kind) for one, other in pairwise(runs))

    def _condition(self, name: str, starts: Sequence[int]) -> str:
        """Add whether the input is at or above an odd number of codes."""
        found = ""
        for index, start in enumerate(starts):
            above = self._at_or_above(start)
            if found:
                above = self.b.let(f"{name}_where{index}", Bitwise("xor", found, above))
            found = above
        return found

    def _at_or_above(self, start: int) -> str:
        """Add whether the input is at or above a code, in as few bits as tell."""
        b = self.b
        name = f"from_{start}" if start >= 0 else f"from_minus_{-start}"
        if name in b:
            return name
        width = b.range(self.x).width
        zeros = min((start & -start).bit_length() - 1 if start else width, width - 1)
        top = b.let(f"{name}_bits", ShiftRight(self.x, zeros, 0), "the bits that tell") if zeros else self.x
        point = 0 if zeros else b.point(self.x)
        end = b.let(f"{name}_code", Constant(start >> zeros, point))
        shown = start / Fraction(2) ** b.point(self.x)
        return b.let(name, Compare("ge", top, end), f"whether {'|x|' if self.x != 'x' else 'x'} >= {float(shown):g}")


def _roundness(code: int) -> int:
    return (code & -code).bit_length() if code else 1 << 10
