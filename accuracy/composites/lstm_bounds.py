"""Bounds of the errors of an LSTM cell, from the errors of its parts.

A star marks what is exact, for the same inputs. Everything that is rounded is limited as well, and so is what it is
compared with, which brings both no further apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ...plan.formats import FixedFormat
from .cell_parts import argument_error, gate_error, largest_gate, shortened, steepest

__all__ = ["LSTMBounds"]


@dataclass(frozen=True)
class LSTMBounds:
    """Bounds for an LSTM cell with these formats, gates and peepholes (see `LSTMCell`)."""

    z: FixedFormat
    gate: FixedFormat
    cell: FixedFormat
    hidden: FixedFormat
    gates: str
    peepholes: FixedFormat | None

    @property
    def sums(self) -> Fraction:
        """The error that rounding and limiting the sums with the peepholes adds to a gate."""
        return Fraction(0) if self.peepholes is None else argument_error(self.gates, self.z)

    def state(self, gate: Fraction, candidate: Fraction) -> Fraction:
        """Return the bound of c': of (f - f*) c + (i - i*) g + i* (g - g*), and of rounding.

        Parameters
        ----------
        gate, candidate
            The largest errors of the parts that give f and i, and g.

        """
        gate = gate_error(self.gates, self.z, self.gate, gate) + self.sums
        largest = -self.cell.value(self.cell.min_code)
        return gate * largest + gate * (1 + candidate) + candidate + self.cell.ulp / 2

    def hidden_of(self, state: Fraction, output: Fraction, bits: int, squash: Fraction) -> Fraction:
        """Return the bound of h against that of the real state.

        h - h* is o (t - tanh c') + o (tanh c' - tanh c*) + (o - o*) tanh c*. The second term is within o d (1 - s^2) if
        c' is off by d, with s the magnitude of tanh somewhere between c' and c*; the third within (o - o*) (s + d).
        Both together are largest at s = (o - o*) / (2 o d). With a peephole, d counts in o, too.

        Parameters
        ----------
        state
            The bound of c'.
        output, bits
            The largest error of the part that gives o, and its fraction bits.
        squash
            The largest error of the part that gives tanh(c').

        """
        gate, off = largest_gate(self.gate, output), self._output(output, bits)
        if self.peepholes is not None:
            off += steepest(self.gates) * -self.peepholes.value(self.peepholes.min_code) * state
        steep = gate * state
        place = min(off / (2 * steep), Fraction(1))
        both = steep * (1 - place * place) + off * (place + state)
        return gate * squash + both + self.hidden.ulp / 2

    def stored(self, output: Fraction, bits: int, squash: Fraction) -> Fraction:
        """Return the bound of h against o tanh(c_next), with the real o of that state (see `hidden_of`)."""
        return largest_gate(self.gate, output) * squash + self._output(output, bits) + self.hidden.ulp / 2

    def _output(self, error: Fraction, bits: int) -> Fraction:
        """Return the error of o, of the same c'."""
        return gate_error(self.gates, self.z, shortened(self.gate, bits), error) + self.sums
