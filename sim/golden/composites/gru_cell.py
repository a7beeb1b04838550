"""The golden model of a GRU cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from ....plan.formats import FixedFormat
from ....plan.plan import Plan
from .base import Codes
from .cells import CellModel, blended, rounded
from .shared_units import shared_functions

__all__ = ["GRUCellModel", "GRUResult"]


class GRUResult(NamedTuple):
    """Results of a GRU cell, and of the update of one.

    Attributes
    ----------
    h_next
        The new state, ``n + u (h - n)`` with the candidate n.

    """

    h_next: Any


class GRUCellModel(CellModel):
    """The GRU cell with the reset after the product.

    r and u are read from the plan ``gate``. The exact ``n_x + r n_h`` is rounded half up to the format of
    pre-activations and limited to it; of that ``candidate`` gives n. The exact ``n + u (h - n)`` is rounded half up to
    the state's format, once, and limited to it. With an interval of more than 1, units are shared (see
    `shared_functions`).
    """

    name: ClassVar[str] = "gru_cell"
    outputs: ClassVar[tuple[str, ...]] = ("h_next",)

    def __init__(self, arguments: Mapping[str, Any], words: Mapping[str, int], plans: Mapping[str, Plan]) -> None:
        super().__init__(arguments, words, plans)
        self._z, self._gate, self._hidden = (FixedFormat.parse(arguments[name]) for name in ("z", "gate", "hidden"))
        if arguments["interval"] > 1:
            self._functions = shared_functions(self._parts, self._gate, self._z, self._z)

    def _input_formats(self, arguments: Mapping[str, Any]) -> dict[str, FixedFormat]:
        z, hidden = (FixedFormat.parse(arguments[name]) for name in ("z", "hidden"))
        return {"r": z, "u": z, "n_x": z, "n_h": z, "h": hidden}

    def _output_formats(self) -> tuple[FixedFormat, ...]:
        return (self._hidden,)

    def _compute(self, **codes: Codes) -> GRUResult:
        gate, candidate = self._gate.fraction_bits, self._words["candidate_bits"]
        r, u = self._functions["gate"](codes["r"]), self._functions["gate"](codes["u"])
        argument = rounded((codes["n_x"] << gate) + r * codes["n_h"], gate, self._z.min_code, self._z.max_code)
        n = self._functions["candidate"](argument)
        return GRUResult(blended(n, candidate, u, self._gate, codes["h"], self._hidden))
