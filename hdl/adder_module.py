"""The helper module of a unit's Verilog for additions that complement an addend (decision 060).

Where a target has a cell for that which synthesis makes of no plain text, the Verilog of a unit holds one such module.
Its body is a chain of the vendor's cells for synthesis, which defines the macro ``SYNTHESIS``, and plain text
otherwise, so that a simulator needs neither a define nor models of the cells.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from .targets import AdderCell

__all__ = ["adder_module_name", "adder_module_text", "printed_with", "printing_with"]

_PRINTING_WITH: ContextVar[str] = ContextVar("printing_with", default="")


def adder_module_name(unit: str) -> str:
    """Return the name of the helper module of a unit: its own, so that files of several units go together."""
    return f"{unit}_add_complemented"


@contextmanager
def printing_with(name: str) -> Iterator[None]:
    """Build hardware for printing, with the helper module `name`; with plain text if that is empty.

    The same statements are built into components, which users elaborate: there nobody calls this, and additions are
    Amaranth's own.
    """
    token = _PRINTING_WITH.set(name)
    try:
        yield
    finally:
        _PRINTING_WITH.reset(token)


def printed_with() -> str:
    """Return the name of the helper module that hardware is being built with; empty where there is none."""
    return _PRINTING_WITH.get()


def adder_module_text(name: str, cell: AdderCell) -> str:
    """Return the Verilog of the helper module `name`.

    Its parameters are ``WIDTH``, of all words; ``KEPT``, the number of lowest bits of ``right`` that are never
    complemented; ``CARRY``, a bit; and ``LEFT_COMPLEMENTED``, whether ``left`` is.
    """
    return _MODULE.format(name=name, cell=cell.name, body=textwrap.indent(cell.body.strip(), "    "))


_MODULE = """
// The sum of left, right and CARRY: where condition is 1, with all bits of right complemented but the
// KEPT lowest; with LEFT_COMPLEMENTED, with all bits of left. Synthesis is given the vendor's cells,
// {cell}, which do that without further look-up tables.
// verilator lint_off DECLFILENAME
module {name} #(
    // verilator lint_on DECLFILENAME
    parameter WIDTH = 2,
    parameter KEPT = 0,
    parameter [0:0] CARRY = 0,
    parameter [0:0] LEFT_COMPLEMENTED = 0
) (
    input  wire [WIDTH-1:0] left,
    input  wire [WIDTH-1:0] right,
    input  wire             condition,
    output wire [WIDTH-1:0] sum
);
    wire [WIDTH-1:0] flips = {{WIDTH{{condition}}}} << KEPT;
`ifdef SYNTHESIS
{body}
`else
    assign sum = (left ^ {{WIDTH{{LEFT_COMPLEMENTED}}}}) + (right ^ flips) + {{{{(WIDTH-1){{1'b0}}}}, CARRY}};
`endif
endmodule
"""
