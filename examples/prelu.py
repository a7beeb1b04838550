"""PReLU with its slope as a run-time port: a plan of two inputs as a unit with streams.

y is x where x is not negative, and x times the slope elsewhere, rounded and limited to the format of y. No function is
claimed for a plan of your own, so the check compares bits alone. Run this file: it writes the unit into a temporary
folder and checks it; the golden model is compared with the definition in fractions.
"""

import tempfile
from fractions import Fraction
from math import floor
from pathlib import Path

import numpy as np

from softgate import FixedFormat, Plan, emit_plan, golden
from softgate.plan import PlanBuilder
from softgate.plan.operations import Clamp, Compare, Constant, Multiply, Round, Select
from softgate.sim.check import check_manifest

NUMBER, SLOPE = FixedFormat.parse("SQ4.4"), FixedFormat.parse("SQ1.6")


def prelu() -> Plan:
    """Return the plan."""
    b = PlanBuilder()
    x, slope = b.input("x", NUMBER), b.input("slope", SLOPE)
    exact = b.let("exact", Multiply(x, slope), "ten fraction bits")
    product = b.let("product", Round(exact, 6, "half_up"), "and four")
    limited = b.let("limited", Clamp(product, -128, 127), "-8 * -1 is 8, which SQ4.4 has not")
    negative = b.let("negative", Compare("lt", x, b.let("zero", Constant(0, 4))))
    return b.build(y=(b.let("chosen", Select(negative, limited, x)), NUMBER))


def main() -> None:
    """Write the unit, check it, and compare its golden model with the definition."""
    plan = prelu()
    with tempfile.TemporaryDirectory() as folder:
        manifest = emit_plan(plan, folder, "prelu", interface="stream", target="ecp5", frequency=150)
        print("ports:", *(port.name for port in manifest.ports))
        for result in check_manifest(Path(folder) / "prelu.json"):
            assert result.passed, result.detail
            print(f"{result.name}: {result.detail}")
    x, slope = (grid.ravel() for grid in np.meshgrid(NUMBER.codes(-128, 127), SLOPE.codes(-64, 63)))
    for code, factor, got in zip(x.tolist(), slope.tolist(), golden(plan)(x, slope).tolist(), strict=True):
        rounded = floor(Fraction(code * factor, 64) + Fraction(1, 2))
        assert got == (code if code >= 0 else min(rounded, 127)), (code, factor)
    print(f"{len(x)} combinations of x and slope agree bit for bit with the definition")


if __name__ == "__main__":
    main()
