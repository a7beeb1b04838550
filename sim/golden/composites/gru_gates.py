"""The golden model of the gates of a GRU with the reset before the product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from ....plan.formats import FixedFormat
from ....plan.plan import Plan
from .base import Codes
from .cells import CellModel, rounded

__all__ = ["GRUGatesModel", "GRUGatesResult"]


class GRUGatesResult(NamedTuple):
    """Results of the gates of a GRU.

    Attributes
    ----------
    update
        The update gate u.
    rh
        The state times the reset gate, ``r h``.

    """

    update: Any
    rh: Any


class GRUGatesModel(CellModel):
    """The gates of a GRU with the reset before the product.

    u is read from the plan ``update``, and r from ``reset``. The exact ``r h`` is rounded half up to its format and
    limited to it.
    """

    name: ClassVar[str] = "gru_gates"
    outputs: ClassVar[tuple[str, ...]] = ("update", "rh")

    def __init__(self, arguments: Mapping[str, Any], words: Mapping[str, int], plans: Mapping[str, Plan]) -> None:
        super().__init__(arguments, words, plans)
        self._gate, self._hidden, self._rh = (FixedFormat.parse(arguments[name]) for name in ("gate", "hidden", "rh"))

    def _input_formats(self, arguments: Mapping[str, Any]) -> dict[str, FixedFormat]:
        z, hidden = (FixedFormat.parse(arguments[name]) for name in ("z", "hidden"))
        return {"r": z, "u": z, "h": hidden}

    def _output_formats(self) -> tuple[FixedFormat, ...]:
        return self._gate, self._rh

    def _compute(self, **codes: Codes) -> GRUGatesResult:
        r, u = self._parts["reset"](codes["r"]), self._parts["update"](codes["u"])
        excess = self._words["reset_bits"] + self._hidden.fraction_bits - self._rh.fraction_bits
        return GRUGatesResult(u, rounded(r * codes["h"], excess, self._rh.min_code, self._rh.max_code))
