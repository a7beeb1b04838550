"""The passages of elements through streamed softmaxes, log-softmaxes and logsumexps."""

from __future__ import annotations

from ....hdl.interfaces import Ports
from ..passage import Accumulator, Passage, Place, Ring, Stretch, ranks

__all__ = ["logsumexp_passage", "port_places", "softmax_passage"]

_COMPARED = Place(("x_in",), "valid_in", "last_in")
_WEIGHED = Place(("t", "w"), "t_valid", "t_last")

_WEIGH = Ring("weigh", _COMPARED, "maximum", ("complete",))

_SUMS = ("total", "single")

_ACCUMULATORS = (
    Accumulator(("maximum",), "first", _COMPARED, ahead=("above_last", "above_maximum", "renewed")),
    Accumulator(_SUMS, "begins", _WEIGHED),
)


def softmax_passage(n: int, ports: Ports, registers: tuple[str, ...]) -> Passage:
    """Return the passage of vectors of up to `n` elements, given the names of the registers.

    Elements wait in the first ring for the maximum of their vector, and what is kept of them in the second one for the
    logarithm of the sum.
    """
    logarithm = ranks(registers, "log_valid")
    share = Ring("share", _WEIGHED, "of_vector", ("summed", *logarithm, "of_vector_valid"))
    result = port_places(ports)[1]
    return Passage(
        n,
        (
            *_to_weights(ports, registers),
            Stretch(Place(_SUMS, "summed"), Place(("of_vector",), "of_vector_valid"), len(logarithm) + 1),
            Stretch(share.released, result, len(ranks(registers, "share_valid")) + 1),
        ),
        _ACCUMULATORS,
        rings=(_WEIGH, share),
    )


def logsumexp_passage(n: int, ports: Ports, registers: tuple[str, ...]) -> Passage:
    """Return the passage of vectors of up to `n` elements, given the names of the registers.

    Elements wait for the maximum of their vector. The last one leads to the answer, with the sum of those before.
    """
    result = port_places(ports)[1]
    clocks = len(ranks(registers, "result_valid")) + 2
    answer = Stretch(_WEIGHED, result, clocks, held=(*_SUMS, "begins"), ends=True)
    return Passage(n, (*_to_weights(ports, registers), answer), _ACCUMULATORS, rings=(_WEIGH,))


def _to_weights(ports: Ports, registers: tuple[str, ...]) -> tuple[Stretch, ...]:
    source = port_places(ports)[0]
    weighed = Stretch(_WEIGH.released, _WEIGHED, len(ranks(registers, "weigh_valid")) + 1)
    return Stretch(source, _COMPARED, 2), weighed


def port_places(ports: Ports) -> tuple[Place, Place]:
    """Return the ports of a stream's inputs and of its outputs as places."""
    source, result = (
        Place(
            tuple(dict.fromkeys(field.port for field in ports.data(way))),
            ports.of("valid", way).name,
            ports.of("last", way).name if ports.has("last") else "",
        )
        for way in ("input", "output")
    )
    return source, result
