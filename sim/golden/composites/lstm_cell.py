"""The golden model of an LSTM cell."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple

from ....plan.formats import FixedFormat
from ....plan.plan import Plan
from .base import Codes
from .cells import CellModel, rounded
from .shared_units import shared_functions

__all__ = ["LSTMCellModel", "LSTMResult"]


class LSTMResult(NamedTuple):
    """Results of an LSTM cell.

    Attributes
    ----------
    h
        The output, ``o tanh(c_next)``.
    c_next
        The new state, ``f c + i g``.

    """

    h: Any
    c_next: Any


class LSTMCellModel(CellModel):
    """The LSTM cell.

    The plan ``gate`` gives f and i, ``output`` o, and ``candidate`` g. The exact ``f c + i g`` is rounded half up
    to the state's format, once, and limited to it, or to the clip. Of that state ``squash`` gives tanh, and the exact
    product with o is rounded and limited likewise. With an interval of more than 1, units are shared (see
    `shared_functions`).
    """

    name: ClassVar[str] = "lstm_cell"
    outputs: ClassVar[tuple[str, ...]] = ("h", "c_next")

    def __init__(self, arguments: Mapping[str, Any], words: Mapping[str, int], plans: Mapping[str, Plan]) -> None:
        super().__init__(arguments, words, plans)
        self._gate, self._cell, self._hidden = (
            FixedFormat.parse(arguments[name]) for name in ("gate", "cell", "hidden")
        )
        if arguments["interval"] > 1:
            z = FixedFormat.parse(arguments["z"])
            self._functions = shared_functions(self._parts, self._gate, z, self._cell)
        clip = arguments["clip"]
        if clip is None:
            self._low, self._high = self._cell.min_code, self._cell.max_code
        else:
            self._high = int(Fraction(clip) * (1 << self._cell.fraction_bits))
            self._low = -self._high

    def _input_formats(self, arguments: Mapping[str, Any]) -> dict[str, FixedFormat]:
        z = FixedFormat.parse(arguments["z"])
        gates = {"g" if letter == "c" else letter: z for letter in arguments["order"]}
        return {**gates, "c": FixedFormat.parse(arguments["cell"])}

    def _output_formats(self) -> tuple[FixedFormat, ...]:
        return self._hidden, self._cell

    def _compute(self, **codes: Codes) -> LSTMResult:
        gate, cell, hidden = (fmt.fraction_bits for fmt in (self._gate, self._cell, self._hidden))
        candidate, squash = self._words["candidate_bits"], self._words["squash_bits"]
        f, i, g = (
            self._functions["gate"](codes["f"]),
            self._functions["gate"](codes["i"]),
            self._functions["candidate"](codes["g"]),
        )
        finer = max(cell, candidate)
        total = (f * codes["c"] << finer - cell) + (i * g << finer - candidate)
        c_next = rounded(total, gate + finer - cell, self._low, self._high)
        o, t = self._functions["output"](codes["o"]), self._functions["squash"](c_next)
        h = rounded(o * t, self._words["output_bits"] + squash - hidden, self._hidden.min_code, self._hidden.max_code)
        return LSTMResult(h, c_next)
