"""Arrival times of values within a stage, with steps of logic packed into shared look-up tables.

Synthesis does not give every step look-up tables (LUTs) of its own: as long as a bit is a function of few enough bits,
one table computes it from these, and the step between them costs no level. An arrival therefore carries, beside its
time, the bits that a table would read to compute the value itself (`Arrival.bits`); a step of logic takes each operand
either as an input of its table or by these bits, in whatever way fits the table and is ready first. With four inputs:

    c  d   e    f         an operand as it is          c  d  e  f         the operand's own bits
    |  |   |    |                                      |  |  |  |
    +-and--+    |         (c & d) costs a level,       +--+--+--+         (c & d | e) ^ f is one function of c, d,
       +--or----+         and so does (.. | e)         |  LUT4  |         e and f: one table, one level
          +----xor                                     +--------+

A fifth input, `& g`, does not fit any more: the next table reads the xor as an operand. Sums, products and tables of
many entries are not absorbed: their result is an input. Wiring only renames bits, which `Arrival.bits` follows by
their place, so that two fields of one value are not counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from ...plan import operations as op
from ...plan.operations import Operation, Range
from ...plan.plan import Plan, Step
from . import Target
from .delays import READING, is_wiring, step_delay

__all__ = ["Arrival", "arrival_of", "is_packed", "unpacked", "wiring_offset"]


_Place = tuple[str, int | tuple[int, int]]
_Bits = Mapping[_Place, tuple[int, float]]


@dataclass(frozen=True)
class Arrival:
    """The arrival of a value, in nanoseconds after the clock.

    Attributes
    ----------
    time
        When its last bit arrives.
    bits
        The inputs of a look-up table that computes a bit of the value: by the name and the place of what it reads, how
        many inputs that takes and when it arrives. The place is the distance from the bit's own position, or, for a
        field of which every bit is read, its lowest bit and width. A constant reads nothing.
    ripple
        The bits of a sum arrive one after the other, the lowest by this much before the last.

    """

    time: float
    bits: _Bits
    ripple: float = 0.0

    @property
    def first(self) -> float:
        """Arrival of the lowest bit."""
        return self.time - self.ripple

    @property
    def early(self) -> float:
        """Time from which a look-up table can read it; one that inverts a single bit is absorbed."""
        counts = [count for count, _ in self.bits.values()]
        return max(at for _, at in self.bits.values()) if counts == [1] else self.time


def unpacked(name: str, time: float = 0.0) -> Arrival:
    """Return the arrival at a time of a value that no look-up table absorbs: a bit of it is an input of one."""
    return Arrival(time, {(name, 0): (1, time)})


def is_packed(step: Step, ranges: Mapping[str, Range], target: Target) -> bool:
    """Whether one look-up table holds each bit of a step, as a function of bits of its operands."""
    match step.operation:
        case op.Lookup(index=index):
            return ranges[index].width <= target.lut_inputs
        case op.PartialProduct(digit=digit):
            return ranges[digit].width + 2 <= target.lut_inputs
        case op.Select() | op.Bitwise():
            return True
        case op.Add() | op.Subtract() | op.Multiply() | op.Absolute() | op.Round() | op.Clamp() | op.Compare():
            return False
        case op.AddComplemented() | op.ShiftBy() | op.LeadingZeros():
            return False
        case _:
            raise op.unknown_operation(step.operation, READING)


def arrival_of(plan: Plan, step: Step, operands: Iterable[Arrival], target: Target) -> Arrival:
    """Return the arrival of a step, given those of its operands in the same stage."""
    found = list(operands)
    operation, level = step.operation, target.delays.level
    time, early = (max((getattr(each, which) for each in found), default=0.0) for which in ("time", "early"))
    if isinstance(operation, op.Constant):
        return Arrival(0.0, {})
    if is_wiring(step, plan.ranges):
        bit, offset = target.delays.carry_bit, wiring_offset(operation)
        if isinstance(operation, op.Concatenate):
            first = max(found[0].first - operation.bits * bit, found[1].first)
            return Arrival(time, {(step.name, 0): (1, early)}, time - first)
        if offset is None:
            return Arrival(time, {(step.name, 0): (1, early)})
        moved = {(n, at + offset if isinstance(at, int) else at): b for (n, at), b in found[0].bits.items()}
        return Arrival(time, moved, found[0].ripple and max(found[0].ripple + offset * bit, 0.0))
    if isinstance(operation, op.Add | op.AddComplemented | op.Subtract):  # carries follow those of the sums added
        addends, conditions = found[:2], found[2:]
        time = max(*(each.first for each in addends), *(each.time for each in conditions))
        time += step_delay(plan, step, target)
        ripple = plan.ranges[step.name].width * target.delays.carry_bit
        return Arrival(time, {(step.name, 0): (1, time)}, ripple)
    if not is_packed(step, plan.ranges, target):
        time += step_delay(plan, step, target)
        return unpacked(step.name, time)
    match operation:
        case op.Lookup(index=index):
            return Arrival(early + level, {_field(plan, index): (plan.ranges[index].width, early)})
        case op.PartialProduct(source=source, digit=digit):
            bits: _Bits = {
                (source, 0): (1, found[0].early),
                (source, 1): (1, found[0].early),
                _field(plan, digit): (plan.ranges[digit].width, found[1].early),
            }
        case op.Select() | op.Bitwise():
            # Each operand is an input of the table, or its function is absorbed: the earliest choice that fits.
            choices: list[tuple[_Bits, ...]] = [
                (held.bits, {(name, 0): (1, held.time)}) if held.bits else ({},)
                for name, held in zip(operation.operands, found, strict=True)
            ]
            tables = [_joined(choice) for choice in product(*choices)]
            bits = min((bits for bits in tables if _inputs(bits) <= target.lut_inputs), key=_latest)
        case _:
            raise op.unknown_operation(operation, READING)
    return Arrival(_latest(bits)[0] + level, bits)


def _joined(inputs: Iterable[_Bits]) -> _Bits:
    """Return the inputs of a table that takes in several functions, each of some of these bits."""
    joined: dict[_Place, tuple[int, float]] = {}
    for bits in inputs:
        for place, (count, at) in bits.items():
            joined[place] = (count, max(at, joined.get(place, (count, at))[1]))
    return joined


def _inputs(bits: _Bits) -> int:
    """Return the number of table inputs that these bits take."""
    return sum(count for count, _ in bits.values())


def _latest(bits: _Bits) -> tuple[float, int]:
    """Return the arrival of the last of these bits, and their number."""
    return max((at for _, at in bits.values()), default=0.0), _inputs(bits)


def _field(plan: Plan, name: str) -> _Place:
    """Return the place of all bits of a step, within the value that it is a field of."""
    operation = plan.by_name[name].operation
    if isinstance(operation, op.Bits):
        return operation.source, (operation.low, operation.count)
    return name, (0, plan.ranges[name].width)


def wiring_offset(operation: Operation) -> int | None:
    """Return the distance by which wiring moves the bits of its only operand; None if it does more than move them."""
    match operation:
        case op.ShiftLeft(bits=bits):
            return bits
        case op.ShiftRight(bits=bits):
            return -bits
        case op.Bits(low=low):
            return -low
        case op.Narrow():
            return 0
        case op.Input() | op.Constant() | op.Concatenate() | op.Absolute() | op.Clamp() | op.Compare() | op.Lookup():
            return None
        case _:
            raise op.unknown_operation(operation, READING)
