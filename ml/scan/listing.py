"""An examined scan as text: a table of activations, and what holds for the model."""

from __future__ import annotations

from collections.abc import Iterator

from .examine import Examination
from .scan import Site

__all__ = ["listing"]

_LONGEST = 40
"""Characters of a node's name that are shown."""

_TITLES = ("node", "function", "count", "range", "99.9 %", "saturates", "input", "output", "unit")


def listing(examined: Examination) -> Iterator[str]:
    """Yield the lines of the text."""
    rows = [_TITLES, *(_row(site, examined) for site in examined.found.sites)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_TITLES))]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
    yield ""
    yield from _summary(examined)


def _row(site: Site, examined: Examination) -> tuple[str, ...]:
    seen, proposal, name = site.seen, site.proposal, site.activation.name
    node = name if len(name) <= _LONGEST else "..." + name[3 - _LONGEST :]
    numbers = ("0", "", "", "")
    if seen is not None:
        numbers = (str(seen.count), _span(seen.low, seen.high), _span(*seen.central), _saturates(site))
    if proposal is None:
        return (node, site.activation.kind, *numbers, "", "", f"none: {site.reason}")
    size = f", {examined.luts[proposal]:.0f} LUTs" if proposal in examined.luts else ""
    unit = f"{examined.names[proposal]}, {proposal.max_error}{size}"
    return (node, site.activation.kind, *numbers, proposal.input, proposal.output, unit)


def _span(low: float, high: float) -> str:
    return f"{low:.4g} .. {high:.4g}"


def _saturates(site: Site) -> str:
    named = zip(("below", "above"), site.saturated, strict=True)
    return ", ".join(f"{side} {point:.4g}" for side, point in named if point is not None)


def _summary(examined: Examination) -> Iterator[str]:
    sites = examined.found.sites
    count, distinct = sum(site.proposal is not None for site in sites), len(examined.names)
    words = f"{distinct} specification{'s' * (distinct != 1)}"
    size = f", {sum(examined.luts.values()):.0f} LUTs for one unit of each" if examined.luts else ""
    yield f"{len(sites)} activation{'s' * (len(sites) != 1)}, {count} with a unit: {words}{size}"
    if (search := examined.search) is not None:
        saved = 100 * (1 - search.luts / search.uniform_luts) if search.uniform_luts else 0.0
        yield (
            f"{search.luts:.0f} LUTs for a unit of each activation, {saved:.0f} % fewer than the "
            f"{search.uniform_luts:.0f} of {search.uniform_bits} bits throughout"
        )
    if (change := examined.change) is not None:
        for name, largest in change.largest.items():
            yield f"output {name} changes by at most {largest:.4g}"
        if change.accuracy is not None:
            yield f"accuracy {change.accuracy[0]:.2f} % before, {change.accuracy[1]:.2f} % after"
