"""Designs drawn at random, and what is to be found for each: a unit that keeps its promises, or a true refusal."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import ceil, floor
from random import Random
from typing import Any

from mathematics import Truth, some_within, truth, within

from softgate.accuracy.error_metrics import ErrorMetrics
from softgate.explore.design import BudgetError, Design, design
from softgate.plan import FixedFormat

SMOOTH = ("tanh", "logistic", "tanh_derivative", "logistic_derivative")
FUNCTIONS = (*SMOOTH, "tanh", "logistic", "hard_tanh", "hard_logistic")
BUDGETS = (None, None, "1ulp", "0.5ulp", "0.5ulp", "0.6ulp", "3/4ulp", "1.5ulp", "2ulp", "0.25", "1e-2", "2^-5", "2^-2")
INTERFACES = ("comb", "pipeline", "stream", "axis")
OBJECTIVES = ("balanced", "luts", "latency", "fmax")
METHODS = ("table", "bipartite", "polynomial", "taylor", "identity", "network")


@dataclass(frozen=True)
class Drawn:
    """A design to be asked for."""

    function: str
    source: FixedFormat
    output: FixedFormat
    interface: str
    parameters: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    objective: str = "balanced"

    @property
    def codes(self) -> range:
        """The inputs that occur."""
        low, high = self.source.min_code, self.source.max_code
        if limits := self.asked.get("input_range"):
            scale = 1 << self.source.fraction_bits
            low, high = max(low, ceil(Fraction(limits[0]) * scale)), min(high, floor(Fraction(limits[1]) * scale))
        return range(low, high + 1)

    @property
    def limit(self) -> tuple[Fraction, bool]:
        """The error that is allowed in ulp, and whether it is to be less."""
        text = self.asked.get("max_error") or "1ulp"
        if text.endswith("ulp"):
            limit = Fraction(text.removesuffix("ulp"))
            return limit, limit == 1
        base, _, power = text.partition("^")
        return (Fraction(2) ** int(power) if power else Fraction(base)) * (1 << self.output.fraction_bits), False

    def design(self) -> Design:
        return design(
            self.function,
            self.source,
            self.output,
            interface=self.interface,
            **{"objective": self.objective},
            **self.asked,
            **self.parameters,
        )

    @cached_property
    def truths(self) -> list[Truth]:
        """The true value at every input that occurs."""
        scale = 1 << self.source.fraction_bits
        return [truth(self.function, self.parameters, Fraction(code, scale), self.output) for code in self.codes]


def drawn_format(random: Random, bits: range, integer_bits: list[int], signed: float) -> FixedFormat:
    width, sign = random.choice(bits), random.random() < signed
    integer = min(max(random.choice([*integer_bits, width]), int(sign)), width)
    return FixedFormat(sign, integer, width - integer)


def drawn(number: int, seed: int, input_bits: range, output_bits: range) -> Drawn:
    """Return one of a series of designs, over which functions, interfaces and objectives take turns."""
    random = Random(f"{seed} {number}")
    function = FUNCTIONS[number % len(FUNCTIONS)]
    source = drawn_format(random, input_bits, [0, 1, 2, 3, 3, 4, 4, 5, 6, 8], 0.8)
    output = drawn_format(random, output_bits, [0, 0, 1, 1, 1, 2, 3], 0.85 if function.endswith("tanh") else 0.35)
    parameters, asked = {}, {"saturate": random.random() < 0.7, "ends": random.choice(["exact", "free"])}
    if (budget := random.choice(BUDGETS)) is not None:
        asked["max_error"] = budget
    if function == "hard_logistic":
        key, value = random.choice([("variant", "keras3"), ("variant", "qkeras"), ("slope", "3/7"), ("slope", "0.3")])
        parameters = {key: value} | ({"offset": random.choice(["1/3", "0.4", "0"])} if random.random() < 0.3 else {})
    elif function == "hard_tanh" and random.random() < 0.5:
        parameters = {"min": random.choice(["-2", "-0.7", "0"]), "max": random.choice(["6", "0.9", "1/2"])}
    elif function in SMOOTH and random.random() < 0.4:
        asked["method"] = random.choice(METHODS)
    asked["monotonic"] = random.random() < 0.25
    if random.random() < 0.2:
        scale = 1 << source.fraction_bits
        ends = sorted(random.sample(range(source.min_code, source.max_code + 1), 2))
        asked["input_range"] = tuple(f"{end / scale!r}" for end in ends)
    return Drawn(
        function,
        source,
        output,
        INTERFACES[number // 8 % 4],
        parameters,
        asked,
        OBJECTIVES[number // 32 % 4],
    )


def found(case: Drawn) -> Design | None:
    """Return the unit that is found, or None where none could be, or where none by the method that was asked for."""
    limit, strict = case.limit
    try:
        return case.design()
    except BudgetError as error:
        refusal = str(error)
    except ValueError as error:
        refusal = str(error)
        if "saturate=True" in refusal and not case.asked["saturate"]:
            assert _exceeds(case), f"{case} holds all values: {refusal}"
            return None
        assert re.match(r"method \w+ |a table of |a monotonic|the codes ", refusal), f"{case}: {refusal}"
    method = case.asked.get("method")
    if method == "table" and "more than the 65536 that table_bits allows" in refusal:
        return None
    # A limit may be farther from the function than a budget below half an ulp allows.
    if method in (None, "table") and (limit >= Fraction(1, 2) or case.asked["ends"] == "free"):
        possible = all(some_within(value, case.output, limit, strict=strict) for value in case.truths)
        assert not possible, f"{case} was refused, and is possible: {refusal}"
    return None


def _exceeds(case: Drawn) -> bool:
    """Return whether some value is more than one ulp beyond the output format."""
    wide = FixedFormat(True, case.output.integer_bits + 12, case.output.fraction_bits)
    scale = 1 << case.source.fraction_bits
    inputs = {Fraction(code, scale) for code in (case.codes[0], case.codes[-1])}
    if case.codes[0] < 0 < case.codes[-1]:
        inputs.add(Fraction(0))
    values = [truth(case.function, case.parameters, x, wide) for x in inputs]
    low, high = Fraction(case.output.min_code - 1), Fraction(case.output.max_code + 1)
    return any(value.side(low) < 0 or value.side(high) > 0 for value in values)


def judge(case: Drawn, outputs: list[int], errors: ErrorMetrics) -> None:
    """Compare outputs with the true values, what was asked for, and what is said of their error."""
    limit, strict = case.limit
    truths = case.truths
    for code, output, value in zip(case.codes, outputs, truths, strict=True):
        assert within(value, output, limit, strict=strict), f"{case}: {output} at {code}"
    classes = {
        kind: all(
            within(value, output, most, strict=kind == "faithful")
            for output, value in zip(outputs, truths, strict=True)
        )
        for kind, most in (("correctly_rounded", Fraction(1, 2)), ("faithful", Fraction(1)))
    }
    assert errors.error_class == next((kind for kind, holds in classes.items() if holds), "within"), case
    sizes = [abs(output - value.number) for output, value in zip(outputs, truths, strict=True)]
    assert abs(errors.max_ulp - max(sizes)) <= 1e-12 * max(1, *sizes), case
    assert abs(sizes[errors.worst_code - case.codes[0]] - max(sizes)) < 1e-30, case
    rounded = [within(value, out, Fraction(1, 2), strict=False) for out, value in zip(outputs, truths, strict=True)]
    assert errors.correctly_rounded == sum(rounded) / len(rounded), case
    assert errors.undecided == 0, case
    assert errors.points == len(outputs), case
    turns = case.function.endswith("derivative")
    monotonic = all(
        (one <= other or (turns and code >= 0)) and (one >= other or not turns or code < 0)
        for code, (one, other) in zip(case.codes, pairwise(outputs), strict=False)
    )
    assert errors.monotonic == monotonic, case
    assert monotonic or not case.asked["monotonic"], case
