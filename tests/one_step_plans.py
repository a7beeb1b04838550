"""Golden models of plans with one step, for tests of single operations and of calls."""

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.any_format import parse_format
from softgate.sim.golden.model import golden


def one_step(operation, input_format="SQ8.0", output_format="SQ64.0"):
    """Return the golden model of ``y = operation(x)``, its output moved to binary point 0."""
    b = PlanBuilder()
    b.input("x", parse_format(input_format))
    step = b.let("step", operation)
    return golden(b.build(y=(b.let("moved", op.ShiftLeft(step, 0, 0)), FixedFormat.parse(output_format))))
