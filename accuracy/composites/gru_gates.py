"""Gates of a GRU with the reset before the product: its update gate, and the state that its reset gate lets through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

from ...plan.formats import FixedFormat
from ..budget import Budget
from .base import Part, Promise, Words, float_above
from .cell_arguments import GATES_ARGUMENT, PRODUCTS_ARGUMENT, Cell, CellArgument, budget, gate_format, signed_format
from .cell_parts import (
    WIDEST,
    fewest_bits,
    gate_error,
    gate_part,
    limit_of,
    shortened,
    shortfall,
    widest_error,
)
from .given import read_fixed

__all__ = ["GRUGates"]


@dataclass(frozen=True)
class GRUGates(Cell):
    """The element-wise part of a GRU before the product with its recurrent weights: ``u``, and ``r h``.

    With the reset before the product, the candidate is n = tanh(n_x + W (r h)), of which W (r h) takes r h of all
    elements (K. Cho et al., Learning phrase representations using RNN encoder-decoder for statistical machine
    translation, 2014). So there is a unit before the product, this one, and one behind it, `GRUUpdate`.

    Parameters
    ----------
    z, gate, hidden
        Formats of the pre-activations, of the update gate, and of the state.
    rh
        Format of r h.
    update_error
        The largest error of the update gate; by default an ulp.
    reset_error
        The largest error of r h; by default that which follows from an r within an ulp of it, or of the gates' format
        if that is more.
    gates
        The gates' function (see `cell_parts.GATES`).
    products
        Whether the product is made in multiplier blocks (``dsp``), if the target has some that keep the clock, or in
        ``logic``.

    """

    z: FixedFormat
    gate: FixedFormat
    hidden: FixedFormat
    rh: FixedFormat
    update_error: Budget | None = None
    reset_error: Budget | None = None
    gates: str = "soft"
    products: str = "dsp"

    name: ClassVar[str] = "gru_gates"
    summary: ClassVar[str] = "the update gate and r h of a GRU with the reset before the product, from pre-activations"
    arguments: ClassVar[tuple[CellArgument, ...]] = (
        signed_format("z", "Format of the pre-activations, such as SQ4.8."),
        gate_format("Format of the update gate, such as UQ0.12.", positive=True),
        signed_format("hidden", "Format of the state h, such as SQ1.11."),
        CellArgument(
            name="rh",
            help="Format of r h; by default that of h.",
            metavar="FORMAT",
            read=lambda given: read_fixed("rh", given, WIDEST, signed=True),
        ),
        budget("update_error", "Error budget of the update gate, such as 2^-8; by default 1ulp."),
        budget("reset_error", "Error budget of r h, likewise; by default that of an r within 1ulp of it."),
        GATES_ARGUMENT,
        PRODUCTS_ARGUMENT,
    )

    @classmethod
    def read(cls, **given: Any) -> Self:
        if given.get("rh") is None:
            given["rh"] = given.get("hidden")
        return super().read(**given)

    @property
    def title(self) -> str:
        return (
            f"GRU gates, u and r h: pre-activations {self.z}, {self.gates} gates {self.gate}, states {self.hidden}, "
            f"r h {self.rh}"
        )

    @property
    def inputs(self) -> dict[str, FixedFormat]:
        """The formats of the inputs by name: the pre-activations of the gates, and the state."""
        return {"r": self.z, "u": self.z, "h": self.hidden}

    @property
    def outputs(self) -> dict[str, FixedFormat]:
        """The formats of the outputs by name."""
        return {"update": self.gate, "rh": self.rh}

    def words(self) -> Words:
        """Return the word length of r and the errors of the parts, as large as the budgets allow.

        * ``reset_bits``: fraction bits of r, those of the gates at most
        * ``update_steps``, ``reset_steps``: budgets of the parts, in 64ths of their ulp
        """
        update, reset = self._widest_update(), self._widest_reset()
        bits = fewest_bits(self.gate, reset)
        return {
            "reset_bits": bits,
            "update_steps": int(update * (64 << self.gate.fraction_bits)),
            "reset_steps": int(reset * (64 << bits)),
        }

    def _widest_update(self) -> Fraction:
        """Return the largest error of the part that gives u."""
        if self.update_error is None:
            return self.gate.ulp
        allowed = limit_of(self.update_error, self.gate)
        return widest_error(
            lambda error: self._update(error) <= allowed,
            self.gate,
            f"no GRU gates with these formats keep {self.update_error} for u",
        )

    def _widest_reset(self) -> Fraction:
        """Return the largest error of the part that gives r."""
        if self.reset_error is None:
            return max(self.gate.ulp, self.rh.ulp)
        allowed = limit_of(self.reset_error, self.rh)
        return widest_error(
            lambda error: self._reset(error, fewest_bits(self.gate, error)) <= allowed,
            self.gate,
            f"no GRU gates with these formats keep {self.reset_error} for r h, half an ulp of which is for rounding",
        )

    def parts(self, words: Words) -> Mapping[str, Part]:
        return {
            "update": gate_part(self.gates, self.z, self.gate, words["update_steps"]),
            "reset": gate_part(self.gates, self.z, shortened(self.gate, words["reset_bits"]), words["reset_steps"]),
        }

    def contract(self, words: Words, errors: Mapping[str, Fraction]) -> tuple[Promise, ...]:
        update, reset = self._update(errors["update"]), self._reset(errors["reset"], words["reset_bits"])
        by = "from the largest errors of the parts, measured at all their inputs, by exact rational arithmetic"
        return (
            Promise("update", f"update is within {float(update):.6g} of the real u", by, float_above(update), "update"),
            Promise(
                "reset",
                f"rh is within {float(reset):.6g} of r h with the real r, limited to its format",
                by,
                float_above(reset),
                "rh",
            ),
        )

    def shortfall(self, contract: tuple[Promise, ...]) -> str:
        return shortfall(contract, {"update": (self.update_error, self.gate), "reset": (self.reset_error, self.rh)})

    def _update(self, error: Fraction) -> Fraction:
        """Return the bound of u."""
        return gate_error(self.gates, self.z, self.gate, error)

    def _reset(self, error: Fraction, bits: int) -> Fraction:
        """Return the bound of r h: of (r - r*) h, and of rounding."""
        largest = -self.hidden.value(self.hidden.min_code)
        return gate_error(self.gates, self.z, shortened(self.gate, bits), error) * largest + self.rh.ulp / 2
