"""Where the look-up tables of the units beside a peer's go, by part of their plans, and how many segments they have."""

from __future__ import annotations

from collections.abc import Iterator
from math import factorial, tanh
from pathlib import Path
from tempfile import TemporaryDirectory

from softgate.explore.design import Design, design
from softgate.explore.flows.by_part import area_by_part
from softgate.hdl.build_options import BuildKeywords
from softgate.hdl.targets import target
from softgate.plan.formats import FixedFormat
from softgate.support.rows import Row

from .built import method_text
from .peers import HOW, read_peers

__all__ = ["ideal_segments", "measure_parts"]

_STEPS = 4096
"""Intervals of the half line that the integral is taken over."""

_END = 16.0
"""An input from which on no derivative counts."""


def ideal_segments(function: str, output_format: FixedFormat, degree: int) -> float:
    """Return how many segments of any width real polynomials of a degree need over half the line, as theory has it.

    A polynomial of degree n is ``2 (h/4)**(n+1) abs(f^(n+1)) / (n+1)!`` off the function over a segment of width h, so
    that ``1/4`` of the integral of ``(2 abs(f^(n+1)) / ((n+1)! eps))**(1/(n+1))`` are as many segments as an error of
    eps takes (Chebyshev; Powell, Approximation Theory and Methods, 1981). Half an ulp is left for that, since rounding
    takes the other half. `linear_segments` is the same for lines.

    Examples
    --------
    >>> round(ideal_segments("tanh", FixedFormat.parse("SQ1.11"), 1), 1)
    27.1
    >>> round(ideal_segments("tanh", FixedFormat.parse("SQ1.15"), 2), 1)
    18.6

    """
    order = degree + 1
    allowed = float(output_format.ulp) / 2
    width = _END / _STEPS
    total = 0.0
    for step in range(_STEPS):
        slope = abs(_derivative(function, (step + 0.5) * width, order))
        total += (2 * slope / (factorial(order) * allowed)) ** (1 / order) * width / 4
    return total


def measure_parts() -> Iterator[Row]:
    """Count by part the units that peers have, chosen by effort quick for few look-up tables at 200 MHz on an ECP5."""
    _, peers = read_peers()
    how: BuildKeywords = {**HOW, "target": "ecp5"}
    for peer in peers:
        with TemporaryDirectory() as folder:
            found = design(peer.function, peer.input, peer.output, cache=True, **how)
            manifest = found.emit(folder)
            text = (Path(folder) / manifest.verilog).read_text(encoding="ascii")
            areas = area_by_part(target("ecp5"), manifest, text, dsp=False, bram=False)
        cells = {"method": method_text(found), "segments": _segments(found, peer.function, peer.output)}
        listed = (f"{part} {area.luts}" for part, area in areas.parts.items() if area.luts)
        cells |= {"LUT4 + 2 CCU2C": str(areas.total.luts), "by part": ", ".join(listed)}
        yield Row(f"{peer.function}, {peer.input} to {peer.output}", cells)


def _segments(found: Design, function: str, output: str) -> str:
    """Return the segments of a unit and the ideal number; nothing for a unit without polynomials."""
    degree = found.parameters.get("degree")
    if not isinstance(degree, int):
        return ""
    return f"{found.parameters['segments']} of {ideal_segments(function, FixedFormat.parse(output), degree):.1f} ideal"


def _derivative(function: str, x: float, order: int) -> float:
    """Return a derivative of tanh or the logistic function of order 2 or 3."""
    t = tanh(x) if function == "tanh" else tanh(x / 2)
    slope = 1 - t * t
    value = -2 * t * slope if order == 2 else slope * (6 * t * t - 2)
    return value if function == "tanh" else value / 2 ** (order + 1)
