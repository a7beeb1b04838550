"""The scan: a model run on data, each of its activations with what reaches it and what it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...plan.any_format import parse_format
from .data import feeds_of
from .expose import expose
from .find import Activation, find_activations
from .model import Model, open_session, read_model, run
from .packages import ScanError
from .propose import NoUnitError, Proposal, propose, saturation
from .statistics import Statistics, statistics_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BITS", "Scan", "Site", "scan"]

BITS = 12
"""The width of proposed formats unless another is asked for."""


@dataclass(frozen=True, eq=False)
class Site:
    """An activation with what was seen of it.

    Attributes
    ----------
    activation : Activation
        What was found.
    seen : Statistics or None
        What reached it; None if nothing did, in a branch not taken.
    proposal : Proposal or None
        The unit that it needs; None if it can have none.
    reason : str or None
        Why it can have none, as half a sentence.

    """

    activation: Activation
    seen: Statistics | None
    proposal: Proposal | None = None
    reason: str | None = None

    @cached_property
    def saturated(self) -> tuple[float | None, float | None]:
        """Below and above which inputs the output is the function's limit, within the central range of what was seen.

        None where it is not, or there is no proposal.
        """
        if self.seen is None or self.proposal is None or self.activation.function is None:
            return None, None
        below, above = saturation(self.activation.function, parse_format(self.proposal.output))
        low, high = self.seen.central
        return (
            below if below is not None and low < below else None,
            above if above is not None and high > above else None,
        )


@dataclass(frozen=True, eq=False)
class Scan:
    """The result of a scan.

    Attributes
    ----------
    model : Model
        The model.
    feeds : Sequence
        What it is run on, once for each.
    sites : Sequence of Site
        Its activations, in the order of its graph.

    """

    model: Model
    feeds: Sequence[Mapping[str, Any]]
    sites: Sequence[Site]

    @property
    def proposals(self) -> list[Proposal]:
        """The distinct proposals, in the order of their first activations."""
        return list(dict.fromkeys(site.proposal for site in self.sites if site.proposal is not None))


def scan(model: str | Path, data: Mapping[str, NDArray[Any]], *, bits: int = BITS, source: str | Path = "data") -> Scan:
    """Find a model's activations, run it on data, and propose formats and budgets.

    Parameters
    ----------
    model
        The ONNX file.
    data
        Arrays by the names of the model's inputs (see `feeds_of`).
    bits
        The width of proposed formats, 2 to 24.
    source
        Where the data are from, for messages.

    Raises
    ------
    ScanError
        If the model or the data cannot be used, or there is no activation.

    """
    read = read_model(Path(model))
    feeds = feeds_of(read.session, data, Path(source))
    found = find_activations(read.prepared.graph, dict(read.types))
    if not found:
        raise ScanError(f"{str(model)!r} has no activations that softgate knows")
    values = observed(read, feeds, [each.x for each in found])
    return Scan(read, feeds, [_site(each, statistics_of(values[each.x]), bits) for each in found])


def observed(model: Model, feeds: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, list[NDArray[Any]]]:
    """Return values of a prepared model by their names, an array for each of what it is run on."""
    import onnx

    exposed = onnx.ModelProto()
    exposed.CopyFrom(model.prepared)
    outputs = expose(exposed.graph, list(dict.fromkeys(names)))
    results = run(open_session(exposed, model.path), feeds, list(outputs.values()))
    return {name: [result[place] for result in results] for place, name in enumerate(outputs)}


def _site(activation: Activation, seen: Statistics | None, bits: int) -> Site:
    if activation.function is None:
        return Site(activation, seen, reason=activation.reason)
    if seen is None:
        return Site(activation, None, reason="nothing reached it")
    try:
        return Site(activation, seen, propose(activation, seen, bits))
    except NoUnitError as error:
        return Site(activation, seen, reason=str(error))
