"""A residual stack, x <- (w x)^2 + x layer by layer, as one unit from a Python callable.

Residual networks approximate polynomials so: each layer doubles the degree, here to 8. The callable is called once,
with a number that records its operations, and the unit is made of the expression that comes out: tables or a
piecewise polynomial within the budget, however many layers there were. Run this file: it makes units of 8 and 12 bits,
checks and synthesises them, and compares their golden models with the stack in fractions.
"""

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import softgate
from softgate.explore.flows import synthesise
from softgate.hdl.targets import target
from softgate.sim.check import check_manifest

WEIGHTS = Fraction(1, 2), Fraction(5, 8), Fraction(3, 8)


def residual_stack(x: Any) -> Any:
    """Return x after all layers."""
    for weight in WEIGHTS:
        x = (weight * x) ** 2 + x
    return x


def main() -> None:
    """Make, check and measure the units, and compare them with the definition."""
    for source, output in (("SQ1.7", "SQ3.5"), ("SQ1.11", "SQ3.9")):
        unit = softgate.design(residual_stack, source, output, target="ecp5", frequency=150, objective="luts")
        function, fmt = unit.specification.function, unit.specification.output_format
        with tempfile.TemporaryDirectory() as folder:
            manifest = unit.emit(folder)
            for result in check_manifest(Path(folder) / "residual_stack.json"):
                assert result.passed, result.detail
            measured = synthesise(
                target("ecp5"),
                (Path(folder) / manifest.verilog).read_text(),
                manifest.name,
                ports=manifest.ports,
                seeds=(),
            )
        codes = unit.specification.input_format.codes(*unit.specification.codes)
        for code, got in zip(codes.tolist(), unit.golden(codes).tolist(), strict=True):
            true = residual_stack(unit.specification.input_format.value(code)) / fmt.ulp
            assert abs(got - true) < 1, (code, got, true)
        print(f"{source} to {output}: {unit.method}, {measured.luts} look-up tables, {unit.errors.limit_text}")
    print(f"{function}: the units agree bit for bit with their models, and with the stack to less than an ulp")


if __name__ == "__main__":
    main()
