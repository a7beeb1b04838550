"""Registers in a turn: the part of a state in which a unit or a composite keeps the clock of its interval."""

from __future__ import annotations

from collections.abc import Mapping

from .lemma import Lemma
from .step_function import StepFunction

__all__ = ["TurnState"]

_TURN = "turn"
"""The register whose bits are the clocks of an interval."""


class TurnState:
    """The register of the turns among all registers.

    Parameters
    ----------
    step, interval
        The step function, and the clocks of an interval.

    Raises
    ------
    ValueError
        If there is no such register.

    """

    def __init__(self, step: StepFunction, interval: int) -> None:
        self._step, self.interval = step, interval
        if dict(step.registers).get(_TURN) != interval:
            raise ValueError(f"there is no register {_TURN} of {interval} bits")
        names = [name for name, _ in step.registers]
        self._low = sum(width for _, width in step.registers[: names.index(_TURN)])

    def within(self, lemma: Lemma, turn: int) -> str:
        """Return an expression for registers with any content but for the turn."""
        above = self._step.width - self._low - self.interval
        parts = [lemma.anything(above)] if above else []
        parts += [self._bits(turn)] + ([lemma.anything(self._low)] if self._low else [])
        return f"{{{', '.join(parts)}}}"

    def is_at(self, state: str, turn: int) -> str:
        """Return an expression: whether registers are in a turn."""
        mask = f"{self.interval}'b{'1' * self.interval}"
        return f"(({state} >> {self._low}) & {mask}) == {self._bits(turn)}"

    def claim_cycle(self, lemma: Lemma, firsts: Mapping[str, str], ready: str = "") -> None:
        """Claim that each move leads from a turn to the next, and that some states are in the first one.

        Parameters
        ----------
        lemma
            The lemma to add the claims to.
        firsts
            The states in the first turn, by what they follow.
        ready
            An output that is high in the first turn and in no other, if there is one.

        """
        for turn in range(self.interval):
            now = lemma.walk(self.within(lemma, turn), {})
            follows = self.is_at(now.after, (turn + 1) % self.interval)
            lemma.claim(f"turn {turn + 1} is followed by another than the next", follows)
            if ready:
                is_first = f"1'b{turn == 0:d}"
                lemma.claim(f"{ready} in turn {turn + 1} is wrong", f"{now.outputs[ready]} == {is_first}")
        for when, state in firsts.items():
            lemma.claim(f"the turn after {when} is not the first", self.is_at(state, 0))

    def _bits(self, turn: int) -> str:
        return f"{self.interval}'b{1 << turn:0{self.interval}b}"
