"""Units that a cell uses in turn, where its elements come several clocks apart: what they are, and what they keep.

With soft gates it is one unit, since ``tanh(x) = 2 s(2 x) - 1``: a logistic of the gates' format, whose inputs are the
pre-activations and twice the arguments of tanh. Its result is a gate as it is, and tanh with its highest bit inverted.
Otherwise there is one for gates and one for tanh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from ...plan.formats import FixedFormat
from .base import Part
from .cell_arguments import CellArgument
from .cell_parts import WIDEST, bits_of, gate_gap, gate_part, tanh_part

__all__ = ["INTERVAL", "SharedUnits", "check_interval_interface"]

_LONGEST = 32
"""The longest interval: with one bit pair of a product a clock, an LSTM cell has nothing left to share beyond it."""


def _read_interval(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise TypeError(f"interval must be an integer, not {given!r:.60}")
    if not 1 <= given <= _LONGEST:
        raise ValueError(f"interval must be from 1 to {_LONGEST} clocks, not {given}")
    return given


INTERVAL = CellArgument(
    name="interval",
    help="Clocks from one element to the next, 1 (the default) to 32; with more than 1, gates and tanh take turns in "
    "as few units as that allows, and so do products.",
    metavar="K",
    kind=int,
    default=1,
    internal=True,
    read=_read_interval,
)
"""The initiation interval in clocks."""


def check_interval_interface(interval: int, interface: str) -> None:
    """Raise `ValueError` if an interface cannot make the neighbour wait for so many clocks."""
    if interval > 1 and interface not in ("stream", "axis"):
        raise ValueError(
            f"an interval of {interval} clocks needs an interface with ready, stream or axis, not {interface}"
        )


@dataclass(frozen=True)
class SharedUnits:
    """The units that the gates and hyperbolic tangents of a cell share.

    Parameters
    ----------
    gates
        The gates' function (see `cell_parts.GATES`).
    z, gate
        Formats of the pre-activations and of gates.
    arguments
        Formats of the arguments of tanh.

    """

    gates: str
    z: FixedFormat
    gate: FixedFormat
    arguments: tuple[FixedFormat, ...]

    @property
    def is_one(self) -> bool:
        """Whether one unit serves both."""
        return self.gates == "soft"

    @property
    def source(self) -> FixedFormat:
        """The format of the arguments of tanh; of one unit for both, that of the pre-activations and twice those.

        Raises
        ------
        ValueError
            If that has more bits than parts may have.

        """
        before = max(fmt.integer_bits for fmt in self.arguments)
        after = max(fmt.fraction_bits for fmt in self.arguments)
        if self.is_one:
            before, after = max(before + 1, self.z.integer_bits), max(after - 1, self.z.fraction_bits)
        if before + after > WIDEST + 1:
            raise ValueError(
                f"a unit that is used in turn for {' and '.join(map(str, dict.fromkeys((self.z, *self.arguments))))} "
                f"needs at most {WIDEST + 1} bits, not {before + after}; give formats that differ less, or interval 1"
            )
        return FixedFormat(True, before, after)

    def tanh_error(self, error: Fraction) -> Fraction:
        """Return the error of tanh, given what that of the unit that serves both is below.

        The format of the gates may lack the function's largest values, by a gap. Within half an ulp of 1 the function
        is saturated, and gives the largest code (decision 028): it is off by the gap there. Below that it may be as
        many whole codes off as the error allows, and half an ulp more.
        """
        ulp = self.gate.ulp
        gap = gate_gap("soft", self.source, self.gate)
        return 2 * max(error, gap, (ceil(error / ulp) - 1) * ulp + min(gap, ulp / 2))

    def words(self, gate: Fraction, tanh: Fraction) -> dict[str, int]:
        """Return the words for a largest error of gates, and one of tanh where that has a unit of its own.

        * ``output_bits``, ``candidate_bits``, ``squash_bits``: fraction bits of the output gate, of tanh of a
          pre-activation, and of tanh of a state
        * ``gate_steps``, ``tanh_steps``: budgets of the units in 64ths of their ulp; without the second it is one unit
        """
        bits = self.gate.fraction_bits
        tanh_bits = bits - 1 if self.is_one else bits_of(tanh)
        words = dict.fromkeys(("candidate_bits", "squash_bits"), tanh_bits)
        words |= {"output_bits": bits, "gate_steps": int(gate * (64 << bits))}
        return words if self.is_one else words | {"tanh_steps": int(tanh * (64 << tanh_bits))}

    def parts(self, words: Mapping[str, int]) -> dict[str, Part]:
        """Return what is asked of each unit, by name."""
        if self.is_one:
            return {"core": gate_part(self.gates, self.source, self.gate, words["gate_steps"])}
        return {
            "gate": gate_part(self.gates, self.z, self.gate, words["gate_steps"]),
            "tanh": tanh_part(self.source, words["candidate_bits"], words["tanh_steps"]),
        }

    def errors(self, errors: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the errors of the uses by name, given those of the units."""
        gate = errors["core" if self.is_one else "gate"]
        tanh = self.tanh_error(gate) if self.is_one else errors["tanh"]
        return {"gate": gate, "output": gate, "candidate": tanh, "squash": tanh}
