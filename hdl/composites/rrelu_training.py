"""The hardware of RReLU in training: a pipeline with a shift register beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amaranth.hdl import Cat, Module, Signal, Value

from ...accuracy.composites.base import Words
from ...accuracy.composites.rrelu_training import RReluTraining
from ...plan import operations as op
from ...plan.builder import PlanBuilder
from ...plan.constant_multiplier import multiply_by_constant
from ...plan.formats import FixedFormat
from ...plan.logic_multiplier import multiply_in_logic
from ...plan.plan import Plan
from ..build_options import BuildOptions
from ..connection import connect
from ..interfaces import interface_ports
from ..scheduling.schedule import Schedule
from ..targets.blocks import products
from ..unit import schedule_for
from .base import CompositeHardware
from .ports import check_stream
from .waiting import register

__all__ = ["RReluTrainingHardware"]

_WIDTH, _TAPS = 61, (0, 1, 15, 16)
"""Bits of the register, and those whose sum modulo 2 comes behind the last (see `accuracy.composites.lfsr`)."""


class RReluTrainingHardware(CompositeHardware):
    """RReLU in training as the pipeline of a plan with two inputs: x, and what is drawn for it.

    The lowest bits of the register are drawn. It moves on by all of them at once, when a transfer is accepted: each bit
    that comes in is one function of four bits of the register.
    """

    name: ClassVar[str] = "rrelu_training"
    held = ("lfsr",)

    def __init__(self, asked: Any, words: Words, plans: Mapping[str, Plan], options: BuildOptions) -> None:
        super().__init__(asked, words, plans, options)
        inputs, outputs = {"x": asked.input_format}, {"y": asked.output_format}
        self.ports = interface_ports(check_stream(options.interface), inputs, outputs, tlast=options.tlast)
        self.formats = {field.name: fmt for fields, fmt in self._sides() for field in fields}
        self._built = self._schedule()
        self.latency = self._built.latency
        self.timing = f"an element a clock, latency {self.latency}"

    def _sides(self) -> tuple[tuple[Any, FixedFormat], ...]:
        asked = self.asked
        return (self.ports.data("input"), asked.input_format), (self.ports.data("output"), asked.output_format)

    def _schedule(self) -> Schedule:
        """Return the schedule with the product in a multiplier block, where asked for and fast enough, or in logic."""
        options = self.options.changed(bram=0)
        if self.asked.products == "dsp" and options.device.multiplier is not None:
            plan = _plan(self.asked, self.words, "dsp")
            found = schedule_for(plan, options)
            if products(plan) <= products(found.plan):
                return found
        return schedule_for(_plan(self.asked, self.words, "logic"), options.changed(dsp=0))

    def connect(self, m: Module, signals: Mapping[str, Value]) -> None:
        note = "the next bits of the random sequence, the first lowest"
        lfsr = register("lfsr", _WIDTH, place=0, note=note, reset=True, init=self.words["state"])
        accepted = Signal(name="accepted", attrs={"order": "0", "note": "a transfer comes in, which takes a slope"})
        count = self.asked.slope_bits
        following = [lfsr[place] ^ lfsr[place + 1] ^ lfsr[place + 15] ^ lfsr[place + 16] for place in range(count)]
        m.d.comb += accepted.eq(
            signals[self.ports.of("valid", "input").name] & signals[self.ports.of("ready", "output").name]
        )
        with m.If(accepted):
            m.d.sync += lfsr.eq(Cat(lfsr[count:], *following))
        connect(m, self._built, self.ports, signals, {"drawn": lfsr[:count]})


def _plan(asked: RReluTraining, words: Words, products: str) -> Plan:
    """Return the plan with inputs ``x`` and ``drawn`` and output ``y``, and `products` for ``dsp`` or ``logic``."""
    b = PlanBuilder()
    x = b.input("x", asked.input_format, "an element")
    drawn = b.input("drawn", FixedFormat(False, asked.slope_bits, 0), "the number of the slope")
    point, output = words["slope_point"], asked.output_format
    first = b.let("first", op.Constant(words["slope_first"], point), "the least slope")
    multiple = multiply_by_constant(b, "multiple", drawn, words["slope_step"], point, "the steps above it")
    most = ((1 << asked.slope_bits) - 1) * words["slope_step"]
    steps = b.let("steps", op.Bits(multiple, 0, most.bit_length(), point), "never negative")
    slope = b.let("slope", op.Add(first, steps), "the slope")
    if products == "dsp":
        product = b.let("product", op.Multiply(slope, x), "exact")
    else:
        product = multiply_in_logic(b, "product", slope, x, "exact")
    below, above = (_rounded(b, name, step, output) for name, step in (("below_0", product), ("from_0", x)))
    nothing = b.let("nothing", op.Constant(0, asked.input_format.fraction_bits))
    is_negative = b.let("is_negative", op.Compare("lt", x, nothing))
    found = b.let("either", op.Select(is_negative, below, above))
    y = b.let("limited", op.Clamp(found, output.min_code, output.max_code), "limited to the format")
    return b.build(y=(y, output))


def _rounded(b: PlanBuilder, name: str, step: str, output: FixedFormat) -> str:
    """Add the steps that round to the output's fraction bits, half up; returns the last."""
    excess = b.point(step) - output.fraction_bits
    if excess > 0:
        return b.let(name, op.Round(step, excess, "half_up"), "rounded half up")
    return b.let(name, op.ShiftLeft(step, -excess)) if excess < 0 else step
