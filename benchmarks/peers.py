"""Units beside those of another generator, beside plain tables, and beside what theory says of linear segments."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import product
from math import sqrt
from statistics import geometric_mean
from typing import Any, NamedTuple

from softgate.explore.design import Design
from softgate.explore.flows import SynthesisResult
from softgate.explore.flows.measure import SEEDS
from softgate.hdl.build_options import BuildKeywords
from softgate.plan.formats import FixedFormat
from softgate.support.rows import Row

from .built import build, fmax_text, method_text

__all__ = ["HOW", "Peer", "linear_segments", "measure_peers", "read_peers", "specifications"]

_CLOCK = 200.0
"""MHz that units are built for."""

HOW: BuildKeywords = {"frequency": _CLOCK, "objective": "luts", "dsp": 0, "bram": 0}
"""Build options beside the target."""

_TABLE_BITS = 12
"""Inputs of more bits have no plain table that is worth the wait."""

_WIDTHS = (8, 10, 12, 14, 16, 20, 24)
_INTEGER_BITS = (4, 3)
"""Those of the inputs, which go over [-8, 8) and [-4, 4)."""

_LINEAR = {"logistic": 0.2995, "tanh": 0.4236}
"""The integral of ``sqrt(abs(f''(x)))`` from 0 to infinity, divided by 4."""


@dataclass(frozen=True)
class Peer:
    """A unit of another generator.

    Attributes
    ----------
    function, input, output
        What it computes, and its formats.
    lut4, ccu2c, fmax
        What it takes of an ECP5, and the MHz that it reaches there between registers.
    xc7
        The look-up tables that it takes of a Xilinx 7 series.
    max_ulp
        Its largest error against the true function, in ulp of the output.

    """

    function: str
    input: str
    output: str
    lut4: int
    ccu2c: int
    fmax: float
    xc7: int
    max_ulp: float

    @property
    def luts(self) -> int:
        """Look-up tables on an ECP5, a carry cell counting as the two that it takes the place of."""
        return self.lut4 + 2 * self.ccu2c


def read_peers() -> tuple[str, tuple[Peer, ...]]:
    """Return the name of the other generator and its units, from ``peers.toml``, which names its source."""
    data = tomllib.loads(resources.files(__package__).joinpath("peers.toml").read_text(encoding="utf-8"))
    return data["name"], tuple(Peer(**unit) for unit in data["units"])


def linear_segments(function: str, output_format: FixedFormat) -> float:
    """Return how many linear segments a faithful unit needs at least over half the line, as theory has it.

    A line is ``h**2 * abs(f'') / 16`` off the function over a segment of width h, so that ``1 / (4 * sqrt(eps))`` times
    the integral of ``sqrt(abs(f''))`` are as many segments, of widths of their own, as an error of eps takes. Half an
    ulp is left for that, since rounding takes the other half.

    Examples
    --------
    >>> round(linear_segments("logistic", FixedFormat.parse("UQ0.12")), 1)
    27.1

    """
    return _LINEAR[function] / sqrt(float(output_format.ulp) / 2)


def measure_peers() -> Iterator[Row]:
    """Build the peers' units and plain tables of them, and then units of more widths, all without DSP and block RAM.

    They are pipelines for 200 MHz with few look-up tables: on an ECP5 (25k, speed grade 6; Fmax the median of three
    seeds) LUT4 + 2 CCU2C count, on a Xilinx 7 series look-up tables, those that are shift registers included. A ratio
    is softgate's share of what the peer takes. Units are chosen for each target apart, those beside a peer with effort
    normal. A plain table has an entry for each input's code, correctly rounded.
    """
    name, peers = read_peers()
    yield from _beside(name, peers)
    for formats in specifications():
        yield _alone(*formats)


def specifications(
    widths: Sequence[int] | None = None, integer_bits: Sequence[int] | None = None
) -> Iterator[tuple[str, str, str]]:
    """Yield the functions and formats that units are compared for, over [-8, 8) and then over [-4, 4).

    Inputs have only these widths and integer bits, if any are given.
    """
    for integer, function, width in product(integer_bits or _INTEGER_BITS, _LINEAR, widths or _WIDTHS):
        output = f"UQ0.{width}" if function == "logistic" else f"SQ1.{width - 1}"
        yield function, f"SQ{integer}.{width - integer}", output


class _Built(NamedTuple):
    """A unit for an ECP5, and what it and one for a Xilinx 7 series take there."""

    found: Design
    latency: int
    ecp5: SynthesisResult
    xc7: SynthesisResult

    def cells(self) -> dict[str, str]:
        return {
            "latency": str(self.latency),
            "LUT4 + 2 CCU2C": str(self.ecp5.luts),
            "Fmax (MHz)": fmax_text(self.ecp5, _CLOCK),
            "xc7 LUT + SRL": str(self.xc7.luts),
        }


def _built(function: str, source: str, output: str, *, effort: str = "quick", **options: Any) -> _Built:
    """Return the best unit for either target without blocks, as a pipeline."""
    (found, latency, ecp5), (_, _, xc7) = (
        build(function, source, output, {**HOW, "target": target}, seeds=seeds, effort=effort, **options)
        for target, seeds in (("ecp5", SEEDS), ("xc7", ()))
    )
    return _Built(found, latency, ecp5, xc7)


def _beside(name: str, peers: Sequence[Peer]) -> Iterator[Row]:
    """Yield a row for every peer, and one for the geometric means of the ratios."""
    ratios: list[tuple[float, float]] = []
    columns: list[str] = []
    for peer in peers:
        built = _built(peer.function, peer.input, peer.output, effort="normal")
        ratios.append((built.ecp5.luts / peer.luts, built.xc7.luts / peer.xc7))
        cells = {
            "method": method_text(built.found),
            "max error (ulp)": f"{built.found.errors.max_ulp:.2f}",
            **built.cells(),
            **_plain(peer),
            f"{name}: max error (ulp)": f"{peer.max_ulp:.2f}",
            f"{name}: LUT4 + 2 CCU2C": str(peer.luts),
            f"{name}: Fmax (MHz)": f"{peer.fmax:g}",
            f"{name}: xc7 LUT": str(peer.xc7),
            **_ratios(*ratios[-1]),
        }
        columns = list(cells)
        yield Row(f"{peer.function}, {peer.input} to {peer.output}", cells)
    means = _ratios(*map(geometric_mean, zip(*ratios, strict=True)))
    yield Row("geometric mean", {column: means.get(column, "") for column in columns})


def _ratios(ecp5: float, xc7: float) -> dict[str, str]:
    return {"ratio, ecp5": f"{ecp5:.2f}", "ratio, xc7": f"{xc7:.2f}"}


def _plain(peer: Peer) -> dict[str, str]:
    """Return the cells of a plain table; blank cells if no plain table was made."""
    texts = [""] * 3
    if FixedFormat.parse(peer.input).width <= _TABLE_BITS:
        formats = (peer.input, peer.output)
        plain = _built(peer.function, *formats, max_error="0.5ulp", method="table", folding="code", kept_bits=0)
        texts = list(plain.cells().values())[1:]
    return dict(zip(("table: LUT4 + 2 CCU2C", "table: Fmax (MHz)", "table: xc7 LUT + SRL"), texts, strict=True))


def _alone(function: str, source: str, output: str) -> Row:
    """Return the row of a unit that has no peer."""
    built = _built(function, source, output)
    found = built.found
    polynomial = found.method == "polynomial"
    return Row(
        f"{function}, {source} to {output}",
        {
            "method": method_text(found),
            "max error (ulp)": f"{found.errors.max_ulp:.4f}",
            **built.cells(),
            "degree": str(found.parameters["degree"]) if polynomial else "",
            "segments": str(found.parameters["segments"]) if polynomial else "",
            "linear segments in theory": f"{linear_segments(function, FixedFormat.parse(output)):.1f}",
        },
    )
