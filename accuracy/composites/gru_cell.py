"""GRU cell with the reset after the product: its new state from pre-activations, and its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

from ...plan.formats import FixedFormat
from ...support.parameters import read_name
from ..budget import Budget
from .base import Argument, Composite, Part, Promise, Words
from .cell_parts import (
    WIDEST,
    bits_of,
    float_above,
    gate_gap,
    gate_part,
    limit_of,
    read_gate,
    read_gates,
    shortfall,
    tanh_part,
    tanh_tail,
    widest_error,
)
from .given import complete, read_fixed

__all__ = ["GRUCell"]


@dataclass(frozen=True)
class GRUCell(Composite):
    """The element-wise part of a GRU: ``n = tanh(n_x + r n_h)`` and ``h' = n + u (h - n)``.

    The reset gate r is applied after the product with the recurrent weights, of which n_h is the result with its bias:
    this is the GRU of PyTorch and cuDNN, and that of Keras with ``reset_after=True``, its default. The update gate is
    ``u``, since ``z`` stands for pre-activations.

    Parameters
    ----------
    z, gate, hidden
        Formats of the pre-activations and of both addends of n, of gates, and of the state.
    budget
        The largest error of the new state; by default that which follows from gates within an ulp.
    gates
        The gates' function (see `cell_parts.GATES`).
    products
        Whether products are made in multiplier blocks (``dsp``), if the target has some that keep the clock, or in
        ``logic``.

    """

    z: FixedFormat
    gate: FixedFormat
    hidden: FixedFormat
    budget: Budget | None = None
    gates: str = "soft"
    products: str = "dsp"

    name: ClassVar[str] = "gru_cell"
    summary: ClassVar[str] = "h' = n + u (h - n) with n = tanh(n_x + r n_h), from pre-activations"
    arguments: ClassVar[tuple[Argument, ...]] = (
        Argument("z", "Format of the pre-activations, such as SQ4.8.", "FORMAT", required=True),
        Argument("gate", "Format of the gates, such as UQ0.12.", "FORMAT", required=True, internal=True),
        Argument("hidden", "Format of the states h and h', such as SQ1.11.", "FORMAT", required=True),
        Argument("max_error", "Error budget of h', such as 2^-7; by default that of gates within 1ulp.", "ERROR"),
        Argument(
            "gates",
            "soft (logistic, the default), hard (x/4 + 1/2, limited), keras2 or onnx (x/5), keras3 or torch (x/6).",
            "NAME",
            default="soft",
        ),
        Argument(
            "products",
            "dsp (multiplier blocks, if the target has some that keep the clock; the default) or logic.",
            "NAME",
            default="dsp",
            internal=True,
        ),
    )

    @classmethod
    def read(cls, **given: Any) -> Self:
        values = complete(cls, given)
        z = read_fixed("z", values["z"], WIDEST, signed=True)
        hidden = read_fixed("hidden", values["hidden"], WIDEST, signed=True)
        budget = None if values["max_error"] is None else Budget.parse(values["max_error"])
        return cls(
            z=z,
            gate=read_gate(values["gate"]),
            hidden=hidden,
            budget=budget,
            gates=read_gates(values["gates"]),
            products=read_name("place for products", values["products"], ("dsp", "logic")),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "z": str(self.z),
            "gate": str(self.gate),
            "hidden": str(self.hidden),
            "max_error": None if self.budget is None else str(self.budget),
            "gates": self.gates,
            "products": self.products,
        }

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

    def words(self) -> Words:
        """Return the word lengths and the errors of the parts, as large as the budget allows.

        * ``candidate_bits``: fraction bits of n
        * ``gate_steps``, ``candidate_steps``: budgets of the parts, in 64ths of their ulp

        Both gates share a unit; n may be twice as far off, since an error of r counts as often as n_h is large.
        """
        gate, bits = self._widest_gate(), self.gate.fraction_bits
        candidate_bits = bits_of(2 * gate)
        return {
            "candidate_bits": candidate_bits,
            "gate_steps": int(gate * (64 << bits)),
            "candidate_steps": int(2 * gate * (64 << candidate_bits)),
        }

    def _widest_gate(self) -> Fraction:
        """Return the largest error of a gate that the budget allows."""
        if self.budget is None:
            return self.gate.ulp
        allowed = limit_of(self.budget, self.hidden)
        return widest_error(
            lambda error: self._error(self._gate_error(error), 2 * error) <= allowed,
            self.gate,
            f"no GRU cell with these formats keeps {self.budget} for h', to which rounding adds half an ulp, "
            f"and half an ulp of z ({self.z})",
        )

    def parts(self, words: Words) -> Mapping[str, Part]:
        return {
            "gate": gate_part(self.gates, self.z, self.gate, words["gate_steps"]),
            "candidate": tanh_part(self.z, words["candidate_bits"], words["candidate_steps"]),
        }

    def contract(self, words: Words, errors: Mapping[str, Fraction]) -> tuple[Promise, ...]:
        bound = self._error(self._gate_error(errors["gate"]), errors["candidate"])
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
        return shortfall(contract, {"hidden": (self.budget, self.hidden)})

    def _gate_error(self, error: Fraction) -> Fraction:
        """Return the error of a gate against its function, of which the format may lack the largest values."""
        return error + gate_gap(self.gates, self.z, self.gate)

    def _error(self, gate: Fraction, candidate: Fraction) -> Fraction:
        """Return the bound of h': of (1 - u*) (n - n*) + (u - u*) (h - n), and of rounding.

        The argument of tanh is off by (r - r*) n_h and by its rounding to z's last place; tanh is nowhere steeper than
        1. Where the argument is beyond z's format, it is limited, which changes tanh by its tail.
        """
        largest, state = -self.z.value(self.z.min_code), -self.hidden.value(self.hidden.min_code)
        n = gate * largest + self.z.ulp / 2 + tanh_tail(self.z) + candidate
        return n + gate * (state + 1 + candidate) + self.hidden.ulp / 2
