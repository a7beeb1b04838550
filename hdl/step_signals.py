"""The signals of a plan's steps: their names, their notes, and where each is declared in the printed module."""

from __future__ import annotations

from amaranth.hdl import Module, Shape, Signal, Value, signed, unsigned

from ..plan.operations import Range
from .scheduling.schedule import Schedule

__all__ = ["StepSignals", "range_shape"]


def range_shape(held: Range) -> Shape:
    """Return the Amaranth shape with just the bits that a range needs."""
    return signed(held.width) if held.signed else unsigned(held.width)


class StepSignals:
    """Adds the signals of a plan's steps to a module.

    The note and the place of a signal are attached to it, for the printer of the module.

    Parameters
    ----------
    module
        The module to add to.
    schedule
        The plan and the stages of its steps.

    """

    def __init__(self, module: Module, schedule: Schedule, first: int = 0, title: str = "") -> None:
        self.module = module
        self.schedule = schedule
        self._first, self._title = first, title
        self._positions = {step.name: position for position, step in enumerate(schedule.plan.steps)}
        self._headed: set[int] = set()  # stages whose heading is in a note

    def order_after_rank(self, rank: int) -> int:
        """Return the place of a declaration after the registers of a rank."""
        return self._first + (2 * rank) * len(self._positions) - 1

    def _order(self, name: str, stage: int, register: bool = False) -> int:
        """Return the place of a declaration: by stage, in a stage the wires first, then the registers behind it."""
        return self._first + (2 * stage + register) * len(self._positions) + self._positions[name]

    def wire(self, name: str, suffix: str, shape: Shape, note: str = "", *, called: str = "") -> Signal:
        """Return a new signal for a step or a part of it; the first of a stage has the stage's heading in its note.

        It is `called` otherwise than the step if that is given.
        """
        stage = self.schedule.stages[name]
        if self.schedule.latency and stage not in self._headed and name not in self.schedule.constants:
            self._headed.add(stage)
            note = f"---- {self._title}stage {stage} of {self.schedule.latency} ----\n{note}".strip()
        attrs = {"order": str(self._order(name, stage))}
        if note:
            attrs["note"] = note
        return Signal(shape, name=called or name + suffix, attrs=attrs)

    def let(self, name: str, suffix: str, value: Value, note: str = "", shape: Shape | None = None) -> Signal:
        """Return a new signal for a step or a part of it, driven by a value and by default of its shape."""
        signal = self.wire(name, suffix, value.shape() if shape is None else shape, note)
        self.module.d.comb += signal.eq(value)
        return signal

    def register(self, name: str, rank: int, shape: Shape, *, initial: int | None) -> Signal:
        """Return a new register for the value of a step in a rank; `initial` are its bits at power-up, if given."""
        attrs = {"order": str(self._order(name, rank - 1, register=True))}
        if initial is not None:
            attrs["initial"] = f"{shape.width}'d{initial}" if initial and shape.width > 1 else str(initial)
        return Signal(shape, name=f"{name}_r{rank}", reset_less=True, attrs=attrs)

    def operand(self, name: str, called: str, shape: Shape, stage: int) -> Signal:
        """Return a new register behind a stage, for what is taken up before the turn of a step."""
        attrs = {"order": str(self._order(name, stage, register=True))}
        return Signal(shape, name=called, reset_less=True, attrs=attrs)
