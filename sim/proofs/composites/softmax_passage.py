"""The passage of elements through a streamed softmax."""

from __future__ import annotations

from ....hdl.interfaces import Ports
from ..passage import Accumulator, Passage, Place, Ring, Stretch, ranks

__all__ = ["softmax_passage"]


def softmax_passage(n: int, ports: Ports, registers: tuple[str, ...]) -> Passage:
    """Return the passage of vectors of up to `n` elements, given the names of the registers.

    Elements wait in the first ring for the maximum of their vector, and their distances from it in the second one for
    the logarithm of the sum.
    """
    compared, weighed = Place(("x_in",), "valid_in", "last_in"), Place(("t", "w"), "t_valid", "t_last")
    logarithm = ranks(registers, "log_valid")
    weigh = Ring("weigh", compared, "maximum", ("complete",))
    share = Ring("share", weighed, "of_vector", ("summed", *logarithm, "of_vector_valid"))
    total, of_vector = Place(("total", "single"), "summed"), Place(("of_vector",), "of_vector_valid")
    source, result = (
        Place((ports.of("data", way).name,), ports.of("valid", way).name, ports.of("last", way).name)
        for way in ("input", "output")
    )
    return Passage(
        n,
        (
            Stretch(source, compared, 2),
            Stretch(weigh.released, weighed, len(ranks(registers, "weigh_valid")) + 1),
            Stretch(total, of_vector, len(logarithm) + 1),
            Stretch(share.released, result, len(ranks(registers, "share_valid")) + 1),
        ),
        (weigh, share),
        (
            Accumulator(("maximum",), "first", compared),
            Accumulator(("total", "single"), "begins", weighed),
        ),
    )
