"""Numpy floats, scalar or arrays, for plots: as accurate as float64, and not rigorous."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from .base import Arithmetic

__all__ = ["FLOATS"]


def _quietly(name: str, *x: Any) -> Any:
    """Apply a function of numpy without its warnings: a plot has gaps where a function is undefined."""
    import numpy as np

    with np.errstate(all="ignore"):
        return getattr(np, name)(*x)


class _Floats:
    """Numpy floats, scalar or arrays."""

    def rational(self, value: Fraction) -> float:
        return float(value)

    def pi(self) -> float:
        return math.pi

    def exp(self, x: Any) -> Any:
        return _quietly("exp", x)

    def expm1(self, x: Any) -> Any:
        return _quietly("expm1", x)

    def exp2(self, x: Any) -> Any:
        return _quietly("exp2", x)

    def log(self, x: Any) -> Any:
        return _quietly("log", x)

    def log2(self, x: Any) -> Any:
        return _quietly("log2", x)

    def log1p(self, x: Any) -> Any:
        return _quietly("log1p", x)

    def log1p_exp(self, x: Any) -> Any:
        import numpy as np

        return np.logaddexp(0.0, x)

    def tanh(self, x: Any) -> Any:
        return _quietly("tanh", x)

    def tanhshrink(self, x: Any) -> Any:
        return x - self.tanh(x)

    def erf(self, x: Any) -> Any:
        return self._each(math.erf, x)

    def erfc(self, x: Any) -> Any:
        return self._each(math.erfc, x)

    def sqrt(self, x: Any) -> Any:
        return _quietly("sqrt", x)

    def sin(self, x: Any) -> Any:
        return _quietly("sin", x)

    def cos(self, x: Any) -> Any:
        return _quietly("cos", x)

    def sin_pi(self, x: Any) -> Any:
        return self.sin(math.pi * _quietly("fmod", x, 2.0))

    def cos_pi(self, x: Any) -> Any:
        return self.cos(math.pi * _quietly("fmod", x, 2.0))

    def atan(self, x: Any) -> Any:
        return _quietly("arctan", x)

    def abs(self, x: Any) -> Any:
        return _quietly("abs", x)

    def minimum(self, x: Any, y: Any) -> Any:
        import numpy as np

        return np.minimum(x, y)

    def maximum(self, x: Any, y: Any) -> Any:
        import numpy as np

        return np.maximum(x, y)

    def clip(self, x: Any, low: Fraction, high: Fraction) -> Any:
        import numpy as np

        return np.clip(x, float(low), float(high))

    def where(self, condition: Any, positive: Any, otherwise: Any) -> Any:
        import numpy as np

        return np.where(np.asarray(condition) > 0, positive, otherwise)[()]

    def _each(self, function: Any, x: Any) -> Any:
        """Apply a function of Python's floats, which numpy lacks."""
        import numpy as np

        return np.vectorize(function, otypes=[float])(x)[()]


FLOATS: Arithmetic = _Floats()
