"""The memory of a look-up: its entries, and whether synthesis is to put it into logic or block RAM."""

from __future__ import annotations

from functools import reduce
from operator import or_

from amaranth.hdl import Const, MemoryData, MemoryInstance, Signal, Value

from ..plan import operations as op
from ..plan.operations import Range
from .bit_fields import bit_field
from .scheduling.schedule import Schedule
from .step_signals import StepSignals, range_shape

__all__ = ["table_entry"]

_LARGE_TABLE = 1024
"""Bits from which on a table might be put into block RAM by synthesis."""

_SMALL_TABLE = 16
"""Entries of a table whose every bit is one look-up table, however many of the entries there are."""


def table_entry(operation: op.Lookup, name: str, signals: StepSignals, index: Value) -> Value:
    """Return the entry of a look-up's table at an index, and add the table to the module.

    Parameters
    ----------
    operation
        The look-up; entries beyond the range of its index are left out.
    name
        The name of its step.
    signals
        The signals of the plan's steps, to which that of the entry is added if it has the step's exact range.
    index
        The value of the index.

    """
    schedule = signals.schedule
    plan = schedule.plan
    reached = operation.table[: plan.ranges[operation.index].high + 1]
    held = Range(min(reached), max(reached))
    if len(reached) == 1:
        return Const(reached[0], range_shape(held))
    if schedule.latency and len(reached) <= _SMALL_TABLE and name not in schedule.blocks:
        reached += _unread(reached)
    table = MemoryData(shape=range_shape(held), depth=len(reached), init=list(reached))
    # An instance, and not `lib.memory.Memory`: its port signals would give the index and the entry second names.
    memory = MemoryInstance(data=table, attrs=_table_attributes(schedule, name, len(reached) * held.width))
    if held == plan.ranges[name]:  # no second signal: a unit has many tables, and every signal costs time
        entry = signals.wire(name, "", table.shape, plan.by_name[name].note)
    else:
        entry = Signal(range_shape(held), name=f"{name}_entry")
    address = bit_field(index, 0, (len(reached) - 1).bit_length())
    memory.read_port(domain="comb", addr=address, data=entry, en=Const(1), transparent_for=())
    signals.module.submodules[f"{name}_table"] = memory
    return entry


def _table_attributes(schedule: Schedule, name: str, size: int) -> dict[str, str]:
    """Return the attributes by which synthesis places a table that is large enough for it to choose by itself."""
    if name in schedule.blocks:
        return {"rom_style": "block"}
    return {"rom_style": "logic"} if schedule.latency and size >= _LARGE_TABLE else {}


def _unread(entries: tuple[int, ...]) -> tuple[int, ...]:
    """Return entries for the indices of a table that do not occur: unlike its last one in every bit that varies.

    Without them the upper half of a table may be a constant, such as the value where a function saturates. Yosys makes
    a register behind that one with a synchronous reset, whose routing and set-up time are longer than a look-up
    table's.
    """
    last = entries[-1]
    varying = reduce(or_, (entry ^ last for entry in entries))
    return ((last ^ varying),) * ((1 << (len(entries) - 1).bit_length()) - len(entries))
