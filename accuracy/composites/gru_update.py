"""Update of a GRU with the reset before the product: its new state from the candidate's pre-activation and the gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ...plan.formats import FixedFormat
from ..budget import Budget
from .base import Part, Promise, Words, float_above
from .cell_arguments import PRODUCTS_ARGUMENT, Cell, CellArgument, budget, gate_format, signed_format
from .cell_parts import bits_of, limit_of, shortfall, tanh_part

__all__ = ["GRUUpdate"]


@dataclass(frozen=True)
class GRUUpdate(Cell):
    """The element-wise part of a GRU behind the product with its recurrent weights: ``h' = tanh(n) + u (h - tanh(n))``.

    n is the pre-activation of the candidate, n_x + W (r h), and u the update gate; `GRUGates` makes both r h and u.

    Parameters
    ----------
    z, gate, hidden
        Formats of the pre-activation, of the update gate, and of the state.
    max_error
        The largest error of the new state; by default that which follows from a tanh within an ulp of it.
    products
        Whether the product is made in multiplier blocks (``dsp``), if the target has some that keep the clock, or in
        ``logic``.

    """

    z: FixedFormat
    gate: FixedFormat
    hidden: FixedFormat
    max_error: Budget | None = None
    products: str = "dsp"

    name: ClassVar[str] = "gru_update"
    summary: ClassVar[str] = "h' = tanh(n) + u (h - tanh(n)) of a GRU with the reset before the product"
    arguments: ClassVar[tuple[CellArgument, ...]] = (
        signed_format("z", "Format of the pre-activation n, such as SQ4.8."),
        gate_format("Format of the update gate, such as UQ0.12.", positive=True),
        signed_format("hidden", "Format of the states h and h', such as SQ1.11."),
        budget("max_error", "Error budget of h', such as 2^-9; by default that of tanh(n) within 1ulp of h'."),
        PRODUCTS_ARGUMENT,
    )

    @property
    def title(self) -> str:
        return (
            f"GRU update, h' = tanh(n) + u (h - tanh(n)): pre-activation {self.z}, update gate {self.gate}, "
            f"states {self.hidden}"
        )

    @property
    def inputs(self) -> dict[str, FixedFormat]:
        """The formats of the inputs by name: the pre-activation of the candidate, the update gate, and the state."""
        return {"n": self.z, "update": self.gate, "h": self.hidden}

    @property
    def outputs(self) -> dict[str, FixedFormat]:
        """The formats of the outputs by name."""
        return {"h_next": self.hidden}

    def words(self) -> Words:
        """Return the word length and the error of tanh, as large as the budget allows.

        * ``candidate_bits``: fraction bits of tanh(n)
        * ``candidate_steps``: its budget, in 64ths of its ulp
        """
        error = self.hidden.ulp
        if self.max_error is not None:
            error = limit_of(self.max_error, self.hidden) - self.hidden.ulp / 2
        if error <= 0:
            raise ValueError(
                f"no GRU update with these formats keeps {self.max_error} for h', half an ulp of which is for "
                f"rounding; allow a larger error, or give hidden ({self.hidden}) more fraction bits"
            )
        bits = bits_of(error)
        return {"candidate_bits": bits, "candidate_steps": int(error * (64 << bits))}

    def parts(self, words: Words) -> Mapping[str, Part]:
        return {"candidate": tanh_part(self.z, words["candidate_bits"], words["candidate_steps"])}

    def contract(self, words: Words, errors: Mapping[str, Fraction]) -> tuple[Promise, ...]:
        bound = errors["candidate"] + self.hidden.ulp / 2  # u is from 0 to 2, so that 1 - u is from -1 to 1
        return (
            Promise(
                "hidden",
                f"h_next is within {float(bound):.6g} of the real-valued h' of the same inputs, limited to its format",
                "from the largest error of tanh, measured at all its inputs, by exact rational arithmetic",
                float_above(bound),
            ),
        )

    def shortfall(self, contract: tuple[Promise, ...]) -> str:
        return shortfall(contract, {"hidden": (self.max_error, self.hidden)})
