"""LSTM cell: its new state and its output from the pre-activations of its gates and its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

from ...plan.formats import FixedFormat
from ...support.parameters import parse_number, read_name, show_number
from ..budget import Budget
from .base import Part, Promise, Words, float_above
from .cell_arguments import GATES_ARGUMENT, PRODUCTS_ARGUMENT, Cell, CellArgument, budget, gate_format, signed_format
from .cell_parts import (
    WIDEST,
    gate_part,
    shortened,
    shortfall,
    tanh_part,
)
from .given import read_fixed
from .lstm_bounds import LSTMBounds
from .lstm_words import LSTMWords
from .shared_units import INTERVAL, SharedUnits, check_interval_interface

__all__ = ["LSTMCell"]

_ORDERS = ("ifgo", "iofc", "ifco")
"""Orders of the gates in a transfer: those of PyTorch, of ONNX and of Keras, which call g c."""


def _read_clip(given: Any) -> Fraction:
    try:
        return parse_number(given)
    except (TypeError, ValueError) as error:
        raise type(error)(f"clip must be a number such as 8, not {given!r:.60}") from None


@dataclass(frozen=True)
class LSTMCell(Cell):
    """The element-wise part of an LSTM: ``c' = f c + i g`` and ``h = o tanh(c')``.

    Parameters
    ----------
    z, gate, cell, hidden
        Formats of the pre-activations, of gates, of the states and of the output.
    max_error, hidden_error
        The largest errors of the new state and of the output; by default those that follow from parts as good as their
        formats: gates within an ulp, and the output gate and tanh(c') within two ulp of the output, if that is more.
    gates
        The gates' function (see `cell_parts.GATES`).
    clip
        The largest magnitude of a new state; None if that is what its format holds.
    peepholes
        Format of the weights with which i and f see the state c, and o the new one; None if they do not.
    order
        The order of the pre-activations in a transfer, and of the peepholes' weights.
    products
        Whether products are made in multiplier blocks (``dsp``), if the target has some that keep the clock, or in
        ``logic``.
    interval
        Clocks from one element to the next; units take turns if it is more than 1.

    """

    z: FixedFormat
    gate: FixedFormat
    cell: FixedFormat
    hidden: FixedFormat
    max_error: Budget | None = None
    hidden_error: Budget | None = None
    gates: str = "soft"
    clip: Fraction | None = None
    peepholes: FixedFormat | None = None
    order: str = "ifgo"
    products: str = "dsp"
    interval: int = 1

    name: ClassVar[str] = "lstm_cell"
    summary: ClassVar[str] = "c' = f c + i g and h = o tanh(c'), from the pre-activations of the gates"
    arguments: ClassVar[tuple[CellArgument, ...]] = (
        signed_format("z", "Format of the pre-activations, such as SQ4.8."),
        gate_format(),
        signed_format("cell", "Format of the states c and c', such as SQ4.8."),
        signed_format("hidden", "Format of the output h, such as SQ1.11."),
        budget("max_error", "Error budget of c', such as 1.2ulp or 2^-8; by default that of gates within 1ulp."),
        budget("hidden_error", "Error budget of h, likewise; by default o and tanh(c') are within 2ulp of h."),
        GATES_ARGUMENT,
        CellArgument(
            name="clip",
            help="Limit of |c'|, such as 8; by default what the format holds.",
            metavar="VALUE",
            read=_read_clip,
        ),
        CellArgument(
            name="peepholes",
            help="Peepholes; their weights are inputs of this format, such as SQ2.8, or of that of z.",
            metavar="[FORMAT]",
            alone="z",
            read=lambda given: read_fixed("peepholes", given, WIDEST, signed=True),
        ),
        CellArgument(
            name="order",
            help="Order of the pre-activations: ifgo (the default), iofc or ifco, in which c is g.",
            metavar="ORDER",
            default="ifgo",
            internal=True,
            read=lambda given: read_name("order of gates", given, _ORDERS),
        ),
        PRODUCTS_ARGUMENT,
        INTERVAL,
    )

    def __post_init__(self) -> None:
        if self.interval > 1 and self.peepholes is not None:
            raise ValueError(f"a cell with peepholes has interval 1, not {self.interval}")
        ulp, most = self.cell.ulp, self.cell.value(self.cell.max_code)
        if self.clip is not None and not (0 < self.clip <= most and (self.clip / ulp).denominator == 1):
            raise ValueError(
                f"clip must be a multiple of {show_number(ulp)} up to {show_number(most)}, which {self.cell} holds, "
                f"not {show_number(self.clip)}"
            )

    @classmethod
    def read(cls, **given: Any) -> Self:
        if given.get("peepholes") == "z":
            given["peepholes"] = given.get("z")
        return super().read(**given)

    @property
    def construction(self) -> str:
        return self.name if self.interval == 1 else f"{self.name}_in_turns"

    def check_interface(self, interface: str) -> None:
        check_interval_interface(self.interval, interface)

    @property
    def title(self) -> str:
        clip = "" if self.clip is None else f", |c'| at most {show_number(self.clip)}"
        peepholes = "" if self.peepholes is None else f", peepholes {self.peepholes}"
        return (
            f"LSTM cell, c' = f c + i g and h = o tanh(c'){clip}: pre-activations {self.z}{peepholes}, {self.gates} "
            f"gates {self.gate}, states {self.cell}, output {self.hidden}"
        )

    @property
    def inputs(self) -> dict[str, FixedFormat]:
        """The formats of the inputs by name, in their order: those of the gates, of their peepholes, and the state."""
        gates = [name.replace("c", "g") for name in self.order]
        peepholes = {} if self.peepholes is None else {f"p_{gate}": self.peepholes for gate in gates if gate != "g"}
        return dict.fromkeys(gates, self.z) | peepholes | {"c": self.cell}

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

    @property
    def shared(self) -> SharedUnits | None:
        """The units that take turns; None with interval 1."""
        return None if self.interval == 1 else SharedUnits(self.gates, self.z, self.gate, (self.z, self.cell))

    def words(self) -> Words:
        """Return the word lengths and the errors of the parts, as large as the budgets allow.

        * ``output_bits``: fraction bits of o, those of the gates at most
        * ``candidate_bits``, ``squash_bits``: fraction bits of tanh of g, and of c'
        * ``gate_steps``, ``output_steps``, ``candidate_steps``, ``squash_steps``: budgets of the parts, in 64ths of
          their ulp
        """
        return LSTMWords(self._bounds, self.max_error, self.hidden_error, self.shared).words()

    @property
    def _bounds(self) -> LSTMBounds:
        return LSTMBounds(self.z, self.gate, self.cell, self.hidden, self.gates, self.peepholes)

    def parts(self, words: Words) -> Mapping[str, Part]:
        if self.shared is not None:
            return self.shared.parts(words)
        return {
            "gate": gate_part(self.gates, self.z, self.gate, words["gate_steps"]),
            "output": gate_part(self.gates, self.z, shortened(self.gate, words["output_bits"]), words["output_steps"]),
            "candidate": tanh_part(self.z, words["candidate_bits"], words["candidate_steps"]),
            "squash": tanh_part(self.cell, words["squash_bits"], words["squash_steps"]),
        }

    def contract(self, words: Words, errors: Mapping[str, Fraction]) -> tuple[Promise, ...]:
        errors = errors if self.shared is None else self.shared.errors(errors)
        bounds, output = self._bounds, (errors["output"], words["output_bits"], errors["squash"])
        cell = bounds.state(errors["gate"], errors["candidate"])
        hidden, stored = bounds.hidden_of(cell, *output), bounds.stored(*output)
        exact = "the real-valued cell on the same inputs, c' limited as c_next is, and h to its format"
        by = "from the largest errors of the parts, measured at all their inputs, by exact rational arithmetic"
        real = "the real o" if self.peepholes is None else "the real o of that state"
        return (
            Promise("cell", f"c_next is within {float(cell):.6g} of that of {exact}", by, float_above(cell), "c_next"),
            Promise("hidden", f"h is within {float(hidden):.6g} of that of {exact}", by, float_above(hidden), "h"),
            Promise(
                "stored",
                f"h is within {float(stored):.6g} of o tanh(c_next), with {real}",
                by,
                float_above(stored),
                "h",
            ),
        )

    def shortfall(self, contract: tuple[Promise, ...]) -> str:
        asked = {"cell": (self.max_error, self.cell), "hidden": (self.hidden_error, self.hidden)}
        return shortfall(contract, asked)
