"""The hardware of functions that take the sum of the powers of a vector: an element a clock, or a vector."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from amaranth.hdl import Module, Mux, Signal, Value

from ...accuracy.composites.base import Words
from ...plan.builder import PlanBuilder
from ...plan.formats import FixedFormat
from ...plan.plan import Plan
from ..build_options import BuildOptions
from ..connection import connect
from ..datapath import Datapath
from ..interfaces import check_interface, ports
from ..scheduling.clocked_schedule import timed_schedule
from ..step_signals import range_shape
from ..unit import schedule_for
from .base import CompositeHardware
from .parallel_sum import parallel_plan
from .ports import vector_ports
from .vector_plans import Weighed, weigh_plan
from .waiting import Waiting, register

__all__ = ["PLACES", "Summed", "VectorSumHardware", "along"]

PLACES = 100_000
"""Places of declarations between one piece of the printed module and the next."""


class Summed(NamedTuple):
    """Registers behind the second pass: what is kept of each element, and the sum of the weights of a vector.

    Attributes
    ----------
    kept, last, valid
        What is kept of an element, whether it ends its vector, and whether there is one at all.
    total, single, complete
        The sum a clock later, whether it is of one weight, and whether it is that of a whole vector.

    """

    kept: Signal
    last: Signal
    valid: Signal
    total: Signal
    single: Signal
    complete: Signal


class VectorSumHardware(CompositeHardware):
    """The sum of the powers of vectors that come an element a clock, or as a whole.

    Streamed, a vector is passed for its maximum, then for the sum of its weights; what follows is up to the subclass.
    In between its elements wait in a ring (see `Waiting`), so that vectors follow each other without a gap. All
    registers hold while an output is not taken, as in any unit (decision 004).

    In parallel it is the unit of a plan (see `parallel_plan`).
    """

    kept: ClassVar[str]
    """The value that is kept of each element (see `weigh_plan`)."""

    ranks: ClassVar[int]
    """Clocks that a vector takes beside twice its elements and the ranks of the pieces."""

    def __init__(self, asked: Any, words: Words, plans: Mapping[str, Plan], options: BuildOptions) -> None:
        super().__init__(asked, words, plans, options)
        if asked.arrangement == "parallel":
            plan = parallel_plan(asked, words, plans, self._base, self._answer)
            check_interface(options.interface, plan)
            self.schedule = schedule_for(plan, options.changed(dsp=0, bram=0))
            self.ports = ports(plan, options.interface, tlast=options.tlast)
            self.formats = self._formats()
            self.latency = self.schedule.latency
            self.timing = f"a vector a clock, latency {self.latency}"
            return
        self.ports = vector_ports(options.interface, {"x": asked.input_format}, {"y": asked.output_format})
        self.formats = self._formats()
        weigh = weigh_plan(asked, words, plans["weight"], self.kept)
        on = options.device.limited(0, 0)
        self._weigh, *self._later = (
            timed_schedule(plan, on, options.clock, compact=True)
            for plan in (weigh, *self._pieces(next(iter(weigh.outputs)).format))
        )
        beside = sum(piece.latency for piece in (self._weigh, *self._later)) + self.ranks
        self.latency = 2 * asked.n + beside
        self.timing = (
            f"an element a clock, vectors of k elements without a gap, first output 2 k + {beside} "
            f"clocks after the first input: latency {self.latency} for {asked.n} elements"
        )

    @property
    def _base(self) -> str:
        """The base of the logarithm."""
        return str(self.asked.base)

    @abstractmethod
    def _answer(
        self, b: PlanBuilder, weighed: list[Weighed], maximum: str, logarithm: str
    ) -> Mapping[str, tuple[str, FixedFormat]]:
        """Add the outputs of a whole vector (see `parallel_sum.Answer`)."""

    @abstractmethod
    def _pieces(self, kept: FixedFormat) -> tuple[Plan, ...]:
        """Return the plans of what follows the sum in a stream, given the format of what is kept of an element."""

    @abstractmethod
    def _finish(self, m: Module, advance: Value, summed: Summed, valid: Signal, signals: Mapping[str, Value]) -> None:
        """Add what follows the sum in a stream, up to the outputs; `valid` is their register."""

    def _formats(self) -> dict[str, FixedFormat]:
        sides = (("input", self.asked.input_format), ("output", self.asked.output_format))
        return {field.name: fmt for direction, fmt in sides for field in self.ports.data(direction)}

    def connect(self, m: Module, signals: Mapping[str, Value]) -> None:
        if self.schedule is not None:
            connect(m, self.schedule, self.ports, signals)
            return
        x, x_last, x_valid, y_ready = (
            signals[self.ports.of(role, "input").name] for role in ("data", "last", "valid", "ready")
        )
        valid = register("y_valid_r" if "y_valid" in signals else "m_valid_r", 1, place=PLACES * 9, reset=True)
        advance = Signal(
            name="advance", attrs={"order": "0", "note": "everything moves unless an output waits that is not taken"}
        )
        m.d.comb += advance.eq(y_ready | ~valid)
        width = self.asked.input_format.width
        code = x[:width].as_signed() if self.asked.input_format.signed else x[:width]
        released = self._find_maximum(m, advance, code, x_last, x_valid)
        self._finish(m, advance, self._sum_up(m, advance, released), valid, signals)
        m.d.comb += [
            signals[self.ports.of("valid", "output").name].eq(valid),
            signals[self.ports.of("ready", "output").name].eq(advance),
        ]

    def _find_maximum(self, m: Module, advance: Value, x: Value, last: Value, valid: Value) -> Any:
        """Add the first pass: the running maximum, and the elements that wait for it."""
        shape, place = x.shape(), 10
        x_next, last_next = register("x_next", shape, place=place), register("last_next", 1, place=place)
        valid_next = register("valid_next", 1, place=place, reset=True)
        x_in, last_in = register("x_in", shape, place=place), register("last_in", 1, place=place)
        valid_in = register("valid_in", 1, place=place, reset=True)
        first = register("first", 1, place=place, reset=True, init=1, note="the next element begins a vector")
        maximum = register("maximum", shape, place=place, note="the largest element of the vector so far")
        complete = register("complete", 1, place=place, reset=True, note="the maximum is that of a whole vector")
        # Each element is compared a clock ahead, with both that the maximum may be then.
        above_last = register("above_last", 1, place=place, note="the element is larger than the one before")
        above_maximum = register("above_maximum", 1, place=place, note="it is larger than the maximum before that")
        renewed = register("renewed", 1, place=place, reset=True, note="the element before became the maximum")
        larger = Signal(name="larger", attrs={"order": str(place), "note": "the element becomes the maximum"})
        m.d.comb += larger.eq(valid_in & (first | Mux(renewed, above_last, above_maximum)))
        with m.If(advance):
            m.d.sync += [
                x_next.eq(x),
                last_next.eq(last),
                valid_next.eq(valid),
                x_in.eq(x_next),
                last_in.eq(last_next),
                valid_in.eq(valid_next),
                above_last.eq((x_in - x_next)[-1]),  # the sign, which takes one carry chain; > takes two
                above_maximum.eq((maximum - x_next)[-1]),
                renewed.eq(larger),
                first.eq(Mux(valid_in, last_in, first)),
                maximum.eq(Mux(larger, x_in, maximum)),
                complete.eq(valid_in & last_in),
            ]
        waiting = Waiting(m, "weigh", self.asked.n, 1, place=100, enable=advance)
        return waiting.connect(x_in, last_in, valid_in, maximum, complete, {"element": shape, "value": shape})

    def _sum_up(self, m: Module, advance: Value, released: Any) -> Summed:
        """Add the second pass: weights, and their sum."""
        inputs = {"x": released.element, "maximum": released.value}
        pieces = Datapath(m, self._weigh, inputs, advance, first=PLACES, title="weights: ")
        ranges = self._weigh.plan.ranges
        by_name = {output.name: range_shape(ranges[output.step]) for output in self._weigh.plan.outputs}
        place = PLACES * 2
        valid, last = along(m, advance, "weigh", self._weigh.latency, PLACES, released.valid, released.last)
        t, w = register("t", by_name["t"], place=place), register("w", by_name["w"], place=place)
        t_last, t_valid = register("t_last", 1, place=place), register("t_valid", 1, place=place, reset=True)
        begins = register("begins", 1, place=place, reset=True, init=1, note="the next weight is a vector's first")
        total_bits = self.words["sum_bits"] + self.asked.n.bit_length()
        total = register("total", total_bits, place=place, note="the sum of the weights of the vector so far")
        single = register("single", 1, place=place, note="it is of one weight")
        summed = register("summed", 1, place=place, reset=True, note="it is that of a whole vector")
        added = (Mux(begins, 0, total) + w)[:total_bits]
        with m.If(advance):
            m.d.sync += [
                t.eq(pieces.outputs["t"]),
                w.eq(pieces.outputs["w"]),
                t_last.eq(last),
                t_valid.eq(valid),
                begins.eq(Mux(t_valid, t_last, begins)),
                total.eq(Mux(t_valid, added, total)),
                single.eq(Mux(t_valid, begins, single)),
                summed.eq(t_valid & t_last),
            ]
        return Summed(t, t_last, t_valid, total, single, summed)


def along(
    m: Module, advance: Value, name: str, latency: int, place: int, valid: Value, last: Value | None = None
) -> tuple[Value, Value | None]:
    """Add registers for what goes along with a datapath: ``valid``, which is 0 after a reset, and ``last``, if any."""
    for rank in range(1, latency + 1):
        if last is not None:
            last_r = register(f"{name}_last_r{rank}", 1, place=place)
            with m.If(advance):
                m.d.sync += last_r.eq(last)
            last = last_r
        valid_r = register(f"{name}_valid_r{rank}", 1, place=place, reset=True)
        with m.If(advance):
            m.d.sync += valid_r.eq(valid)
        valid = valid_r
    return valid, last
