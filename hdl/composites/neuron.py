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
        self._starts = tuple(bias + asked.half(argument) for bias in asked.biases)
        half = asked.half(argument)
        self._products = self._schedule_products(products_plan(asked, self._starts))
        held = Range(min(asked.sums.low + half, 0), max(asked.sums.high + half, 0))
        finish = {"argument": argument_plan(asked, argument, held)}
        finish |= {name: function_plan(plan, argument) for name, plan in plans.items()}
        on = options.device.limited(0, 0)
        self._finish = {name: _clocked(plan, on, options.clock) for name, plan in finish.items()}
        self._style = self._memory_of_vectors()
        pieces = self._products.latency + 1 + sum(each.latency for each in self._finish.values())
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
        """Return what a layer keeps its vectors in: block RAM if they are as large as tables that go there."""
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
        return Element(inputs, last, last, valid)

    def _sum_up(self, m: Module, advance: Value, element: Element) -> tuple[Signal, dict[str, Value]]:
        """Add the products and the accumulator; returns the sum, and whether it is a vector's and its last neuron's."""
        schedule = self._products
        inputs = {name: element.inputs[name] for name, _ in schedule.plan.inputs}
        pieces = Datapath(m, schedule, inputs, advance, first=_PLACES, title="products: ")
        bits = {"ends": element.ends, "last": element.last, "valid": element.valid}
        beside = along(m, advance, "products", schedule.latency, bits, _PLACES)
        place = _PLACES * 4
        shape = signed(self.words["sum_bits"])
        start = pieces.outputs["start"] if "start" in pieces.outputs else Const(self._starts[0], shape)
        total = register("total", shape, place=place, note="the sum of the products so far, and where it started")
        done, done_last = register("done", 1, place=place, reset=True), register("done_last", 1, place=place)
        before: Value = start
        if self.asked.transfers > 1:
            begins = register("begins", 1, place=place, reset=True, init=1, note="the next products are a sum's first")
            before = Mux(begins, start, total)
            with m.If(advance):
                m.d.sync += begins.eq(Mux(beside["valid"], beside["ends"], begins))
        with m.If(advance):
            m.d.sync += [
                total.eq(Mux(beside["valid"], before + pieces.outputs["s"], total)),
                done.eq(beside["valid"] & beside["ends"]),
                done_last.eq(beside["last"]),
            ]
        return total, {"last": done_last, "valid": done}


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
