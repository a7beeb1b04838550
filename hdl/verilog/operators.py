"""Verilog operators of the combinational cells of RTLIL."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["OPERATORS", "Operator"]


class Operator(NamedTuple):
    """The printed form of an operation, and the transformations that it allows.

    Attributes
    ----------
    form : str
        ``unary``, ``reduce`` (to one bit), ``binary``, ``compare``, ``shift``, ``choice`` (condition, value if it
        holds, value if not), ``word`` (of a table) or ``alias`` (plain bits).
    symbol : str
        Its symbol in Verilog.
    low_first : tuple of int
        Operands whose high bits do not affect the low bits of the result, so that both can be truncated alike.
    by_sign : bool
        Whether the signs of the operands matter: for the value, or for $mul so that synthesis sees a small multiplier.
    result : str
        The suffix of the result's name after that of its user, if it needs a name of its own.

    """

    form: str
    symbol: str = ""
    low_first: tuple[int, ...] = ()
    by_sign: bool = False
    result: str = "part"

    @property
    def takes_sign(self) -> bool:
        """Whether, as an operand of a larger expression, it would take its sign from that expression."""
        return self.by_sign and self.form != "compare"


OPERATORS = {
    "$not": Operator("unary", "~", (0,)),
    "$neg": Operator("unary", "-", (0,), result="negated"),
    "$reduce_and": Operator("reduce", "&"),
    "$reduce_or": Operator("reduce", "|"),
    "$reduce_bool": Operator("reduce", "|"),
    "$reduce_xor": Operator("reduce", "^"),
    "$add": Operator("binary", "+", (0, 1), result="sum"),
    "$sub": Operator("binary", "-", (0, 1), result="difference"),
    "$mul": Operator("binary", "*", (0, 1), by_sign=True, result="product"),
    "$and": Operator("binary", "&", (0, 1)),
    "$or": Operator("binary", "|", (0, 1)),
    "$xor": Operator("binary", "^", (0, 1)),
    "$shl": Operator("shift", "<<", (0,), result="shifted"),
    "$shr": Operator("shift", ">>", result="shifted"),
    "$sshr": Operator("shift", ">>>", by_sign=True, result="shifted"),
    "$eq": Operator("compare", "==", result="test"),
    "$ne": Operator("compare", "!=", result="test"),
    "$lt": Operator("compare", "<", by_sign=True, result="test"),
    "$le": Operator("compare", "<=", by_sign=True, result="test"),
    "$gt": Operator("compare", ">", by_sign=True, result="test"),
    "$ge": Operator("compare", ">=", by_sign=True, result="test"),
    "$mux": Operator("choice", "?", (1, 2), result="choice"),
    "word": Operator("word", result="word"),
    "alias": Operator("alias"),
}
"""The operator of every cell type that can be printed, and of the two forms that are not cells."""
