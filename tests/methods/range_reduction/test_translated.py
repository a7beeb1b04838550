"""Inputs less whole steps: literal codes, and the same by steps of a plan."""

import numpy as np
import pytest
from specified import specify

from softgate.functions import create_function
from softgate.methods.range_reduction.alternating import Alternating
from softgate.methods.range_reduction.doubling import Doubling
from softgate.plan import operations as op
from softgate.plan.builder import PlanBuilder
from softgate.plan.formats import FixedFormat
from softgate.plan.operations.base import Range
from softgate.sim.golden.model import golden


def translated(function, source, output, low=None, high=None, **parameters):
    held = {} if low is None else {"input_range": Range(low, high)}
    made = create_function(function, **parameters)
    specification = specify(made, source, output, "1ulp", saturate=True, **held)
    (found,) = (*Alternating.of(specification), *Doubling.of(specification))
    return found


TURNS = {"function": "sin", "source": "SQ2.4", "output": "SQ1.7", "unit": "turns"}
RADIANS = {"function": "sin", "source": "SQ4.4", "output": "SQ2.6"}
POWER = {"function": "exp2", "source": "SQ3.4", "output": "UQ3.5", "low": -64, "high": 40}


@pytest.mark.parametrize(
    ("case", "name", "source", "fraction", "reduced"),
    [
        # half a turn is 8 codes
        (TURNS, "angle", "SQ1.4", 7, {0: 0, 3: 3, 4: -4, 8: 0, 11: 3, 12: -4, 31: -1, -1: -1, -4: -4, -5: 3, -32: 0}),
        # pi is 50.265 codes, or 402.12 with three guard bits; 2 pi is 804.25
        (RADIANS, "angle", "SQ2.7", 6, {0: 0, 31: 248, 32: -146, 50: -2, -50: 2, 127: 212, -128: -220}),
        (POWER, "octave", "UQ0.4", 7, {0: 0, 15: 15, 16: 0, 40: 8, -1: 15, -64: 0}),
    ],
)
def test_reduced_inputs(case, name, source, fraction, reduced):
    reduction = translated(**case)
    assert (reduction.name, str(reduction.input_format), reduction.fraction_bits) == (name, source, fraction)
    codes = np.array(list(reduced), dtype=np.int64)
    assert reduction.inputs_of(codes).tolist() == list(reduced.values())
    b = PlanBuilder()
    x = b.input("x", reduction.specification.input_format, "", reduction.specification.codes)
    u = reduction.reduce(b, x)
    assert (b.range(u), b.point(u)) == (reduction.inputs, reduction.input_format.fraction_bits)
    plan = b.build(y=(u, FixedFormat(True, 12, b.point(u))))
    every = np.arange(reduction.specification.codes.low, reduction.specification.codes.high + 1)
    assert golden(plan)(every).tolist() == reduction.inputs_of(every).tolist()
    is_wired = not any(isinstance(step.operation, op.Add) for step in plan.steps)
    assert is_wired is (case is not RADIANS)


@pytest.mark.parametrize(
    ("case", "code", "value", "output"),
    [
        (TURNS, 3, 100, 100),
        (TURNS, 4, 100, -100),  # less one half turn
        (TURNS, 12, 100, 100),
        (TURNS, -5, 100, -100),
        (RADIANS, 31, 60, 60),
        (RADIANS, 32, 60, -60),
        (RADIANS, -128, -20, -20),
        (POWER, 40, 255, 255),  # the highest octave, from 2 on
        (POWER, 15, 255, 63),
        (POWER, -64, 255, 3),
    ],
)
def test_outputs(case, code, value, output):
    reduction = translated(**case)
    b = PlanBuilder()
    reduction.reduce(b, b.input("x", reduction.specification.input_format, "", reduction.specification.codes))
    result = b.let("result", op.Constant(value, reduction.fraction_bits))
    wide = FixedFormat(True, 12, reduction.specification.output_format.fraction_bits)
    assert golden(b.build(y=(reduction.restore(b, result), wide)))(np.array([code])).tolist() == [output]


def test_results_that_become_admissible_outputs():
    codes, low, high = np.array([3, 4]), np.array([100, 100]), np.array([101, 127])
    lows, highs = translated(**TURNS).results(codes, low, high)
    assert (lows.tolist(), highs[0]) == ([100, lows[1]], 101)
    assert highs[1] == -100 and lows[1] < -(1 << 30)  # what is more is clamped
    lows, highs = translated(**POWER).results(np.array([40, 15, -64]), np.array([181, 61, 2]), np.array([182, 62, 3]))
    assert lows.tolist() == [181, 61 << 2, 2 << 6]
    assert highs.tolist() == [182, (63 << 2) - 1, (4 << 6) - 1]


@pytest.mark.parametrize(
    ("function", "source", "output", "low", "high"),
    [
        ("exp", "SQ4.4", "UQ1.7", -128, 0),  # steps are not whole
        ("exp2", "SQ1.4", "UQ2.5", -16, 8),  # hardly more than an octave
        ("sin", "SQ2.4", "SQ2.6", -32, 31),  # hardly more than a half turn
        ("cos", "SQ12.0", "SQ2.6", -2048, 2047),  # more slots than are looked up
        ("tanh", "SQ4.4", "SQ1.7", -128, 127),
    ],
)
def test_none(function, source, output, low, high):
    specification = specify(function, source, output, input_range=Range(low, high), saturate=True)
    assert not [*Alternating.of(specification), *Doubling.of(specification)]
