"""Hard logistic: a ramp from 0 to 1, whose slope the frameworks do not agree on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..support.parameters import Parameter
from .base import Function
from .number_types import Arithmetic
from .properties import Ramp

__all__ = ["HardLogistic"]

_VARIANTS = {
    "taylor": Fraction(1, 4),  # the tangent of the logistic function at 0
    "keras2": Fraction(1, 5),
    "keras3": Fraction(1, 6),
    "qkeras": Fraction(1, 2),
}


@dataclass(frozen=True)
class HardLogistic(Function):
    """``clip(slope * x + offset, 0, 1)``.

    Sources: `hard_sigmoid` of Keras 2 and ONNX HardSigmoid (slope 0.2), of Keras 3 and PyTorch (1/6), of QKeras (1/2).
    ONNX calls slope and offset alpha and beta.
    """

    name = "hard_logistic"
    aliases = ("hard_sigmoid", "hardsigmoid")
    summary = "clip(slope * x + offset, 0, 1)"
    parameters = (
        Parameter(
            "variant",
            str,
            "whose slope: taylor 1/4, keras2 (onnx) 0.2, keras3 (torch) 1/6, qkeras 1/2",
            default="taylor",
            choices={"taylor": (), "keras2": ("onnx",), "keras3": ("torch",), "qkeras": ()},
        ),
        Parameter("slope", Fraction, "slope instead of the variant's, above 0", aliases=("alpha",)),
        Parameter("offset", Fraction, "value at 0 instead of 1/2", aliases=("beta",)),
    )

    variant: str = "taylor"
    slope: Fraction | None = None
    offset: Fraction | None = None

    def __post_init__(self) -> None:
        if self.variant not in _VARIANTS:
            raise ValueError(f"variant must be one of {', '.join(_VARIANTS)}, not {self.variant!r}")
        if self.slope is not None and self.slope <= 0:
            raise ValueError(f"slope must be above 0, not {self.slope}")

    @property
    def ramp(self) -> Ramp:
        slope = _VARIANTS[self.variant] if self.slope is None else self.slope
        return Ramp(slope, Fraction(1, 2) if self.offset is None else self.offset, Fraction(0), Fraction(1))

    def __call__(self, x: Any, m: Arithmetic) -> Any:
        ramp = self.ramp
        return m.clip(x * m.rational(ramp.slope) + m.rational(ramp.offset), ramp.low, ramp.high)
