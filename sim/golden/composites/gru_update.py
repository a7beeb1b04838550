"""The golden model of the update of a GRU with the reset before the product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ....plan.formats import FixedFormat
from ....plan.plan import Plan
from .base import Codes
from .cells import CellModel, blended
from .gru_cell import GRUResult

__all__ = ["GRUUpdateModel"]


class GRUUpdateModel(CellModel):
    """The update of a GRU with the reset before the product.

    tanh(n) is read from the plan ``candidate``. The exact ``tanh(n) + u (h - tanh(n))`` is rounded half up to the
    state's format, once, and limited to it.
    """

    name: ClassVar[str] = "gru_update"
    outputs: ClassVar[tuple[str, ...]] = ("h_next",)

    def __init__(self, arguments: Mapping[str, Any], words: Mapping[str, int], plans: Mapping[str, Plan]) -> None:
        super().__init__(arguments, words, plans)
        self._gate, self._hidden = (FixedFormat.parse(arguments[name]) for name in ("gate", "hidden"))

    def _input_formats(self, arguments: Mapping[str, Any]) -> dict[str, FixedFormat]:
        names = {"n": "z", "update": "gate", "h": "hidden"}
        return {name: FixedFormat.parse(arguments[argument]) for name, argument in names.items()}

    def _output_formats(self) -> tuple[FixedFormat, ...]:
        return (self._hidden,)

    def _compute(self, **codes: Codes) -> GRUResult:
        n, bits = self._parts["candidate"](codes["n"]), self._words["candidate_bits"]
        return GRUResult(blended(n, bits, codes["update"], self._gate, codes["h"], self._hidden))
