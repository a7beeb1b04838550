"""The hardware of a softmax, streamed: an element a clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amaranth.hdl import Cat, Module, Mux, Signal, Value

from ...accuracy.composites.base import Words
from ...plan.formats import FixedFormat
from ...plan.plan import Plan
from ..build_options import BuildOptions
from ..connection import connect, port_shape
from ..datapath import Datapath
from ..interfaces import Ports, check_interface, ports
from ..scheduling.clocked_schedule import timed_schedule
from ..step_signals import range_shape
from ..unit import schedule_for
from .base import CompositeHardware
from .ports import vector_ports
from .softmax_parallel import parallel_plan
from .softmax_plans import logarithm_plan, share_plan, weigh_plan
from .waiting import Waiting, along, register

__all__ = ["SoftmaxHardware"]

_PLACES = 100_000
"""Places of declarations between one piece of the printed module and the next."""


class SoftmaxHardware(CompositeHardware):
    """A softmax of vectors that come an element a clock, or as a whole.

    Streamed, every vector is passed three times: for its maximum, for the sum of its weights, and for the shares. In
    between its elements wait in rings (see `Waiting`), so that vectors follow each other without a gap. All registers
    hold while an output is not taken, as in any unit (decision 004).

    In parallel it is the unit of a plan (see `softmax_parallel`).
    """

    name: ClassVar[str] = "softmax"

    def __init__(self, asked: Any, words: Words, plans: Mapping[str, Plan], options: BuildOptions) -> None:
        super().__init__(asked, words, plans, options)
        if asked.arrangement == "parallel":
            plan = parallel_plan(asked, words, plans)
            check_interface(options.interface, plan)
            self.schedule = schedule_for(plan, options.changed(dsp=0, bram=0))
            self.ports = ports(plan, options.interface, tlast=options.tlast)
            self.formats = _formats(self.ports, asked)
            self.latency = self.schedule.latency
            self.timing = f"a vector a clock, latency {self.latency}"
            return
        self.ports = vector_ports(options.interface, {"x": asked.input_format}, {"y": asked.output_format})
        self.formats = _formats(self.ports, asked)
        weigh = weigh_plan(asked, words, plans["weight"])
        logarithm = logarithm_plan(asked, words, plans["logarithm"])
        distance, log = (next(iter(plan.outputs)).format for plan in (weigh, logarithm))
        share = share_plan(asked, words, plans["share"], distance, log)
        on = options.device.limited(0, 0)
        self._weigh, self._log, self._share = (
            timed_schedule(plan, on, options.clock, compact=True) for plan in (weigh, logarithm, share)
        )
        pieces = self._weigh.latency + self._log.latency + self._share.latency
        self.latency = 2 * asked.n + pieces + _OTHER_RANKS
        self.timing = (
            f"an element a clock, vectors of k elements without a gap, first output 2 k + {pieces + _OTHER_RANKS} "
            f"clocks after the first input: latency {self.latency} for {asked.n} elements"
        )

    def connect(self, m: Module, signals: Mapping[str, Value]) -> None:
        if self.schedule is not None:
            connect(m, self.schedule, self.ports, signals)
            return
        x, x_last, x_valid, y_ready = (
            signals[self.ports.of(role, "input").name] for role in ("data", "last", "valid", "ready")
        )
        valid = register("y_valid_r" if "y_valid" in signals else "m_valid_r", 1, place=_PLACES * 9, reset=True)
        advance = Signal(
            name="advance", attrs={"order": "0", "note": "everything moves unless an output waits that is not taken"}
        )
        m.d.comb += advance.eq(y_ready | ~valid)
        width = self.asked.input_format.width
        code = x[:width].as_signed() if self.asked.input_format.signed else x[:width]
        released = self._find_maximum(m, advance, code, x_last, x_valid)
        passed = self._divide(m, advance, *self._sum_up(m, advance, released))
        self._give_out(m, advance, passed, valid, signals)

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

    def _sum_up(self, m: Module, advance: Value, released: Any) -> tuple[Any, ...]:
        """Add the second pass: distances, weights, and their sum; returns what waits for its logarithm."""
        inputs = {"x": released.element, "maximum": released.value}
        pieces = Datapath(m, self._weigh, inputs, advance, first=_PLACES, title="weights: ")
        ranges = self._weigh.plan.ranges
        by_name = {output.name: range_shape(ranges[output.step]) for output in self._weigh.plan.outputs}
        place = _PLACES * 2
        beside = {"last": released.last, "valid": released.valid}
        beside = along(m, advance, "weigh", self._weigh.latency, beside, _PLACES)
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
                t_last.eq(beside["last"]),
                t_valid.eq(beside["valid"]),
                begins.eq(Mux(t_valid, t_last, begins)),
                total.eq(Mux(t_valid, added, total)),
                single.eq(Mux(t_valid, begins, single)),
                summed.eq(t_valid & t_last),
            ]
        return t, t_last, t_valid, total, single, summed

    def _divide(
        self,
        m: Module,
        advance: Value,
        t: Signal,
        last: Signal,
        valid: Signal,
        total: Signal,
        single: Signal,
        summed: Any,
    ) -> Any:
        """Add the logarithm of the sum, and the distances that wait for it."""
        pieces = Datapath(m, self._log, {"total": total}, advance, first=_PLACES * 3, title="logarithm: ")
        output = self._log.plan.outputs[0]
        shape = range_shape(self._log.plan.ranges[output.step])
        latency = self._log.latency
        beside = along(m, advance, "log", latency, {"last": single, "valid": summed}, _PLACES * 3)
        alone, known = beside["last"], beside["valid"]
        place = _PLACES * 4
        of_vector = register("of_vector", shape.width + 1, place=place, note="the logarithm, and whether it is of one")
        ready = register("of_vector_valid", 1, place=place, reset=True)
        with m.If(advance):
            m.d.sync += [of_vector.eq(Cat(pieces.outputs["l"][: shape.width], alone)), ready.eq(known)]
        waiting = Waiting(m, "share", self.asked.n, latency + 2, place=place + 10, enable=advance)
        shapes = {"element": t.shape(), "value": of_vector.shape()}
        return waiting.connect(t, last, valid, of_vector, ready, shapes)

    def _give_out(self, m: Module, advance: Value, passed: Any, valid: Signal, signals: Mapping[str, Value]) -> None:
        """Add the third pass: shares, and the registers that they wait in until they are taken."""
        inputs = {"t": passed.element, "l": passed.value[:-1], "single": passed.value[-1]}
        pieces = Datapath(m, self._share, inputs, advance, first=_PLACES * 5, title="shares: ")
        beside = {"last": passed.last, "valid": passed.valid}
        beside = along(m, advance, "share", self._share.latency, beside, _PLACES * 5)
        data = self.ports.of("data", "output")
        place = _PLACES * 8
        y = register("share_r", port_shape(data), place=place)
        y_last = register("last_r", 1, place=place)
        with m.If(advance):
            m.d.sync += [y.eq(pieces.outputs["y"]), y_last.eq(beside["last"]), valid.eq(beside["valid"])]
        m.d.comb += [
            signals[data.name].eq(y),
            signals[self.ports.of("last", "output").name].eq(y_last),
            signals[self.ports.of("valid", "output").name].eq(valid),
            signals[self.ports.of("ready", "output").name].eq(advance),
        ]


_OTHER_RANKS = 11
"""Clocks that a vector takes beside twice its elements and the ranks of the three pieces."""


def _formats(listed: Ports, asked: Any) -> dict[str, FixedFormat]:
    sides = (("input", asked.input_format), ("output", asked.output_format))
    return {field.name: fmt for direction, fmt in sides for field in listed.data(direction)}
