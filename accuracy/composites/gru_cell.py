"""GRU cell with the reset after the product: its new state from pre-activations, and its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ...plan.formats import FixedFormat
from ..budget import Budget
from .base import Part, Promise, Words, float_above
from .cell_arguments import GATES_ARGUMENT, PRODUCTS_ARGUMENT, Cell, CellArgument, budget, gate_format, signed_format
from .cell_parts import (
    bits_of,
    gate_error,
    gate_part,
    limit_of,
    shortfall,
    tanh_part,
    tanh_tail,
    widest_error,
)
from .shared_units import INTERVAL, SharedUnits, check_interval_interface

__all__ = ["GRUCell"]


@dataclass(frozen=True)
class GRUCell(Cell):
    """The element-wise part of a GRU: ``n = tanh(n_x + r n_h)`` and ``h' = n + u (h - n)``.

    The reset gate r is applied after the product with the recurrent weights, of which n_h is the result with its bias:
    this is the GRU of PyTorch and cuDNN, and that of Keras with ``reset_after=True``, its default. The update gate is
    ``u``, since ``z`` stands for pre-activations.

    Parameters
    ----------
    z, gate, hidden
        Formats of the pre-activations and of both addends of n, of gates, and of the state.
    max_error
        The largest error of the new state; by default that which follows from gates within an ulp.
    gates
        The gates' function (see `cell_parts.GATES`).
    products
        Whether products are made in multiplier blocks (``dsp``), if the target has some that keep the clock, or in
        ``logic``.
    interval
        Clocks from one element to the next; units take turns if it is more than 1.

    """

    z: FixedFormat
    gate: FixedFormat
    hidden: FixedFormat
    max_error: Budget | None = None
    gates: str = "soft"
    products: str = "dsp"
    interval: int = 1

    name: ClassVar[str] = "gru_cell"
    summary: ClassVar[str] = "h' = n + u (h - n) with n = tanh(n_x + r n_h), from pre-activations"
    arguments: ClassVar[tuple[CellArgument, ...]] = (
        signed_format("z", "Format of the pre-activations, such as SQ4.8."),
        gate_format(),
        signed_format("hidden", "Format of the states h and h', such as SQ1.11."),
        budget("max_error", "Error budget of h', such as 2^-7; by default that of gates within 1ulp."),
        GATES_ARGUMENT,
        PRODUCTS_ARGUMENT,
        INTERVAL,
    )

    @property
    def construction(self) -> str:
        return self.name if self.interval == 1 else f"{self.name}_in_turns"

    def check_interface(self, interface: str) -> None:
        check_interval_interface(self.interval, interface)

    @property
    def title(self) -> str:
        return (
            f"GRU cell, n = tanh(n_x + r n_h) and h' = n + u (h - n): pre-activations {self.z}, {self.gates} gates "
            f"{self.gate}, states {self.hidden}"
        )

    @property
    def inputs(self) -> dict[str, FixedFormat]:
        """The formats of the inputs by name: those of the gates, the addends of n, and the state."""
        return {"r": self.z, "u": self.z, "n_x": self.z, "n_h": self.z, "h": self.hidden}

    @property
    def outputs(self) -> dict[str, FixedFormat]:
        """The formats of the outputs by name."""
        return {"h_next": self.hidden}

    @property
    def shared(self) -> SharedUnits | None:
        """The units that take turns; None with interval 1."""
        return None if self.interval == 1 else SharedUnits(self.gates, self.z, self.gate, (self.z,))

    def words(self) -> Words:
        """Return the word lengths and the errors of the parts, as large as the budget allows.

        * ``candidate_bits``: fraction bits of n
        * ``gate_steps``, ``candidate_steps``: budgets of the parts, in 64ths of their ulp

        Both gates share a unit; n may be twice as far off, since an error of r counts as often as n_h is large.
        """
        gate, bits = self._widest_gate(), self.gate.fraction_bits
        if self.shared is not None:
            return self.shared.words(gate, 2 * gate)
        candidate_bits = bits_of(2 * gate)
        return {
            "candidate_bits": candidate_bits,
            "gate_steps": int(gate * (64 << bits)),
            "candidate_steps": int(2 * gate * (64 << candidate_bits)),
        }

    def _widest_gate(self) -> Fraction:
        """Return the largest error of a gate that the budget allows."""
        if self.max_error is None:
            return self.gate.ulp
        allowed = limit_of(self.max_error, self.hidden)
        return widest_error(
            lambda error: self._error(error, self._tanh_error(error)) <= allowed,
            self.gate,
            f"no GRU cell with these formats keeps {self.max_error} for h', to which rounding adds half an ulp, "
            f"and half an ulp of z ({self.z})",
        )

    def parts(self, words: Words) -> Mapping[str, Part]:
        if self.shared is not None:
            return self.shared.parts(words)
        return {
            "gate": gate_part(self.gates, self.z, self.gate, words["gate_steps"]),
            "candidate": tanh_part(self.z, words["candidate_bits"], words["candidate_steps"]),
        }

    def contract(self, words: Words, errors: Mapping[str, Fraction]) -> tuple[Promise, ...]:
        errors = errors if self.shared is None else self.shared.errors(errors)
        bound = self._error(errors["gate"], errors["candidate"])
        return (
            Promise(
                "hidden",
                f"h_next is within {float(bound):.6g} of that of the real-valued cell on the same inputs, limited to "
                "its format",
                "from the largest errors of the parts, measured at all their inputs, by exact rational arithmetic",
                float_above(bound),
            ),
        )

    def shortfall(self, contract: tuple[Promise, ...]) -> str:
        return shortfall(contract, {"hidden": (self.max_error, self.hidden)})

    def _tanh_error(self, gate: Fraction) -> Fraction:
        """Return the error of n, twice that of a gate unless one unit serves both."""
        return self.shared.tanh_error(gate) if self.shared is not None and self.shared.is_one else 2 * gate

    def _error(self, gate: Fraction, candidate: Fraction) -> Fraction:
        """Return the bound of h': of (1 - u*) (n - n*) + (u - u*) (h - n), and of rounding.

        The argument of tanh is off by (r - r*) n_h and by its rounding to z's last place; tanh is nowhere steeper than
        1. Where the argument is beyond z's format, it is limited, which changes tanh by its tail.
        """
        gate = gate_error(self.gates, self.z, self.gate, gate)
        largest, state = -self.z.value(self.z.min_code), -self.hidden.value(self.hidden.min_code)
        n = gate * largest + self.z.ulp / 2 + tanh_tail(self.z) + candidate
        return n + gate * (state + 1 + candidate) + self.hidden.ulp / 2
