"""Expressions: operations and operands as Verilog text whose size and sign do not depend on its context."""

from __future__ import annotations

from typing import NamedTuple

from .drivers import Expression
from .layout import Layout
from .netlist import Netlist
from .rtlil import Bits
from .spelling import Piece, Slice

__all__ = ["ExpressionPrinter", "Text", "constant"]


class Text(NamedTuple):
    """An expression as text; its sign is the one that Verilog's rules give to it."""

    text: str
    signed: bool = False
    level: int = 0
    """0: a term, 1: a unary, 2: a binary, 3: a conditional expression."""

    def within(self, level: int) -> str:
        """Return the text, in parentheses unless it binds tighter than the level."""
        return f"({self.text})" if self.level >= level else self.text


class ExpressionPrinter:
    """Prints what the drivers of a netlist read, spelled and folded as its layout says."""

    def __init__(self, netlist: Netlist, layout: Layout) -> None:
        self._netlist, self._layout = netlist, layout

    def expression(self, name: str) -> Text:
        """Print the expression that drives a wire."""
        driver = self._netlist.drivers[name]
        assert isinstance(driver, Expression)
        operator = driver.operator
        by_sign = driver.signed and operator.by_sign
        is_shift = operator.form == "shift"
        values = [
            self.value(bits, name, signed=by_sign and not (n and is_shift)) for n, bits in enumerate(driver.operands)
        ]
        match operator.form, values:
            case "alias", [value]:
                return value
            case "word", [index]:
                # Verilog reads an index as it reads any number: a signed one may be negative, outside the table.
                place = f"$unsigned({index.text})" if index.signed else index.text
                return Text(f"{self._layout.names[driver.table]}[{place}]")
            case "choice", [test, yes, no]:
                signed = yes.signed and no.signed
                return Text(f"{test.within(2)} ? {yes.within(3)} : {no.within(3)}", signed, level=3)
            case "reduce", [value]:
                return Text(f"{operator.symbol}{value.within(1)}", level=2)
            case "unary", [value]:
                return Text(f"{operator.symbol}{value.within(1)}", value.signed, level=1)
        left, right = values
        if operator.by_sign and not is_shift and not driver.signed and left.signed and right.signed:
            left = Text(f"$unsigned({left.text})")
        signed = operator.form != "compare" and left.signed and (right.signed or is_shift)
        return Text(f"{left.within(2)} {operator.symbol} {right.within(2)}", signed, level=2)

    def value(self, bits: Bits, user: str, *, signed: bool = False) -> Text:
        """Print bits as operand of their user, converted if they must be signed."""
        first, *others = pieces = self._layout.pieces(bits, user)
        if others:
            value = Text(f"{{{', '.join(self._piece(piece).text for piece in reversed(pieces))}}}")
        elif isinstance(first, str):
            return Text(constant(first, signed=signed), signed)
        else:
            value = self._piece(first)
        return value if value.signed or not signed else Text(f"$signed({value.text})", signed=True)

    def slice(self, piece: Slice) -> str:
        """Print bits of a declared wire."""
        name, width = self._layout.names[piece.wire], self._netlist.wires[piece.wire].width
        if len(piece.bits) < width:
            name += f"[{piece.high}:{piece.low}]" if len(piece.bits) > 1 else f"[{piece.low}]"
        return f"{{{piece.times}{{{name}}}}}" if piece.times > 1 else name

    def _piece(self, piece: Piece) -> Text:
        if isinstance(piece, str):
            return Text(constant(piece))
        if self._layout.is_folded(piece.wire):
            return self.expression(piece.wire)
        text = self.slice(piece)
        return Text(text, self._netlist.wires[piece.wire].signed and text == self._layout.names[piece.wire])


def constant(digits: str, *, signed: bool = False, hexadecimal: bool = False) -> str:
    """Print a constant.

    Parameters
    ----------
    digits
        Its bits, the most significant first.
    signed
        Whether the literal is signed.
    hexadecimal
        Whether small numbers are hexadecimal, too, as in a table.

    Returns
    -------
    str
        A sized literal: signed and small numbers in decimal, single bits in binary.

    """
    width, value = len(digits), int(digits, base=2)
    if width == 1:
        return f"1'{'s' if signed else ''}b{digits}"
    if signed:
        return f"{width}'sd{value}" if digits[0] == "0" else f"-{width}'sd{2**width - value}"
    if hexadecimal or value >= 1000 or (digits[0] == "1" and width > 6):
        return f"{width}'h{value:0{(width + 3) // 4}x}"
    return f"{width}'d{value}"
