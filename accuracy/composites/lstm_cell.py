"""LSTM cell: its new state and its output from the pre-activations of its gates and its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

from ...plan.formats import FixedFormat
from ...support.parameters import parse_number, read_name, show_number
from ..budget import Budget
from .base import Argument, Composite, Part, Promise, Words
from .cell_parts import (
    WIDEST,
    bits_of,
    float_above,
    gate_gap,
    gate_part,
    largest_gate,
    limit_of,
    read_gate,
    read_gates,
    shortfall,
    tanh_part,
    widest_error,
)
from .given import complete, read_fixed

__all__ = ["LSTMCell"]

_ORDERS = ("ifgo", "iofc", "ifco")
"""Orders of the gates in a transfer: those of PyTorch, of ONNX and of Keras, which call g c."""

_STEP_WORDS = ("gate_steps", "output_steps", "candidate_steps", "squash_steps")


@dataclass(frozen=True)
class LSTMCell(Composite):
    """The element-wise part of an LSTM: ``c' = f c + i g`` and ``h = o tanh(c')``.

    Parameters
    ----------
    z, gate, cell, hidden
        Formats of the pre-activations, of gates, of the states and of the output.
    budget, hidden_budget
        The largest errors of the new state and of the output; by default those that follow from parts as good as their
        formats: gates within an ulp, and the output gate and tanh(c') within two ulp of the output, if that is more.
    gates
        The gates' function (see `cell_parts.GATES`).
    clip
        The largest magnitude of a new state; None if that is what its format holds.
    order
        The order of the pre-activations in a transfer.
    products
        Whether products are made in multiplier blocks (``dsp``), if the target has some that keep the clock, or in
        ``logic``.

    """

    z: FixedFormat
    gate: FixedFormat
    cell: FixedFormat
    hidden: FixedFormat
    budget: Budget | None = None
    hidden_budget: Budget | None = None
    gates: str = "soft"
    clip: Fraction | None = None
    order: str = "ifgo"
    products: str = "dsp"

    name: ClassVar[str] = "lstm_cell"
    summary: ClassVar[str] = "c' = f c + i g and h = o tanh(c'), from the pre-activations of the gates"
    arguments: ClassVar[tuple[Argument, ...]] = (
        Argument("z", "Format of the pre-activations, such as SQ4.8.", "FORMAT", required=True),
        Argument("gate", "Format of the gates, such as UQ0.12.", "FORMAT", required=True, internal=True),
        Argument("cell", "Format of the states c and c', such as SQ4.8.", "FORMAT", required=True),
        Argument("hidden", "Format of the output h, such as SQ1.11.", "FORMAT", required=True),
        Argument(
            "max_error", "Error budget of c', such as 1.2ulp or 2^-8; by default that of gates within 1ulp.", "ERROR"
        ),
        Argument(
            "hidden_error", "Error budget of h, likewise; by default o and tanh(c') are within 2ulp of h.", "ERROR"
        ),
        Argument(
            "gates",
            "soft (logistic, the default), hard (x/4 + 1/2, limited), keras2 or onnx (x/5), keras3 or torch (x/6).",
            "NAME",
            default="soft",
        ),
        Argument("clip", "Limit of |c'|, such as 8; by default what the format holds.", "VALUE"),
        Argument(
            "order",
            "Order of the pre-activations: ifgo (the default), iofc or ifco, in which c is g.",
            "ORDER",
            default="ifgo",
            internal=True,
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
        cell = read_fixed("cell", values["cell"], WIDEST, signed=True)
        hidden = read_fixed("hidden", values["hidden"], WIDEST, signed=True)
        budgets = (values["max_error"], values["hidden_error"])
        budget, hidden_budget = (None if given is None else Budget.parse(given) for given in budgets)
        return cls(
            z=z,
            gate=read_gate(values["gate"]),
            cell=cell,
            hidden=hidden,
            budget=budget,
            hidden_budget=hidden_budget,
            gates=read_gates(values["gates"]),
            clip=_read_clip(values["clip"], cell),
            order=read_name("order of gates", values["order"], _ORDERS),
            products=read_name("place for products", values["products"], ("dsp", "logic")),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "z": str(self.z),
            "gate": str(self.gate),
            "cell": str(self.cell),
            "hidden": str(self.hidden),
            "max_error": None if self.budget is None else str(self.budget),
            "hidden_error": None if self.hidden_budget is None else str(self.hidden_budget),
            "gates": self.gates,
            "clip": None if self.clip is None else show_number(self.clip),
            "order": self.order,
            "products": self.products,
        }

    @property
    def title(self) -> str:
        clip = "" if self.clip is None else f", |c'| at most {show_number(self.clip)}"
        return (
            f"LSTM cell, c' = f c + i g and h = o tanh(c'){clip}: pre-activations {self.z}, {self.gates} gates "
            f"{self.gate}, states {self.cell}, output {self.hidden}"
        )

    @property
    def inputs(self) -> dict[str, FixedFormat]:
        """The formats of the inputs by name, in their order: those of the gates, and the state."""
        return {name.replace("c", "g"): self.z for name in self.order} | {"c": self.cell}

    @property
    def outputs(self) -> dict[str, FixedFormat]:
        """The formats of the outputs by name."""
        return {"h": self.hidden, "c_next": self.cell}

    @property
    def limits(self) -> tuple[int, int]:
        """The smallest and the largest code of a new state."""
        if self.clip is None:
            return self.cell.min_code, self.cell.max_code
        most = int(self.clip / self.cell.ulp)
        return -most, most

    def words(self) -> Words:
        """Return the word lengths and the errors of the parts, as large as the budgets allow.

        * ``output_bits``: fraction bits of o, those of the gates at most
        * ``candidate_bits``, ``squash_bits``: fraction bits of tanh of g, and of c'
        * ``gate_steps``, ``output_steps``, ``candidate_steps``, ``squash_steps``: budgets of the parts, in 64ths of
          their ulp

        In c' an error of i counts about once, and one of f as often as c is large. They share a unit; that of g may be
        twice as far off. Of h, o and tanh(c') may each take the same.
        """
        gate = self._widest_gate()
        bits, state = self.gate.fraction_bits, self._cell_error(self._gate_error(gate), 2 * gate)
        output = self._widest_output(state)
        output_bits = self._output_bits(output)
        candidate_bits, squash_bits = bits_of(2 * gate), bits_of(output)
        errors = (gate, output, 2 * gate, output)
        places = (bits, output_bits, candidate_bits, squash_bits)
        steps = (int(error * (64 << place)) for error, place in zip(errors, places, strict=True))
        return {
            "output_bits": output_bits,
            "candidate_bits": candidate_bits,
            "squash_bits": squash_bits,
            **dict(zip(_STEP_WORDS, steps, strict=True)),
        }

    def _widest_gate(self) -> Fraction:
        """Return the largest error of f and i that the budget of c' allows."""
        if self.budget is None:
            return self.gate.ulp
        allowed = limit_of(self.budget, self.cell)
        return widest_error(
            lambda error: self._cell_error(self._gate_error(error), 2 * error) <= allowed,
            self.gate,
            f"no LSTM cell with these formats keeps {self.budget} for c', half an ulp of which is for rounding",
        )

    def _widest_output(self, state: Fraction) -> Fraction:
        """Return the largest error of o and of tanh(c') that the budget of h allows, given the error of c'."""
        if self.hidden_budget is None:
            return max(self.gate.ulp, 2 * self.hidden.ulp)
        allowed = limit_of(self.hidden_budget, self.hidden)
        return widest_error(
            lambda error: (
                self._hidden_error(state, self._output_error(error, self._output_bits(error)), error) <= allowed
            ),
            self.gate,
            f"no LSTM cell with these formats keeps {self.hidden_budget} for h, to which c' adds {float(state):.3g} "
            "and rounding half an ulp",
        )

    def parts(self, words: Words) -> Mapping[str, Part]:
        return {
            "gate": gate_part(self.gates, self.z, self.gate, words["gate_steps"]),
            "output": gate_part(self.gates, self.z, self._output_gate(words["output_bits"]), words["output_steps"]),
            "candidate": tanh_part(self.z, words["candidate_bits"], words["candidate_steps"]),
            "squash": tanh_part(self.cell, words["squash_bits"], words["squash_steps"]),
        }

    def contract(self, words: Words, errors: Mapping[str, Fraction]) -> tuple[Promise, ...]:
        gate, output = self._gate_error(errors["gate"]), self._output_error(errors["output"], words["output_bits"])
        cell = self._cell_error(gate, errors["candidate"])
        hidden = self._hidden_error(cell, output, errors["squash"])
        stored = self._stored_error(output, errors["squash"])
        exact = "the real-valued cell on the same inputs, c' limited as c_next is, and h to its format"
        by = "from the largest errors of the parts, measured at all their inputs, by exact rational arithmetic"
        return (
            Promise("cell", f"c_next is within {float(cell):.6g} of that of {exact}", by, float_above(cell), "c_next"),
            Promise("hidden", f"h is within {float(hidden):.6g} of that of {exact}", by, float_above(hidden), "h"),
            Promise(
                "stored",
                f"h is within {float(stored):.6g} of o tanh(c_next), with the real o",
                by,
                float_above(stored),
                "h",
            ),
        )

    def shortfall(self, contract: tuple[Promise, ...]) -> str:
        asked = {"cell": (self.budget, self.cell), "hidden": (self.hidden_budget, self.hidden)}
        return shortfall(contract, asked)

    def _gate_error(self, error: Fraction) -> Fraction:
        """Return the error of a gate against its function, of which the format may lack the largest values."""
        return error + gate_gap(self.gates, self.z, self.gate)

    def _output_error(self, error: Fraction, bits: int) -> Fraction:
        return error + gate_gap(self.gates, self.z, self._output_gate(bits))

    def _output_gate(self, bits: int) -> FixedFormat:
        return FixedFormat(self.gate.signed, self.gate.integer_bits, bits)

    def _output_bits(self, error: Fraction) -> int:
        """Return the fraction bits of o: as few as leave its error two ulp.

        A gate within one ulp of a bit fewer is the larger unit.
        """
        bits = self.gate.fraction_bits
        while bits > 2 and Fraction(4, 1 << bits) <= error:
            bits -= 1
        return bits

    def _cell_error(self, gate: Fraction, candidate: Fraction) -> Fraction:
        """Return the bound of c': of (f - f*) c + (i - i*) g + i* (g - g*), and of rounding."""
        largest = -self.cell.value(self.cell.min_code)
        return gate * largest + gate * (1 + candidate) + candidate + self.cell.ulp / 2

    def _hidden_error(self, cell: Fraction, output: Fraction, squash: Fraction) -> Fraction:
        """Return the bound of h against that of the real state.

        h - h* is o (t - tanh c') + o (tanh c' - tanh c*) + (o - o*) tanh c*. The second term is within o d (1 - s^2) if
        c' is off by d, with s the magnitude of tanh somewhere between c' and c*; the third within (o - o*) (s + d).
        Both together are largest at s = (o - o*) / (2 o d).
        """
        gate = largest_gate(self.gate, output)
        steep = gate * cell
        place = min(output / (2 * steep), Fraction(1))
        both = steep * (1 - place * place) + output * (place + cell)
        return gate * squash + both + self.hidden.ulp / 2

    def _stored_error(self, output: Fraction, squash: Fraction) -> Fraction:
        """Return the bound of h against o tanh(c_next)."""
        return largest_gate(self.gate, output) * squash + output + self.hidden.ulp / 2


def _read_clip(given: Any, cell: FixedFormat) -> Fraction | None:
    if given is None:
        return None
    try:
        clip = parse_number(given)
    except (TypeError, ValueError) as error:
        raise type(error)(f"clip must be a number such as 8, not {given!r:.60}") from None
    if clip <= 0 or (clip / cell.ulp).denominator != 1 or clip / cell.ulp > cell.max_code:
        raise ValueError(
            f"clip must be a multiple of {show_number(cell.ulp)} up to {show_number(cell.value(cell.max_code))}, which "
            f"{cell} holds, not {given}"
        )
    return clip
