"""Efforts compared: the same units chosen with each of them."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import geometric_mean

from softgate.explore.choose.choice import EFFORTS
from softgate.hdl.build_options import BuildKeywords
from softgate.support.rows import Row

from .built import build
from .peers import specifications

__all__ = ["measure_efforts"]

_CLOCK = 200.0
"""MHz that units are built for."""

_WIDTHS, _INTEGER_BITS = (8, 10, 12, 14, 16), (4,)
"""Inputs of more bits take many minutes a unit; those over [-4, 4) are much the same as over [-8, 8)."""


def measure_efforts() -> Iterator[Row]:
    """Choose units of up to 16 bits over [-8, 8) with every effort, for few look-up tables of an ECP5, without blocks.

    They are pipelines for 200 MHz. LUT4 + 2 CCU2C count, as synthesised; the ratios are to those of the most effort,
    and the last row has their geometric means.
    """
    ratios: list[list[float]] = []
    for function, source, output in specifications(_WIDTHS, _INTEGER_BITS):
        sizes: list[int] = []
        cells: dict[str, str] = {}
        for effort in EFFORTS:
            sizes.append(_chosen(function, source, output, effort))
            cells[f"{effort}: LUT4 + 2 CCU2C"] = str(sizes[-1])
        ratios.append([size / sizes[-1] for size in sizes[:-1]])
        yield Row(f"{function}, {source} to {output}", {**cells, **_named(ratios[-1])})
    means = _named([geometric_mean(column) for column in zip(*ratios, strict=True)])
    yield Row("geometric mean", {column: means.get(column, "") for column in [*cells, *means]})


def _chosen(function: str, source: str, output: str, effort: str) -> int:
    """Return the look-up tables of the best unit that an effort finds."""
    how: BuildKeywords = {"target": "ecp5", "frequency": _CLOCK, "objective": "luts", "dsp": 0, "bram": 0}
    return build(function, source, output, how, effort=effort).result.luts


def _named(ratios: list[float]) -> dict[str, str]:
    return {f"{effort} / high": f"{ratio:.2f}" for effort, ratio in zip(EFFORTS, ratios, strict=False)}
