"""Formats and an error budget for an activation, from the values that were seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ...functions.base import Function
from ...functions.number_types import FLOATS
from ...plan.any_format import Format
from ...plan.formats import FixedFormat
from ...support.parameters import show_number
from .find import Activation
from .statistics import Statistics

__all__ = ["NoUnitError", "Proposal", "propose", "saturation"]

_EXACT = 2.0**-16
"""Tolerance of a point of saturation."""

_SAMPLES = 1 << 12
"""Inputs at which the range of outputs is looked for."""


class NoUnitError(ValueError):
    """There is no unit for what was seen; the message says why, as half a sentence."""


@dataclass(frozen=True)
class Proposal:
    """The demands on a unit: the arguments of `softgate.design`.

    Attributes
    ----------
    function : str
        The function's name.
    parameters : Mapping of str to str
        Its parameters, as text.
    input, output : str
        The formats.
    max_error : str
        The error budget.
    clip : str or None
        The limits that the input is saturated to first.

    """

    function: str
    parameters: tuple[tuple[str, str], ...]
    input: str
    output: str
    max_error: str
    clip: str | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """The keywords of `softgate.design`, besides the function and the formats. Outputs saturate."""
        return {"max_error": self.max_error, "saturate": True, "clip": self.clip, **dict(self.parameters)}

    def as_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "function": self.function,
            "function_parameters": dict(self.parameters),
            "input": self.input,
            "output": self.output,
            "max_error": self.max_error,
            "saturate": True,
            "clip": self.clip,
        }


def propose(activation: Activation, seen: Statistics, bits: int) -> Proposal:
    """Return what to ask of a unit for an activation and the values that it was seen at.

    The input's format holds every value that was seen, but for those beyond a point from which the function stays
    within half an ulp of its limit: they may as well be saturated. The output's format holds every output, and of a
    bounded function every value that it has, the greatest as the first value beyond at most. A format that the model
    gives itself stays as it is.

    Parameters
    ----------
    activation
        The activation, which has a function.
    seen
        What was seen before it.
    bits
        The width of the formats that the model does not give itself, from 2.

    Raises
    ------
    NoUnitError
        If no values were seen, or the function is undefined at one of the range that was.

    """
    function = activation.function
    if function is None:
        raise NoUnitError(activation.reason or "it is no function of one element")
    output = activation.output or _output_format(function, seen, bits)
    low, high = seen.low, seen.high
    below, above = saturation(function, output)
    low = low if below is None else max(low, min(below, high))
    high = high if above is None else min(high, max(above, low))
    source = activation.input or _format_for(low, high, bits, signed=seen.low < 0)
    clip = None
    if function.undefined(source.value(source.min_code), source.value(source.max_code)) is not None:
        clip = _within_domain(function, source, seen.low)
    exact = activation.input is not None and activation.output is not None
    parameters = tuple(sorted(function.as_dict().items()))
    return Proposal(function.name, parameters, str(source), str(output), "0.5ulp" if exact else "1ulp", clip)


def saturation(function: Function, output: Format) -> tuple[float | None, float | None]:
    """Return below and above which inputs the output is the function's limit; None where there is no limit.

    Found by bisection, to within 2**-16, from where the definition says that the function goes one way.
    """
    found: list[float | None] = []
    for end, far in zip(function.ends, function.turning_range, strict=True):
        if end is None or end.slope or far is None:
            found.append(None)
            continue
        limit, half = float(end.offset), float(output.ulp) / 2
        outer, inner = float(far), 0.0
        if abs(_value(function, outer) - limit) > half:
            found.append(None)
            continue
        while abs(outer - inner) > _EXACT:
            middle = (outer + inner) / 2
            if abs(_value(function, middle) - limit) <= half:
                outer = middle
            else:
                inner = middle
        found.append(0.0 if abs(outer) <= _EXACT else outer)
    return found[0], found[1]


def _value(function: Function, x: float) -> float:
    import numpy as np

    with np.errstate(all="ignore"):
        return float(np.asarray(function(np.asarray([x]), FLOATS), float).flat[0])


def _output_format(function: Function, seen: Statistics, bits: int) -> Format:
    import numpy as np

    points = np.linspace(seen.low, seen.high, _SAMPLES)
    points = np.concatenate([points, [0.0] if seen.low <= 0 <= seen.high else []])
    with np.errstate(all="ignore"):
        values = np.broadcast_to(np.asarray(function(points, FLOATS), float), points.shape)
    finite = values[np.isfinite(values)]
    bounds = [float(each) for each in function.limits or ()]
    low, high = min([*finite.tolist(), *bounds], default=-1.0), max([*finite.tolist(), *bounds], default=1.0)
    return _format_for(low, high, bits, signed=low < 0)


def _format_for(low: float, high: float, bits: int, signed: bool) -> FixedFormat:
    """Return the fixed-point format of a width that holds a range, its ends as the first values beyond at most."""
    magnitude = max(abs(low), abs(high))
    exponent = math.ceil(math.log2(magnitude)) if magnitude else 1 - bits
    exponent = min(max(exponent, -40), 40)
    return FixedFormat(signed, exponent + signed, bits - exponent - signed)


def _within_domain(function: Function, source: Format, low: float) -> str:
    """Return limits of the input within the domain: from the greatest code at or below all that was seen."""
    least = max(math.floor(low / source.ulp), 1) * source.ulp
    most = source.value(source.max_code)
    if low <= 0 or least >= most:
        undefined = function.undefined(Fraction(low), most)
        raise NoUnitError(f"it has no value at {show_number(undefined)}, which is in the range that was seen")
    return f"{show_number(least)}:{show_number(most)}"
