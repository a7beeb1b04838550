"""Word lengths of an LSTM cell: the errors of its parts, as large as the budgets allow."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..budget import Budget
from .base import Words
from .cell_parts import bits_of, fewest_bits, limit_of, widest_error
from .lstm_bounds import LSTMBounds
from .shared_units import SharedUnits

__all__ = ["LSTMWords"]

_STEP_WORDS = ("gate_steps", "output_steps", "candidate_steps", "squash_steps")


@dataclass(frozen=True)
class LSTMWords:
    """The word lengths of an LSTM cell.

    In c' an error of i counts about once, and one of f as often as c is large. They share a unit; that of g may be
    twice as far off. Of h, o and tanh(c') may each take the same. A unit that takes turns is as good as the most
    exacting of its uses needs it (see `SharedUnits.words`).

    Parameters
    ----------
    bounds
        The bounds of the cell's errors.
    max_error, hidden_error, shared
        As for `LSTMCell`.

    """

    bounds: LSTMBounds
    max_error: Budget | None
    hidden_error: Budget | None
    shared: SharedUnits | None

    def words(self) -> Words:
        """Return word lengths and errors of the parts (see `LSTMCell.words`)."""
        gate = self._widest_gate()
        output = self._widest_output(self.bounds.state(gate, self._tanh_error(gate, 2)))
        if self.shared is not None:
            return self.shared.words(min(gate, output), min(2 * gate, output))
        output_bits = self._output_bits(output)
        candidate_bits, squash_bits = bits_of(2 * gate), bits_of(output)
        errors = (gate, output, 2 * gate, output)
        places = (self.bounds.gate.fraction_bits, output_bits, candidate_bits, squash_bits)
        steps = (int(error * (64 << place)) for error, place in zip(errors, places, strict=True))
        return {
            "output_bits": output_bits,
            "candidate_bits": candidate_bits,
            "squash_bits": squash_bits,
            **dict(zip(_STEP_WORDS, steps, strict=True)),
        }

    def _widest_gate(self) -> Fraction:
        """Return the largest error of f and i that the budget of c' allows."""
        if self.max_error is None:
            return self.bounds.gate.ulp
        bounds, allowed = self.bounds, limit_of(self.max_error, self.bounds.cell)
        sums = "" if bounds.peepholes is None else f", and {float(bounds.sums):.3g} of each gate for that of its sum"
        return widest_error(
            lambda error: bounds.state(error, self._tanh_error(error, 2)) <= allowed,
            bounds.gate,
            f"no LSTM cell with these formats keeps {self.max_error} for c', half an ulp of which is for "
            f"rounding{sums}",
        )

    def _widest_output(self, state: Fraction) -> Fraction:
        """Return the largest error of o and of tanh(c') that the budget of h allows, given the error of c'."""
        if self.hidden_error is None:
            return max(self.bounds.gate.ulp, 2 * self.bounds.hidden.ulp)
        bounds, allowed = self.bounds, limit_of(self.hidden_error, self.bounds.hidden)
        return widest_error(
            lambda error: (
                bounds.hidden_of(state, error, self._output_bits(error), self._tanh_error(error, 1)) <= allowed
            ),
            bounds.gate,
            f"no LSTM cell with these formats keeps {self.hidden_error} for h, to which c' adds {float(state):.3g} "
            "and rounding half an ulp",
        )

    def _output_bits(self, error: Fraction) -> int:
        """Return the fraction bits of o: those of the gates' format if it has no unit of its own."""
        return fewest_bits(self.bounds.gate, error) if self.shared is None else self.bounds.gate.fraction_bits

    def _tanh_error(self, gate: Fraction, ratio: int) -> Fraction:
        """Return the error of a tanh, `ratio` times that of a gate unless one unit serves both."""
        return self.shared.tanh_error(gate) if self.shared is not None and self.shared.is_one else ratio * gate
