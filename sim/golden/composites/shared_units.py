"""The functions of a cell whose gates and hyperbolic tangents share units, in numpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ....plan.formats import FixedFormat
from .base import Codes

__all__ = ["shared_functions"]


def shared_functions(
    parts: Mapping[str, Callable[[Any], Codes]], gate: FixedFormat, z: FixedFormat, state: FixedFormat
) -> dict[str, Callable[[Codes], Codes]]:
    """Return functions of codes by the names that the parts of a cell without shared units have.

    A part ``core`` is a logistic with the output format of gates. Its input has the larger numbers of bits before and
    after the point that pre-activations need, and twice the pre-activations and states. tanh(x) is 2 s(2 x) - 1, a code
    with a fraction bit fewer than that of s. Without it there are a part ``gate``, and a part ``tanh`` whose input has
    the larger numbers of bits of pre-activations and states.

    Parameters
    ----------
    parts
        The models of the units, by name.
    gate, z, state
        Formats of the gates, of the pre-activations, and of the state whose tanh is taken.

    """
    is_one = "core" in parts
    half = 1 << (gate.fraction_bits - 1)
    point = max(z.fraction_bits, state.fraction_bits - is_one)

    def logistic(codes: Codes) -> Codes:
        return parts["core"](codes << (point - z.fraction_bits)) if is_one else parts["gate"](codes)

    def tanh_of(fraction: int, codes: Codes) -> Codes:
        if is_one:
            return parts["core"](codes << (point + 1 - fraction)) - half
        return parts["tanh"](codes << (point - fraction))

    return {
        "gate": logistic,
        "output": logistic,
        "candidate": partial(tanh_of, z.fraction_bits),
        "squash": partial(tanh_of, state.fraction_bits),
    }
