"""The look of each operation: its kind, which decides the colours, its symbol, and the names of its pins."""

from __future__ import annotations

from dataclasses import dataclass

from .. import operations as op

__all__ = ["Look", "operation_look"]


@dataclass(frozen=True)
class Look:
    """The look of an operation: its kind, symbol, a detail, and the names of its operands where they matter."""

    kind: str
    symbol: str = ""
    detail: str = ""
    pins: tuple[str, ...] = ()


_RELATIONS = {"lt": "<", "le": "≤", "eq": "=", "ne": "≠", "ge": "≥", "gt": ">"}


def operation_look(operation: op.Operation) -> Look:
    """Return the look of an operation."""
    match operation:
        case op.Input(format=fmt):
            return Look("port", detail=str(fmt))
        case op.Constant():
            return Look("constant")
        case op.Bits(low=low, count=count):
            return Look("wiring", f"[{low + count - 1}:{low}]")
        case op.Concatenate(bits=bits):
            return Look("wiring", "{a, b}", f"b has {bits} bits", pins=("a", "b"))
        case op.ShiftLeft(bits=bits):
            return Look("wiring", f"<< {bits}")
        case op.ShiftRight(bits=bits):
            return Look("wiring", f">> {bits}")
        case op.Narrow(proof=proof):
            return Look("wiring", "narrow", proof)
        case op.Lookup(table=table):
            return Look("table", "table", f"{len(table)} entries")
        case op.Add():
            return Look("arithmetic", "+")
        case op.AddComplemented():
            return Look("arithmetic", "±", "the second complemented if s", pins=("a", "b", "s"))
        case op.Subtract():
            return Look("arithmetic", "−", pins=("+", "−"))  # noqa: RUF001
        case op.Absolute():
            return Look("arithmetic", "|·|")
        case op.Round(bits=bits, mode=mode):
            return Look("arithmetic", f"round >> {bits}", mode.replace("_", " "))
        case op.Multiply():
            return Look("multiply", "×")  # noqa: RUF001
        case op.PartialProduct():
            return Look("multiply", "a × d", pins=("a", "d"))  # noqa: RUF001
        case op.Clamp(low=low, high=high):
            return Look("choice", "clamp", f"{low}..{high}")
        case op.Compare(relation=relation):
            return Look("choice", f"a {_RELATIONS[relation]} b", pins=("a", "b"))
        case op.Select():
            return Look("choice", "mux", pins=("sel", "1", "0"))
        case op.ShiftBy(direction=direction):
            return Look("logic", "a << b" if direction == "left" else "a >> b", pins=("a", "b"))
        case op.Bitwise(function=function):
            return Look("logic", function)
        case op.LeadingZeros():
            return Look("logic", "leading zeros")
        case _:
            raise op.unknown_operation(operation, "drawing")
