"""The hardware of a neuron, and of a layer of neurons that share one core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from amaranth.hdl import Const, Module, Mux, Signal, Value, signed

from ...accuracy.composites.base import Words
from ...plan.operations import Lookup, Range
from ...plan.plan import Plan
from ..build_options import BuildOptions
from ..datapath import Datapath
from ..scheduling.clocked_schedule import TimingError, timed_schedule
from ..scheduling.schedule import Schedule, even_schedule
from ..targets import Target
from ..targets.blocks import products
from .base import CompositeHardware
from .neuron_plans import argument_plan, function_plan, products_plan
from .neuron_replay import Element, Replay
from .ports import vector_ports
from .waiting import along, register

__all__ = ["NeuronHardware"]

_PLACES = 100_000
"""Places of declarations between one piece of the printed module and the next."""


_START_RANKS = 2
"""Ranks that adding different starts takes."""


class NeuronHardware(CompositeHardware):
    """A neuron whose vectors come `parallel` elements a clock, or a layer of them.

    The products of a transfer are added up and accumulated; at the end of a vector the sum is rounded, limited, and
    taken to the function unit. The accumulator starts with the bias, and with half of the last place that is kept.
    A layer keeps each vector until all its neurons have had it (see `Replay`). All registers hold while an output is
    not taken, as in any unit (decision 004).
    """

    name: ClassVar[str] = "neuron"

    def __init__(self, asked: Any, words: Words, plans: Mapping[str, Plan], options: BuildOptions) -> None:
        super().__init__(asked, words, plans, options)
        self.ports = vector_ports(options.interface, asked.lanes, {"z": asked.output})
        fields = (*self.ports.data("input"), *self.ports.data("output"))
        formats = (*asked.lanes.values(), asked.output)
        self.formats = {field.name: fmt for field, fmt in zip(fields, formats, strict=True)}
        argument = asked.argument(words)
        half = asked.half(argument)
        self._starts = tuple(bias + half for bias in asked.biases)
        self._products = self._schedule_products(products_plan(asked, self._starts))
        held = Range(min(asked.sums.low + half, 0), max(asked.sums.high + half, 0))
        finish = {"argument": argument_plan(asked, argument, held)}
        finish |= {name: function_plan(plan, argument) for name, plan in plans.items()}
        on = options.device.limited(0, 0)
        self._finish = {name: _clocked(plan, on, options.clock) for name, plan in finish.items()}
        self._style = self._memory_of_vectors()
        pieces = self._products.latency + 1 + sum(each.latency for each in self._finish.values())
        if len(set(self._starts)) > 1:
            pieces += _START_RANKS
        if asked.neurons == 1:
            self.latency = asked.transfers - 1 + pieces
            self.timing = (
                f"a transfer a clock, vectors without a gap, {pieces} clocks from a vector's last to its output"
            )
        else:
            self.interval, self.holds_back = asked.neurons, True
            self.latency = 2 * (asked.transfers - 1) + Replay.RANKS[self._style] + pieces
            self.timing = (
                f"{asked.neurons} clocks for each transfer of a vector, vectors without a gap, an output in "
                f"{asked.transfers} clocks; latency {self.latency}"
            )

    def most_clocks(self, transfers: int) -> int:
        """Return the clocks that so many transfers take at most: taking a vector in may not overlap with anything."""
        return transfers * (self.interval + 3) + self.latency if self.holds_back else super().most_clocks(transfers)

    def _schedule_products(self, plan: Plan) -> Schedule:
        """Return the schedule of the products, with multipliers and block RAM as asked for."""
        asked, clock = self.asked, self.options.clock
        if asked.memory == "bram" and not any(isinstance(step.operation, Lookup) for step in plan.steps):
            raise ValueError(
                "memory must be logic or auto, not bram: each product has one constant weight, and none is looked up"
            )
        device = _with_memory(self.options.device, asked.memory)
        logic = replace(device, multiplier=None) if device.multiplier is None else device.limited(dsp=0)
        if asked.products == "dsp" and device.multiplier is not None:
            found = _clocked(plan, device, clock)
            if not products(plan) <= products(found.plan):  # some blocks are too slow: all in logic
                found = _clocked(plan, logic, clock)
        else:
            found = _clocked(plan, logic, clock)
        if asked.memory == "bram" and not found.blocks:
            raise TimingError(
                f"memory cannot be bram: a block RAM of {device.name} does not keep {clock:g} MHz; choose logic, or a "
                "lower frequency"
            )
        return found

    def _memory_of_vectors(self) -> str:
        """Return the memory for the vectors of a layer: block RAM if they are as large as tables that go there."""
        asked, block = self.asked, self.options.device.block_ram
        bits = 2 * asked.transfers * asked.parallel * asked.x.width
        period = 1000 / self.options.clock - self.options.device.delays.register if self.options.clock else 0.0
        fits = block is not None and block.delay <= period and bits >= block.least
        return "block" if fits and asked.memory != "logic" else "distributed"

    def connect(self, m: Module, signals: Mapping[str, Value]) -> None:
        ports, asked = self.ports, self.asked
        lanes = self._lanes(signals)
        last, valid, ready = (signals[ports.of(role, "input").name] for role in ("last", "valid", "ready"))
        out_valid = register("z_valid_r" if ports.has("reset") else "m_valid_r", 1, place=_PLACES * 9, reset=True)
        advance = Signal(
            name="advance", attrs={"order": "0", "note": "everything moves unless an output waits that is not taken"}
        )
        m.d.comb += advance.eq(ready | ~out_valid)
        if asked.neurons == 1:
            accepts, element = advance, self._single(m, advance, lanes, last, valid)
        else:
            replay = Replay(m, asked, self._style, place=10, enable=advance)
            element = replay.connect(lanes, last, valid)
            accepts = advance & replay.room
        total, done = self._sum_up(m, advance, element)
        value, beside = total, done
        for number, (name, schedule) in enumerate(self._finish.items()):
            place = _PLACES * (5 + number)
            (port, _) = schedule.plan.inputs[0]
            pieces = Datapath(m, schedule, {port: value}, advance, first=place, title=f"{name}: ")
            (value,) = pieces.outputs.values()
            beside = along(m, advance, name, schedule.latency - (name == list(self._finish)[-1]), beside, place)
        out_last = register("last_r", 1, place=_PLACES * 9)
        with m.If(advance):
            m.d.sync += [out_valid.eq(beside["valid"]), out_last.eq(beside["last"])]
        m.d.comb += [
            signals[ports.of("data", "output").name].eq(value),
            signals[ports.of("last", "output").name].eq(out_last),
            signals[ports.of("valid", "output").name].eq(out_valid),
            signals[ports.of("ready", "output").name].eq(accepts),
        ]

    def _lanes(self, signals: Mapping[str, Value]) -> dict[str, Value]:
        """Return the codes of a transfer by name, without padding."""
        found = {}
        for field, (name, fmt) in zip(self.ports.data("input"), self.asked.lanes.items(), strict=True):
            code = signals[field.port][field.low : field.low + fmt.width]
            found[name] = code.as_signed() if fmt.signed else code
        return found

    def _single(self, m: Module, advance: Value, lanes: dict[str, Value], last: Value, valid: Value) -> Element:
        """Return the transfer as it comes, with the place of its weights."""
        inputs = dict(lanes)
        if any(name == "weight_at" for name, _ in self._products.plan.inputs):
            count = self.asked.transfers
            at = register(
                "weight_at", (count - 1).bit_length(), place=10, reset=True, note="the transfer of its vector"
            )
            with m.If(advance & valid):
                m.d.sync += at.eq(Mux(last, 0, at + 1))
            inputs["weight_at"] = at
        return Element(inputs, last, last, valid, Const(0))  # which is asked for where neurons start differently

    def _sum_up(self, m: Module, advance: Value, element: Element) -> tuple[Signal, dict[str, Value]]:
        """Add the products and the accumulator; returns the sum, and whether it is a vector's and its last neuron's."""
        schedule = self._products
        inputs = {name: element.inputs[name] for name, _ in schedule.plan.inputs}
        pieces = Datapath(m, schedule, inputs, advance, first=_PLACES, title="products: ")
        shape = signed(self.words["sum_bits"])
        bits = {"ends": element.ends, "last": element.last, "valid": element.valid}
        added = pieces.outputs["s"]
        if "start" not in pieces.outputs:
            start = Const(self._starts[0], shape)
            beside = along(m, advance, "products", schedule.latency, bits, _PLACES)
        else:
            start = Const(0, shape)
            beside = along(m, advance, "products", schedule.latency, bits | {"first": element.first}, _PLACES)
            added, beside = self._started(m, advance, added, pieces.outputs["start"], beside)
        place = _PLACES * 4
        total = register("total", shape, place=place + 1, note="the sum of a vector, and of where it started")
        done, done_last = register("done", 1, place=place + 1, reset=True), register("done_last", 1, place=place + 1)
        before: Value = start
        if self.asked.transfers > 1:
            before = self._accumulated(m, advance, start, added, beside)
        with m.If(advance):
            m.d.sync += [
                total.eq(before + added),
                done.eq(beside["valid"] & beside["ends"]),
                done_last.eq(beside["last"]),
            ]
        return total, {"last": done_last, "valid": done}

    def _started(
        self, m: Module, advance: Value, added: Value, start: Value, beside: Mapping[str, Value]
    ) -> tuple[Value, dict[str, Value]]:
        """Add where a sum starts to its first products, in two ranks: a register is cleared where there is nothing."""
        place = _PLACES * 3
        products = register("products_r", added.shape(), place=place)
        begun = register("start_r", start.shape(), place=place, note="where the sum starts, at its first products")
        both = register("started", signed(self.words["sum_bits"]), place=place + 1, note="the products, and that")
        with m.If(advance):
            m.d.sync += [products.eq(added), begun.eq(Mux(beside["first"], start, 0)), both.eq(products + begun)]
        rest = {name: beside[name] for name in ("ends", "last", "valid")}
        return both, along(m, advance, "started", _START_RANKS, rest, place)

    def _accumulated(
        self, m: Module, advance: Value, start: Value, added: Value, beside: Mapping[str, Value]
    ) -> Signal:
        """Add the accumulator, which holds the sum before these products.

        A register is set to a constant without a level of logic, which selecting where to start before adding would
        take. So it is set at the end of each sum, and while the next one has not begun: also in the clock behind a
        reset, in which nothing has come as far as this.
        """
        place = _PLACES * 4
        sofar = register(
            "accumulator", start.shape(), place=place, note="the sum of the products before, and its start"
        )
        fresh = register("fresh", 1, place=place, reset=True, init=1, note="no products of the vector have come yet")
        ends = Signal(name="starts_over", attrs={"order": str(place), "note": "the next products are a sum's first"})
        m.d.comb += ends.eq(~beside["valid"] | beside["ends"])
        with m.If(advance & (beside["valid"] | fresh)):
            m.d.sync += sofar.eq(Mux(ends, start, sofar + added))
        with m.If(advance):
            m.d.sync += fresh.eq(Mux(beside["valid"], beside["ends"], fresh))
        return sofar


def _clocked(plan: Plan, on: Target, clock: float | None) -> Schedule:
    """Return the schedule of a piece, which ends with registers."""
    found = timed_schedule(plan, on, clock, compact=True)
    return found if found.latency else even_schedule(found.plan, 1, on)


def _with_memory(device: Target, memory: str) -> Target:
    """Return the target with its block RAM as a choice of memory has it."""
    if memory == "logic":
        return device.limited(bram=0)
    if memory == "bram":
        if device.block_ram is None:
            raise ValueError(f"memory cannot be bram: target {device.name} has no block RAM; choose logic")
        return replace(device, block_ram=replace(device.block_ram, least=1))
    return device
