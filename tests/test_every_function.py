"""Every function by every method, judged by mpmath at 60 digits: neither reference nor error metrics are asked.

Of all cases a stratified sample runs in the fast set; `pytest -m slow tests/test_every_function.py` runs the rest.
"""

from fractions import Fraction
from functools import lru_cache
from itertools import product

import mpmath
import numpy as np
import pytest
from function_definitions import DEFINITIONS
from specified import hardware_outputs

from softgate.explore.design import BudgetError, design
from softgate.methods import method_classes
from softgate.plan.formats import FixedFormat
from softgate.plan.operations.base import Range
from softgate.sim.golden.model import golden

pytestmark = pytest.mark.tools

WIDTHS = (8, 12, 16)

SAMPLED = max(60, len(DEFINITIONS))
"""The cases of the fast set, one of every definition at the least."""


def at_width(text, width):
    """Return a format of so many bits in all from its sign and integer bits."""
    return FixedFormat.parse(f"{text}.{width - int(text[2:])}")


def formats_of(definition, width):
    """Return the formats of input and output, and the range of inputs that occur."""
    source, output = (at_width(text, width) for text in definition.formats)
    ends = zip(definition.inputs, Range.of(source), strict=True)
    first, last = (end if x is None else int(Fraction(x) / source.ulp) for x, end in ends)
    return source, output, Range(first, last)


@lru_cache(maxsize=4)
def truth(number, source, output, low, high):
    """Return the true values in ulp of the output at input codes, clamped, as mpmath numbers."""
    definition = DEFINITIONS[number]
    with mpmath.workdps(60):
        ulp, unit = (mpmath.mpf(fmt.ulp.numerator) / fmt.ulp.denominator for fmt in (output, source))
        values = [definition.truth(code * unit) / ulp for code in range(low, high + 1)]
        return [min(max(value, output.min_code), output.max_code) for value in values]


METHODS = (None, *(method.name for method in method_classes() if method.name != "network"))
"""Without a name it is the best there is; a random search for networks has tests of its own."""

CASES = list(product(range(len(DEFINITIONS)), WIDTHS, METHODS, ("1ulp", "0.5ulp")))
"""The number of a definition, the width, the method and the budget."""


def name_of(case):
    number, width, method, budget = case
    return f"{DEFINITIONS[number]}-{width}-{method or 'best'}-{budget}"


def sample():
    """Return cases that go round functions, methods, budgets and widths, one of 16 bits, which takes seconds."""
    often = (None, "polynomial", "bipartite", "taylor", "table")
    widths = (8, 12, 8, 8, 12, 8, 8)
    cases = [
        (
            number % len(DEFINITIONS),
            16 if number == 6 else widths[number % 7],
            often[number % 5],
            ("1ulp", "0.5ulp")[number % 3 == 2],
        )
        for number in range(SAMPLED)
    ]
    assert set(cases) <= set(CASES)
    return cases


def judge(case):
    """Hold a unit to the definition at every input, and its hardware to its model; or return why there is no unit."""
    number, width, method, budget = case
    definition = DEFINITIONS[number]
    source, output, held = formats_of(definition, width)
    asked = {} if held == Range.of(source) else {"input_range": tuple(map(source.value, held))}
    try:
        made = design(
            definition.name,
            source,
            output,
            method=method,
            max_error=budget,
            saturate=True,
            **asked,
            **definition.parameters,
        )
    except (ValueError, BudgetError) as refusal:
        return str(refusal)
    outputs = golden(made.plan)(np.arange(held.low, held.high + 1))
    with mpmath.workdps(60):
        true = truth(number, source, output, *held)
        worst = max(abs(code - value) for code, value in zip(outputs.tolist(), true, strict=True))
        assert worst < 1 if budget == "1ulp" else worst <= mpmath.mpf("0.5") + mpmath.mpf(10) ** -45
    assert np.array_equal(hardware_outputs(made.specification, made.plan), outputs)
    return None


@pytest.mark.parametrize("case", sample(), ids=name_of)
def test_within_the_budget_by_mpmath(case):
    refusal = judge(case)
    assert refusal is None or case[2] is not None, refusal


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_all_within_the_budget_by_mpmath(case):
    refusal, (_, width, method, budget) = judge(case), case
    if refusal is not None and method is None:  # correctly rounded at 16 bits takes a power series
        assert (width, budget) == (16, "0.5ulp"), refusal
        assert "has kinks, so allow a larger error" in refusal
    assert refusal is None or (method or "polynomial") in refusal or "fit" in refusal
