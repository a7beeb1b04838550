"""The builder of plans, which infers every step as it is added."""

from __future__ import annotations

from itertools import islice

from .any_format import Format, plan_format
from .operations import Input, Narrow, Operation, Range
from .plan import Output, Plan, Step, check_name
from .ranges import Inferred, infer_step, split_input

__all__ = ["PlanBuilder"]


class PlanBuilder:
    """Collects steps; every call returns the name of the step it made, to be used as an operand.

    Examples
    --------
    >>> from softgate.plan import FixedFormat
    >>> from softgate.plan.operations import Add
    >>> b = PlanBuilder()
    >>> x = b.input("x", FixedFormat.parse("SQ1.7"))
    >>> doubled = b.let("doubled", Add(x, x), "twice the input")
    >>> b.range(doubled)
    Range(low=-256, high=254)
    >>> print(b.build(y=(doubled, FixedFormat.parse("SQ2.7"))).listing())
    x       = input(format=SQ1.7)  s8     [-128, 127]  2^-7
    doubled = add(x, x)            s9     [-256, 254]  2^-7  twice the input
    y       = output(doubled)      SQ2.7

    """

    def __init__(self) -> None:
        self._steps: dict[str, Step] = {}
        self._inferred: dict[str, Inferred] = {}
        self._points: dict[str, int] = {}
        self._parts: dict[int, list[dict[str, Inferred]]] = {}

    def input(self, name: str, fmt: Format, note: str = "", within: Range | None = None) -> str:
        """Add an input port; `within` holds the codes that are promised to be driven, all of the format's if None."""
        whole, held = Range.of(fmt), within or Range.of(fmt)
        low = held.low if held.low != whole.low else None  # what the format says is not said again
        high = held.high if held.high != whole.high else None
        return self.let(name, Input(plan_format(fmt), low, high), note)

    def let(self, name: str, operation: Operation, note: str = "") -> str:
        """Add a step and return its name."""
        check_name(name, "step name", self._steps)
        for operand in operation.operands:
            if not isinstance(operand, str):
                raise TypeError(f"step {name!r} must read steps by their names, not {operand!r}")
            if operand not in self._steps:
                raise ValueError(f"step {name!r} reads {operand!r}, which is not an earlier step")
        inferred = infer_step(name, operation, self._inferred)
        self._points[name] = operation.point(*(self._points[operand] for operand in operation.operands))
        self._inferred[name] = inferred
        self._steps[name] = Step(name, operation, note)
        return name

    def narrow(self, name: str, source: str, parts: int, note: str = "") -> str:
        """Add a `Narrow` step if interval arithmetic over `parts` equal parts of the input saves bits; else `source`.

        The plan must have one input; the block of its range must divide into `parts` equal parts (see `split_input`),
        and there are no more of them than it has codes.
        """
        if self.input_count != 1:
            raise ValueError(f"a partition proof needs a plan with one input, not {self.input_count}")
        ports = [step.name for step in self._steps.values() if isinstance(step.operation, Input)]
        parts = min(parts, self.range(ports[0]).block.size)
        known = self._parts.setdefault(parts, [])
        if not known:
            known += [{ports[0]: inferred} for inferred in split_input(ports[0], self.range(ports[0]), parts)]
        held = self._range_in(known[0], source)
        for part in known:
            held = held.union(self._range_in(part, source))
            if held.width >= self.range(source).width:
                return source
        return self.let(name, Narrow(source, held.low, held.high, f"partition {parts}"), note)

    def _range_in(self, part: dict[str, Inferred], name: str) -> Range:
        """Return the range of a step in a part of the input, of which what is known grows as it is asked for."""
        if name not in part:
            # The input is known from the start, and then the steps in their order.
            for step in islice(self._steps.values(), len(part) - 1, None):
                if step.name not in part:
                    part[step.name] = infer_step(step.name, step.operation, part)
        return part[name].range

    def __contains__(self, name: str) -> bool:
        """Whether there is a step of that name."""
        return name in self._steps

    @property
    def input_count(self) -> int:
        """Number of inputs so far."""
        return sum(isinstance(step.operation, Input) for step in self._steps.values())

    def range(self, name: str) -> Range:
        """Return the inferred range of a step."""
        return self._inferred[name].range

    def point(self, name: str) -> int:
        """Return the fraction bits of a step."""
        return self._points[name]

    def build(self, **outputs: tuple[str, Format]) -> Plan:
        """Return the plan with output ports ``port=(step, format)``; steps that no output needs are left out."""
        needed = {step for step, _ in outputs.values()}
        for step in reversed(self._steps.values()):
            if step.name in needed:
                needed.update(step.operation.operands)
        kept = [s for s in self._steps.values() if s.name in needed or isinstance(s.operation, Input)]
        return Plan(tuple(kept), tuple(Output(name, step, plan_format(fmt)) for name, (step, fmt) in outputs.items()))
