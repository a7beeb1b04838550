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
    product with o is rounded and limited likewise. With peepholes, the gates f and i are those of the exact sums of
    their pre-activations and p_f c and p_i c, each rounded half up to the format of the pre-activations and limited to
    it; o is that of the sum with p_o c', of the state that is stored. With an interval of more than 1, units are shared
    (see `shared_functions`).
    """

    name: ClassVar[str] = "lstm_cell"
    outputs: ClassVar[tuple[str, ...]] = ("h", "c_next")

    def __init__(self, arguments: Mapping[str, Any], words: Mapping[str, int], plans: Mapping[str, Plan]) -> None:
        super().__init__(arguments, words, plans)
        self._z, self._gate, self._cell, self._hidden = (
            FixedFormat.parse(arguments[name]) for name in ("z", "gate", "cell", "hidden")
        )
        if arguments["interval"] > 1:
            self._functions = shared_functions(self._parts, self._gate, self._z, self._cell)
        peepholes = arguments["peepholes"]
        self._peepholes = None if peepholes is None else FixedFormat.parse(peepholes)
        clip = arguments["clip"]
        if clip is None:
            self._low, self._high = self._cell.min_code, self._cell.max_code
        else:
            self._high = int(Fraction(clip) * (1 << self._cell.fraction_bits))
            self._low = -self._high

    def _input_formats(self, arguments: Mapping[str, Any]) -> dict[str, FixedFormat]:
        z, peepholes = FixedFormat.parse(arguments["z"]), arguments["peepholes"]
        gates = {"g" if letter == "c" else letter: z for letter in arguments["order"]}
        weights = {f"p_{gate}": FixedFormat.parse(peepholes) for gate in gates if peepholes and gate != "g"}
        return {**gates, **weights, "c": FixedFormat.parse(arguments["cell"])}

    def _output_formats(self) -> tuple[FixedFormat, ...]:
        return self._hidden, self._cell

    def _compute(self, **codes: Codes) -> LSTMResult:
        gate, cell, hidden = (fmt.fraction_bits for fmt in (self._gate, self._cell, self._hidden))
        candidate, squash = self._words["candidate_bits"], self._words["squash_bits"]
        f, i = (self._functions["gate"](self._argument(name, codes, codes["c"])) for name in ("f", "i"))
        g = self._functions["candidate"](codes["g"])
        finer = max(cell, candidate)
        total = (f * codes["c"] << finer - cell) + (i * g << finer - candidate)
        c_next = rounded(total, gate + finer - cell, self._low, self._high)
        o, t = self._functions["output"](self._argument("o", codes, c_next)), self._functions["squash"](c_next)
        h = rounded(o * t, self._words["output_bits"] + squash - hidden, self._hidden.min_code, self._hidden.max_code)
        return LSTMResult(h, c_next)

    def _argument(self, gate: str, codes: Mapping[str, Codes], state: Codes) -> Codes:
        """Return the argument of a gate: its pre-activation, or the sum with its peephole's product, rounded."""
        if self._peepholes is None:
            return codes[gate]
        places, product_places = self._z.fraction_bits, self._peepholes.fraction_bits + self._cell.fraction_bits
        finer = max(places, product_places)
        exact = (codes[gate] << finer - places) + (codes[f"p_{gate}"] * state << finer - product_places)
        return rounded(exact, finer - places, self._z.min_code, self._z.max_code)
