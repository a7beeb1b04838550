"""How long the steps of a plan take on a target."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from ...plan import operations as op
from ...plan.operations import Operation, Range
from ...plan.plan import Plan, Step
from . import Target

__all__ = ["Placement", "is_wiring", "longest_stage", "longest_step", "place", "product_widths", "size", "step_delay"]


_READING = "delay model"

_WIRING = op.Input | op.Constant | op.Bits | op.ShiftLeft | op.ShiftRight | op.Concatenate | op.Narrow

_LOGIC = (
    op.Add
    | op.Subtract
    | op.Multiply
    | op.PartialProduct
    | op.Bitwise
    | op.ShiftBy
    | op.LeadingZeros
    | op.Round
    | op.Compare
    | op.Select
)
"""The operations that are more than wiring; of the others it depends on what they read."""


def is_wiring(step: Step, ranges: Mapping[str, Range]) -> bool:
    """Whether a step is but another way to read the bits of its operands."""
    operation = step.operation
    match operation:
        case op.Absolute(source=source):
            return not ranges[source].signed
        case op.Clamp(source=source, low=low, high=high):
            return ranges[source].low >= low and ranges[source].high <= high
        case op.Compare(relation="lt" | "ge", right=right):
            return ranges[right] == Range(0, 0)  # the sign
        case op.Lookup(index=index):
            return ranges[index].low == ranges[index].high
        case _ if isinstance(operation, _WIRING):
            return True
        case _ if isinstance(operation, _LOGIC):
            return False
        case _:
            raise op.unknown_operation(operation, _READING)


def _is_logic(step: Step, ranges: Mapping[str, Range], target: Target) -> bool:
    """Whether every bit of a step is a function of so few bits of its operands that one look-up table holds it."""
    match step.operation:
        case op.Lookup(index=index):
            return ranges[index].width <= target.lut_inputs
        case op.PartialProduct(digit=digit):
            return ranges[digit].width + 2 <= target.lut_inputs
        case op.Select() | op.Bitwise():
            return True
        case op.Add() | op.Subtract() | op.Multiply() | op.Absolute() | op.Round() | op.Clamp() | op.Compare():
            return False
        case op.ShiftBy() | op.LeadingZeros():
            return False
        case _:
            raise op.unknown_operation(step.operation, _READING)


def step_delay(plan: Plan, step: Step, target: Target) -> float:
    """Return how long a step takes by itself on a target, in nanoseconds."""
    ranges, delays = plan.ranges, target.delays
    if is_wiring(step, ranges):
        return 0.0
    width = ranges[step.name].width
    widths = [ranges[name].width for name in step.operation.operands]
    match step.operation:
        case op.Add() | op.Subtract():
            return delays.add(width)
        case op.Absolute():
            return delays.level + delays.add(width)
        case op.Round(mode=mode):
            extra = 0 if mode == "half_up" else _tree(step.operation.bits, target)
            return extra * delays.level + delays.add(width)
        case op.Compare(relation="eq" | "ne"):
            return _tree(2 * max(widths), target) * delays.level
        case op.Compare():  # the carry has to leave the chain, which takes about as long as to enter it
            return delays.carry + delays.add(max(widths))
        case op.Clamp():
            return delays.carry + delays.add(max(widths)) + delays.level
        case op.Lookup():
            return delays.lookup(widths[0])
        case op.PartialProduct():
            return delays.lookup(widths[1] + 2)
        case op.Multiply():
            return _multiply(product_widths(plan, step), target)
        case op.ShiftBy():
            return widths[1] * delays.level
        case op.LeadingZeros():
            return 2 * max(widths).bit_length() * delays.level
        case op.Select() | op.Bitwise():
            return delays.level
        case _:
            raise op.unknown_operation(step.operation, _READING)


def product_widths(plan: Plan, step: Step) -> tuple[int, int]:
    """Return the widths of a product's operands as multiplier blocks take them, which is signed."""
    left, right = (plan.ranges[name] for name in step.operation.operands)
    return left.width + (not left.signed), right.width + (not right.signed)


def _multiply(widths: tuple[int, int], target: Target) -> float:
    delays, block = target.delays, target.multiplier
    if block is None:  # a tree of adders, whose carries run side by side
        rows = min(widths)
        return delays.level + ((rows - 1).bit_length() - 1) * delays.carry + delays.add(sum(widths))
    return block.delay if block.fits(*widths) else block.delay + delays.carry + delays.add(sum(widths))


def _tree(inputs: int, target: Target) -> int:
    """Return the levels of look-up tables that a function of so many bits takes, if it is a tree."""
    levels = 1
    while target.lut_inputs**levels < inputs:
        levels += 1
    return levels


def size(plan: Plan) -> int:
    """Return the bits of all steps that are more than wiring: about the look-up tables and carries that they take."""
    return sum(plan.ranges[step.name].width for step in plan.steps if not is_wiring(step, plan.ranges))


def longest_step(plan: Plan, target: Target, blocks: Container[str] = ()) -> float:
    """Return how long the longest step of a plan takes, in nanoseconds, those in block RAM apart."""
    return max(step_delay(plan, step, target) for step in plan.steps if step.name not in blocks)


@dataclass(frozen=True)
class Placement:
    """The earliest stage of every step, from 0, and the length of the longest stage in nanoseconds."""

    stages: dict[str, int]
    longest: float

    @property
    def count(self) -> int:
        """Number of stages."""
        return max(self.stages.values()) + 1


def place(
    plan: Plan, target: Target, period: float, blocks: Container[str] = (), *, compact: bool = False
) -> Placement:
    """Place every step in the earliest stage if no stage may be longer than `period` nanoseconds.

    A step that takes longer than that by itself has a stage of its own. The look-ups in `blocks` are in block RAM. To
    be `compact`, tables of several look-up tables a bit, and tables that read tables, stand between registers:
    synthesis would draw logic beside them into them, and every input more that it brings doubles them.
    """
    arrivals = _Arrivals(plan, target, blocks)
    tables, readers = _apart(plan, target) if compact else (set(), {})
    for step in plan.steps:
        stage = max([arrivals.earliest(step), *(arrivals.stages[table] + 1 for table in readers.get(step.name, ()))])
        arrival = arrivals.at(step, stage)
        late = arrival.time > period * (1 + 1e-9)
        if (late or step.name in tables) and arrivals.gains(step, stage):
            stage += 1
            arrival = arrivals.at(step, stage)
        arrivals.settle(step, stage, arrival)
    return Placement(arrivals.stages, arrivals.longest)


def _apart(plan: Plan, target: Target) -> tuple[set[str], dict[str, set[str]]]:
    """Return the tables that registers keep apart from other logic, and which of them each step of logic reads."""
    tables: set[str] = set()
    wired: dict[str, set[str]] = {}  # the look-ups that a step reads, if it is one itself or but wiring
    read: dict[str, set[str]] = {}
    for step in plan.steps:
        name, operation = step.name, step.operation
        behind = set().union(*(wired[operand] for operand in operation.operands))
        if is_wiring(step, plan.ranges):
            wired[name] = behind
            continue
        wired[name], read[name] = set(), behind
        if isinstance(operation, op.Lookup):
            wired[name] = {name}
            if behind or plan.ranges[operation.index].width > target.lut_inputs:
                tables |= {name, *behind}
    return tables, {name: behind & tables for name, behind in read.items()}


def longest_stage(plan: Plan, stages: Mapping[str, int], target: Target, blocks: Container[str] = ()) -> float:
    """Return the length of the longest stage, in nanoseconds, if the steps are in these stages."""
    arrivals = _Arrivals(plan, target, blocks)
    for step in plan.steps:
        arrivals.settle(step, stages[step.name], arrivals.at(step, stages[step.name]))
    return arrivals.longest


class _Arrivals:
    """When the steps of a plan are there, each settled in a stage after those it reads."""

    def __init__(self, plan: Plan, target: Target, blocks: Container[str]) -> None:
        self._plan, self._target, self._blocks = plan, target, blocks
        self._arrivals: dict[str, _Arrival] = {}
        self.stages: dict[str, int] = {}
        self.longest = 0.0

    def earliest(self, step: Step) -> int:
        """Return the first stage in which all operands can be read."""
        return max((self.stages[name] + (name in self._blocks) for name in step.operation.operands), default=0)

    def at(self, step: Step, stage: int) -> _Arrival:
        """Return the arrival of a step in a stage."""
        operands = [self._read(name, stage) for name in step.operation.operands]
        if step.name in self._blocks:
            time = max(operand.time for operand in operands)
            return _Arrival(time, {(step.name, 0): (1, time)})
        return _arrive(self._plan, step, operands, self._target)

    def gains(self, step: Step, stage: int) -> bool:
        """Whether an operand would be there earlier in the next stage."""
        return any(self._read(name, stage).time for name in step.operation.operands)

    def settle(self, step: Step, stage: int, arrival: _Arrival) -> None:
        """Put a step in a stage, with its arrival there."""
        self.stages[step.name], self._arrivals[step.name] = stage, arrival
        block = self._target.block_ram
        if step.name in self._blocks and block is not None:
            self.longest = max(self.longest, block.delay)
        self.longest = max(self.longest, arrival.time)

    def _read(self, name: str, stage: int) -> _Arrival:
        """Return when the value of a step is there for one in a stage: at once, unless it is made in that stage too."""
        if not self._arrivals[name].bits:
            return self._arrivals[name]
        block = self._target.block_ram
        if name in self._blocks and block is not None and stage == self.stages[name] + 1:
            return _Arrival(block.delay, {(name, 0): (1, block.delay)})
        return self._arrivals[name] if stage == self.stages[name] else _Arrival(0.0, {(name, 0): (1, 0.0)})


_Place = tuple[str, int | tuple[int, int]]
_Bits = Mapping[_Place, tuple[int, float]]


@dataclass(frozen=True)
class _Arrival:
    """When a value is there, in nanoseconds after the clock.

    `bits` are the values that a bit of it is a function of, if it is one of few enough bits that a look-up table could
    take this function in with its own, by name and place, their number and their time. The place is how far from the
    bit's own it is, or the lowest bit and the number of a field whose bits are all needed. What has no such bits is
    constant. The bits of a sum come one after the other, the lowest `ripple` nanoseconds before the last.
    """

    time: float
    bits: _Bits
    ripple: float = 0.0

    @property
    def first(self) -> float:
        """When the lowest bit is there."""
        return self.time - self.ripple

    @property
    def early(self) -> float:
        """When a look-up table can begin with it: an inverter on the way goes into the table."""
        counts = [count for count, _ in self.bits.values()]
        return max(at for _, at in self.bits.values()) if counts == [1] else self.time


def _arrive(plan: Plan, step: Step, operands: Iterable[_Arrival], target: Target) -> _Arrival:
    """Return when a step is there, given its operands in the same stage; steps of logic share look-up tables."""
    found = list(operands)
    operation, level = step.operation, target.delays.level
    time, early = (max((getattr(each, which) for each in found), default=0.0) for which in ("time", "early"))
    if isinstance(operation, op.Constant):
        return _Arrival(0.0, {})
    if is_wiring(step, plan.ranges):
        bit, offset = target.delays.carry_bit, _offset(operation)
        if isinstance(operation, op.Concatenate):
            first = max(found[0].first - operation.bits * bit, found[1].first)
            return _Arrival(time, {(step.name, 0): (1, early)}, time - first)
        if offset is None:
            return _Arrival(time, {(step.name, 0): (1, early)})
        moved = {(n, at + offset if isinstance(at, int) else at): b for (n, at), b in found[0].bits.items()}
        return _Arrival(time, moved, found[0].ripple and max(found[0].ripple + offset * bit, 0.0))
    if isinstance(operation, op.Add | op.Subtract):  # the carry runs after those of the sums that it adds
        whole = step_delay(plan, step, target)
        time = max(each.first for each in found) + whole
        return _Arrival(time, {(step.name, 0): (1, time)}, ripple=whole - target.delays.carry)
    if not _is_logic(step, plan.ranges, target):
        time += step_delay(plan, step, target)
        return _Arrival(time, {(step.name, 0): (1, time)})
    match operation:
        case op.Lookup(index=index):
            return _Arrival(early + level, {_field(plan, index): (plan.ranges[index].width, early)})
        case op.PartialProduct(source=source, digit=digit):
            bits: _Bits = {
                (source, 0): (1, found[0].early),
                (source, 1): (1, found[0].early),
                _field(plan, digit): (plan.ranges[digit].width, found[1].early),
            }
        case op.Select() | op.Bitwise():
            # Every operand's function goes into the table, or it is an input: whatever fits and is there first.
            choices: list[tuple[_Bits, ...]] = [
                (held.bits, {(name, 0): (1, held.time)}) if held.bits else ({},)
                for name, held in zip(operation.operands, found, strict=True)
            ]
            tables = [_joined(choice) for choice in product(*choices)]
            bits = min((bits for bits in tables if _inputs(bits) <= target.lut_inputs), key=_latest)
        case _:
            raise op.unknown_operation(operation, _READING)
    return _Arrival(_latest(bits)[0] + level, bits)


def _joined(inputs: Iterable[_Bits]) -> _Bits:
    """Return the bits that one table is a function of where several are of these."""
    joined: dict[_Place, tuple[int, float]] = {}
    for bits in inputs:
        for place, (count, at) in bits.items():
            joined[place] = (count, max(at, joined.get(place, (count, at))[1]))
    return joined


def _inputs(bits: _Bits) -> int:
    """Return how many inputs of a table these bits take."""
    return sum(count for count, _ in bits.values())


def _latest(bits: _Bits) -> tuple[float, int]:
    """Return when the last of these bits is there, and their number."""
    return max((at for _, at in bits.values()), default=0.0), _inputs(bits)


def _field(plan: Plan, name: str) -> _Place:
    """Return all bits of a step, as those of the value that it is a field of."""
    operation = plan.by_name[name].operation
    if isinstance(operation, op.Bits):
        return operation.source, (operation.low, operation.count)
    return name, (0, plan.ranges[name].width)


def _offset(operation: Operation) -> int | None:
    """Return how far a step of wiring moves the bits of its only operand; None where it is not that simple."""
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
            raise op.unknown_operation(operation, _READING)
