"""Units between the formats of quantised networks, beside what other frameworks compute there (decision 048)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import mpmath
import numpy as np
from numpy.typing import NDArray

from softgate.explore.design import design
from softgate.explore.rounded import rounded
from softgate.plan.any_format import affine_format
from softgate.plan.formats import FixedFormat
from softgate.support.rows import Row

from .framework_codes import Pair, onnx_qdq, onnx_qlinear, tflite_table

__all__ = ["NEAR", "Difference", "differences", "grid_of", "measure_quantised", "table_unit", "tflite_grid"]

NEAR = 0.02
"""Codes from a tie within which a value in float32 may be rounded to either side."""

_DIGITS = 60

_SAMPLES = 33
"""Inputs whose values give the range of an output."""


def _logistic(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


TRUTHS: dict[str, Callable[[Any], Any]] = {
    "logistic": _logistic,
    "tanh": mpmath.tanh,
    "gelu": lambda x: x * mpmath.ncdf(x),
    "silu": lambda x: x * _logistic(x),
    "hard_swish": lambda x: x * min(max(x / 6 + mpmath.mpf(1) / 2, 0), 1),
    "elu": lambda x: x if x > 0 else mpmath.expm1(x),
    "selu": lambda x: (
        mpmath.mpf("1.0507009873554804934193349852946")
        * (x if x > 0 else mpmath.mpf("1.6732632423543772848170429916717") * mpmath.expm1(x))
    ),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "mish": lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))),
    "leaky_relu": lambda x: x if x > 0 else x / 100,
    "erf": mpmath.erf,
}
"""Each function once more, in mpmath: it alone decides what is near a tie."""

_EIGHT_BITS: dict[str, tuple[int, ...]] = {"int8": (-37, 0, 19), "uint8": (0, 128, 201)}
"""Zero points of the inputs."""

_SCALES = (0.03125, 0.047, 0.0123, 0.1, 0.0784313753247261)
"""Scales of inputs of 8 bits, rounded to float32: a power of two, some of three digits, and 20/255."""

_WIDE = ((2.0**-12, 0), (0.0003, 0), (0.000181, -1234), (0.0001, 0))
"""Scales and zero points of inputs of 16 bits."""

_FOUR_BITS: dict[str, tuple[int, ...]] = {"int4": (0, -3), "uint4": (7, 8)}


class Difference(NamedTuple):
    """An input code at which two give different outputs, and the true value in codes of the output."""

    code: int
    ours: int
    theirs: int
    truth: Any

    @property
    def distance(self) -> float:
        """Distance of the true value from a tie, in codes of the output."""
        return float(abs(self.truth - mpmath.floor(self.truth) - mpmath.mpf(1) / 2))

    @property
    def undecided(self) -> bool:
        """Whether both outputs are next to the true value, which is near a tie."""
        below = int(mpmath.floor(self.truth))
        return self.distance <= NEAR and {self.ours, self.theirs} == {below, below + 1}


def _format(kind: str, scale: float, zero_point: int) -> Any:
    """Return the format of a tensor whose scale is in float32."""
    width = int(kind.removeprefix("u").removeprefix("int"))
    return affine_format(
        FixedFormat(not kind.startswith("u"), width, 0), Fraction(float(np.float32(scale))), zero_point
    )


def _truth(pair: Pair, code: int) -> Any:
    """Return the true value at an input code, in codes of the output."""
    value = (code - pair.source.code_of_zero) * pair.source.ulp
    result = TRUTHS[pair.function](mpmath.mpf(value.numerator) / value.denominator)
    ulp = pair.target.ulp
    return result * ulp.denominator / ulp.numerator + pair.target.code_of_zero


def _pair(function: str, kind: str, scale: float, zero_point: int) -> Pair:
    """Return a function between formats of one kind; the output's holds the values, and 0, as a quantiser sets it."""
    source = _format(kind, scale, zero_point)
    unscaled = Pair(function, source, FixedFormat(source.signed, source.width, 0))
    codes = np.linspace(source.min_code, source.max_code, _SAMPLES).astype(int).tolist()
    values = [float(_truth(unscaled, code)) for code in codes]
    low, high = min(0.0, *values), max(0.0, *values)
    reach = (high - low) / (source.max_code - source.min_code)
    return Pair(function, source, _format(kind, reach, round(source.min_code - low / reach)))


def grid_of(kind: str, functions: Iterable[str] | None = None) -> Iterator[Pair]:
    """Yield the pairs of functions, all unless given, between formats of int8, uint8, int16, int4 or uint4."""
    wide = kind == "int16"
    zeros = {**_EIGHT_BITS, **_FOUR_BITS}.get(kind, ())
    scales = (0.25, 0.5, 0.61) if kind in _FOUR_BITS else _SCALES
    inputs = _WIDE if wide else tuple((scale, zero) for scale in scales for zero in zeros)
    return (_pair(function, kind, *each) for function in functions or TRUTHS for each in inputs)


def tflite_grid() -> Iterator[Pair]:
    """Yield the pairs of int8 whose output formats TFLite fixes: logistic and tanh."""
    outputs = {"logistic": _format("int8", 1 / 256, -128), "tanh": _format("int8", 1 / 128, 0)}
    for function, output in outputs.items():
        for scale in _SCALES:
            for zero in _EIGHT_BITS["int8"]:
                yield Pair(function, _format("int8", scale, zero), output)


def differences(pair: Pair, ours: NDArray[Any], theirs: NDArray[Any]) -> list[Difference]:
    """Return where two outputs at all input codes differ, with the true values there at 60 digits."""
    places = np.flatnonzero(ours != theirs)
    codes = pair.source.codes()[places].tolist()
    with mpmath.workdps(_DIGITS):
        return [
            Difference(code, int(ours[place]), int(theirs[place]), _truth(pair, code))
            for place, code in zip(places, codes, strict=True)
        ]


def table_unit(pair: Pair) -> NDArray[Any]:
    """Return the outputs at all codes of a correctly rounded unit of 8 bits or fewer."""
    unit = design(pair.function, pair.source, pair.target, max_error="0.5ulp", saturate=True, method="table")
    table: NDArray[Any] = unit.golden.table()
    return table


def _model(pair: Pair) -> NDArray[Any]:
    table: NDArray[Any] = rounded(pair.function, pair.source, pair.target, saturate=True).table()
    return table


def measure_quantised() -> Iterator[Row]:
    """Compare units and models with ONNX Runtime and with TFLite's tables, and list where they differ."""
    small = {kind: list(grid_of(kind)) for kind in ("int8", "uint8", "int4", "uint4")}
    eight = [*small["int8"], *small["uint8"]]
    linear = [pair for pair in eight if pair.function in ("logistic", "leaky_relu")]
    wide, fixed = list(grid_of("int16")), list(tflite_grid())
    judged: Sequence[tuple[str, Iterable[tuple[Pair, Any, Any]]]] = [
        ("ONNX Runtime, DequantizeLinear-f-QuantizeLinear, int8 and uint8", _both(eight, table_unit, onnx_qdq)),
        ("ONNX Runtime, QLinearSigmoid and QLinearLeakyRelu, int8 and uint8", _both(linear, table_unit, onnx_qlinear)),
        ("TFLite's tables, logistic and tanh, int8", _both(fixed, table_unit, lambda each: map(tflite_table, each))),
        (
            "ONNX Runtime, DequantizeLinear-f-QuantizeLinear, int4 and uint4",
            _both([*small["int4"], *small["uint4"]], table_unit, onnx_qdq),
        ),
        *(
            (
                f"ONNX Runtime, DequantizeLinear-{function}-QuantizeLinear, int16",
                _both([pair for pair in wide if pair.function == function], _model, onnx_qdq),
            )
            for function in TRUTHS
        ),
    ]
    listed: list[tuple[Pair, Difference]] = []
    for label, compared in judged:
        found, count = [], 0
        for pair, ours, theirs in compared:
            count += len(ours)
            found += [(pair, each) for each in differences(pair, ours, theirs)]
        wrong = sum(not each.undecided for _, each in found)
        yield Row(
            label,
            {
                "codes": f"{count:,}",
                "different": f"{len(found):,}",
                "farthest from a tie (ulp)": f"{max((each.distance for _, each in found), default=0):.1g}",
                f"different, but not within {NEAR} ulp of a tie": f"{wrong}",
            },
        )
        listed += [(pair, each) for pair, each in found if pair.source.width <= 8]
    for pair, each in listed:
        truth = mpmath.nstr(each.truth, 10)
        cells = {"code": str(each.code), "softgate": str(each.ours), "the other": str(each.theirs), "true value": truth}
        yield Row(_shown(pair), cells)


def _shown(pair: Pair) -> str:
    """Return a pair with its scales as the shortest decimals that float32 rounds to them."""
    scales = [
        f"{'int' if fmt.signed else 'uint'}{fmt.width}:{np.float32(fmt.ulp)!s}:{fmt.code_of_zero}"
        for fmt in (pair.source, pair.target)
    ]
    return f"{pair.function}, {' to '.join(scales)}"


def _both(
    pairs: Sequence[Pair],
    ours: Callable[[Pair], NDArray[Any]],
    theirs: Callable[[Sequence[Pair]], Iterable[NDArray[Any]]],
) -> Iterator[tuple[Pair, NDArray[Any], NDArray[Any]]]:
    """Yield each pair with its outputs by either side."""
    for pair, codes in zip(pairs, theirs(pairs), strict=True):
        yield pair, ours(pair), codes
