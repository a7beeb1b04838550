"""Units by name, for use inside an Amaranth design."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Unpack

from ..accuracy.specification import Specification
from ..functions import find_function
from ..methods import find_method
from ..plan.formats import FixedFormat
from ..plan.input_range import read_input_range
from .unit import Pipelining, Unit

__all__ = ["HardLogistic", "HardTanh", "TaylorLogistic", "TaylorTanh"]


class _Options(Pipelining, total=False):
    interface: str
    tlast: bool
    saturate: bool
    input_range: str | Sequence[Any] | None


class _FunctionUnit(Unit):
    """A unit whose plan comes from a function and a method; no error budget is enforced."""

    _function: ClassVar[str]
    _method: ClassVar[str]

    def __init__(
        self,
        input_format: str | FixedFormat,
        output_format: str | FixedFormat,
        *,
        interface: str = "stream",
        tlast: bool = False,
        saturate: bool = False,
        input_range: str | Sequence[Any] | None = None,
        function: dict[str, Any],
        method: dict[str, Any],
        **pipelining: Unpack[Pipelining],
    ) -> None:
        source = FixedFormat.parse(input_format)
        specification = Specification(
            find_function(self._function).create(function),
            source,
            FixedFormat.parse(output_format),
            saturate=saturate,
            input_range=None if input_range is None else read_input_range(input_range, source),
        )
        chosen = find_method(self._method)
        candidate = next(chosen.candidates(specification, chosen.read(method)))
        super().__init__(candidate.plan, interface=interface, tlast=tlast, **pipelining)
        self.specification = specification


class HardTanh(_FunctionUnit):
    """``clip(x, min, max)``, correctly rounded.

    Parameters
    ----------
    input_format, output_format
        Fixed-point formats, such as ``SQ4.12``.
    min, max
        Limits: numbers, or text such as ``"1/3"``.
    interface, tlast, target, frequency, latency, stages, registers, objective, dsp, bram
        See `Unit`; streams by default.
    saturate
        Accept an output format that cannot hold the limits.
    input_range
        Limits that the input is known to stay within, as ``"-4:4"`` or two numbers; elsewhere the output is undefined.

    Attributes
    ----------
    latency : int
        Clocks from an input to its output.

    """

    _function, _method = "hard_tanh", "hard"

    def __init__(
        self,
        input_format: str | FixedFormat,
        output_format: str | FixedFormat,
        *,
        min: Any = None,
        max: Any = None,
        **options: Unpack[_Options],
    ) -> None:
        super().__init__(input_format, output_format, function={"min": min, "max": max}, method={}, **options)


class HardLogistic(_FunctionUnit):
    """``clip(slope * x + offset, 0, 1)``, correctly rounded.

    Parameters
    ----------
    input_format, output_format
        Fixed-point formats, such as ``SQ4.12``.
    variant
        Whose slope: taylor (1/4), keras2 or onnx (0.2), keras3 or torch (1/6), qkeras (1/2).
    slope, offset
        Instead of the variant's.
    interface, tlast, target, frequency, latency, stages, registers, objective, dsp, bram
        See `Unit`; streams by default.
    saturate
        Accept an output format that cannot hold 0 to 1.
    input_range
        Limits that the input is known to stay within, as ``"-4:4"`` or two numbers; elsewhere the output is undefined.

    Attributes
    ----------
    latency : int
        Clocks from an input to its output.

    """

    _function, _method = "hard_logistic", "hard"

    def __init__(
        self,
        input_format: str | FixedFormat,
        output_format: str | FixedFormat,
        *,
        variant: str = "taylor",
        slope: Any = None,
        offset: Any = None,
        **options: Unpack[_Options],
    ) -> None:
        function = {"variant": variant, "slope": slope, "offset": offset}
        super().__init__(input_format, output_format, function=function, method={}, **options)


class _TaylorUnit(_FunctionUnit):
    _method = "taylor"

    def __init__(
        self,
        input_format: str | FixedFormat,
        output_format: str | FixedFormat,
        *,
        degree: int = 3,
        segments: int = 16,
        **options: Unpack[_Options],
    ) -> None:
        method = {"degree": degree, "segments": segments}
        super().__init__(input_format, output_format, function={}, method=method, **options)


class TaylorLogistic(_TaylorUnit):
    """The logistic function by Taylor polynomials of one degree.

    Parameters
    ----------
    input_format, output_format
        Fixed-point formats, such as ``SQ4.12``.
    degree
        Degree of the polynomials; 3 by default.
    segments
        Pieces at most over the folded, unsaturated input, 16 by default; 1 is one expansion about 0.
    interface, tlast, target, frequency, latency, stages, registers, objective, dsp, bram
        See `Unit`; streams by default.
    saturate
        Accept an output format that cannot hold all of the function's values.
    input_range
        Limits that the input is known to stay within, as ``"-4:4"`` or two numbers; elsewhere the output is undefined.

    Attributes
    ----------
    latency : int
        Clocks from an input to its output.

    """

    _function = "logistic"


class TaylorTanh(_TaylorUnit):
    """The hyperbolic tangent by Taylor polynomials of one degree.

    Parameters
    ----------
    input_format, output_format
        Fixed-point formats, such as ``SQ4.12``.
    degree
        Degree of the polynomials; 3 by default.
    segments
        Pieces at most over the folded, unsaturated input, 16 by default; 1 is one expansion about 0.
    interface, tlast, target, frequency, latency, stages, registers, objective, dsp, bram
        See `Unit`; streams by default.
    saturate
        Accept an output format that cannot hold all of the function's values.
    input_range
        Limits that the input is known to stay within, as ``"-4:4"`` or two numbers; elsewhere the output is undefined.

    Attributes
    ----------
    latency : int
        Clocks from an input to its output.

    """

    _function = "tanh"
