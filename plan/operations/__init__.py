"""The operations a plan is made of.

Each is a frozen dataclass over the names of earlier steps. An operation knows two things about its result: the range
of integer codes it can take (interval arithmetic, so that no step can overflow) and where its binary point is. What it
computes is said once more, separately, by each interpreter: the golden model and the datapath builder.

Unless a `fraction` says otherwise, an operation keeps the *value*: shifting left by three appends three fraction bits.
"""

from __future__ import annotations

from .arithmetic import Absolute, Add, AddComplemented, Multiply, PartialProduct, Subtract
from .base import Operation, Range, unknown_operation
from .bits import MAX_SHIFT, Bits, Bitwise, Concatenate, LeadingZeros, Round, ShiftBy, ShiftLeft, ShiftRight
from .selection import Clamp, Compare, Narrow, Select
from .sources import Constant, Input, Lookup

__all__ = [
    "MAX_SHIFT",
    "Absolute",
    "Add",
    "AddComplemented",
    "Bits",
    "Bitwise",
    "Clamp",
    "Compare",
    "Concatenate",
    "Constant",
    "Input",
    "LeadingZeros",
    "Lookup",
    "Multiply",
    "Narrow",
    "Operation",
    "PartialProduct",
    "Range",
    "Round",
    "Select",
    "ShiftBy",
    "ShiftLeft",
    "ShiftRight",
    "Subtract",
    "unknown_operation",
]
