"""Units by the name of their function, for use inside an Amaranth design."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from numpy.typing import ArrayLike

from ..accuracy.run_time_specification import AnySpecification
from ..functions.base import Function
from ..hdl.unit import Unit
from ..plan.formats import FixedFormat
from .design import design

__all__ = ["FunctionUnit", "HardLogistic", "HardTanh", "TaylorLogistic", "TaylorTanh"]


class FunctionUnit(Unit):
    """The best unit of a function between two formats, as `softgate.design` finds it, with streams by default.

    Parameters
    ----------
    function
        Name of the function, or another form in which `softgate.design` takes it.
    input_format, output_format
        Fixed-point formats, such as ``SQ4.12``; thresholds need no output format.
    **asked
        All else that `softgate.design` takes, such as max_error, method, target, frequency and interface, and the
        parameters of the function and of the method.

    Attributes
    ----------
    design : Design
        The design, with its golden model and its errors.
    latency : int
        Clocks from an input to its output.

    Raises
    ------
    TypeError, ValueError, BudgetError
        As by `softgate.design`.

    Examples
    --------
    >>> unit = FunctionUnit("tanh", "SQ3.4", "SQ1.6", max_error="1ulp")
    >>> unit.interface, unit.design.errors.error_class
    ('stream', 'faithful')
    >>> "module tanh" in unit.verilog("tanh")
    True

    """

    def __init__(
        self,
        function: str | Function | Callable[..., Any] | ArrayLike,
        input_format: str | FixedFormat,
        output_format: str | FixedFormat | None = None,
        **asked: Any,
    ) -> None:
        self.design = design(function, input_format, output_format, **{"interface": "stream", **asked})
        super().__init__(self.design.plan, **self.design.built().keywords)

    @property
    def specification(self) -> AnySpecification:
        """The specification that was asked for."""
        return self.design.specification


class HardTanh(FunctionUnit):
    """``clip(x, min, max)``, correctly rounded.

    Parameters
    ----------
    input_format, output_format
        Fixed-point formats, such as ``SQ4.12``.
    min, max
        Limits: numbers, or text such as ``"1/3"``; -1 and 1 by default.
    **asked
        As for `FunctionUnit`.

    """

    def __init__(self, input_format: str | FixedFormat, output_format: str | FixedFormat, **asked: Any) -> None:
        super().__init__("hard_tanh", input_format, output_format, **{"max_error": "0.5ulp", **asked})


class HardLogistic(FunctionUnit):
    """``clip(slope * x + offset, 0, 1)``, correctly rounded.

    Parameters
    ----------
    input_format, output_format
        Fixed-point formats, such as ``SQ4.12``.
    variant
        Whose slope: taylor (1/4, the default), keras2 or onnx (0.2), keras3 or torch (1/6), qkeras (1/2).
    slope, offset
        Instead of the variant's.
    **asked
        As for `FunctionUnit`.

    """

    def __init__(self, input_format: str | FixedFormat, output_format: str | FixedFormat, **asked: Any) -> None:
        super().__init__("hard_logistic", input_format, output_format, **{"max_error": "0.5ulp", **asked})


class _TaylorUnit(FunctionUnit):
    """A function by Taylor polynomials of one degree; without an error budget none is enforced.

    Parameters
    ----------
    input_format, output_format
        Fixed-point formats, such as ``SQ4.12``.
    degree
        Degree of the polynomials; 3 by default.
    segments
        Segments at most over the folded, unsaturated input, 16 by default; 1 is one expansion about 0.
    **asked
        As for `FunctionUnit`.

    """

    _function: ClassVar[str]

    def __init__(
        self,
        input_format: str | FixedFormat,
        output_format: str | FixedFormat,
        *,
        degree: int = 3,
        segments: int = 16,
        **asked: Any,
    ) -> None:
        shape = {"method": "taylor", "degree": degree, "segments": segments}
        super().__init__(self._function, input_format, output_format, **shape, **asked)


class TaylorLogistic(_TaylorUnit):
    """The logistic function by Taylor polynomials of one degree: ``TaylorLogistic("SQ4.12", "UQ0.16", degree=3)``.

    Parameters are degree, 3 by default, segments at most over the folded, unsaturated input, 16 by default, and all of
    `FunctionUnit` but the function.
    """

    _function = "logistic"


class TaylorTanh(_TaylorUnit):
    """The hyperbolic tangent by Taylor polynomials of one degree: ``TaylorTanh("SQ4.12", "SQ1.15", degree=3)``.

    Parameters are degree, 3 by default, segments at most over the folded, unsaturated input, 16 by default, and all of
    `FunctionUnit` but the function.
    """

    _function = "tanh"
