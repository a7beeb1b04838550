"""Numbers that record what is done to them, as expressions in x (decision 042)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Any, NoReturn

from ...support.parameters import parse_number
from .calls import Definitions, WrittenCall, make_call
from .construction import add, divide, multiply, negate, power
from .nodes import Comparison, Constant, Node, Number, Where
from .numpy_names import NAMES, OPERATORS
from .parser import LARGEST_EXPONENT, LONGEST
from .spelling import text
from .tokens import Token

__all__ = ["USE_WHERE", "Condition", "Operations", "Traced", "read_number"]

USE_WHERE = "write where(condition, a, b), as np.where(x > 0, a, b), instead of if, and, or, or a comparison of numbers"


@dataclass(frozen=True, eq=False, repr=False)
class Traced:
    """A number that is known as an expression in x.

    Attributes
    ----------
    node
        The expression.
    size
        The nodes of its tree, each as often as it occurs.
    m
        The operations that it may go through.

    """

    node: Node
    size: int
    m: Operations

    def __repr__(self) -> str:
        return text(self.node)

    def __add__(self, other: Any) -> Any:
        return self.m.made(add, self, other)

    def __radd__(self, other: Any) -> Any:
        return self.m.made(add, other, self)

    def __sub__(self, other: Any) -> Any:
        return self.m.made(lambda left, right: add(left, negate(right)), self, other)

    def __rsub__(self, other: Any) -> Any:
        return self.m.made(lambda left, right: add(left, negate(right)), other, self)

    def __mul__(self, other: Any) -> Any:
        return self.m.made(multiply, self, other)

    def __rmul__(self, other: Any) -> Any:
        return self.m.made(multiply, other, self)

    def __truediv__(self, other: Any) -> Any:
        return self.m.made(divide, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.m.made(divide, other, self)

    def __pow__(self, exponent: Any) -> Any:
        number = read_number(exponent)
        if number is None or number.value.denominator != 1 or abs(number.value) > LARGEST_EXPONENT:
            shown = text(exponent.node) if isinstance(exponent, Traced) else repr(exponent)
            raise ValueError(
                f"an exponent must be a whole number from -{LARGEST_EXPONENT} to {LARGEST_EXPONENT}, not {shown:.60}; "
                "there are sqrt, exp and exp2"
            )
        return self.m.made(lambda base: power(base, int(number.value)), self)

    def __rpow__(self, base: Any) -> NoReturn:
        raise ValueError(f"{base!r:.60} to the power of an expression: only exp(v) and exp2(v) are there")

    def __neg__(self) -> Any:
        return self.m.made(negate, self)

    def __pos__(self) -> Traced:
        return self

    def __abs__(self) -> Any:
        return self.m.abs(self)

    def __lt__(self, other: Any) -> Any:
        return self.m.compared(self, "<", other)

    def __le__(self, other: Any) -> Any:
        return self.m.compared(self, "<=", other)

    def __gt__(self, other: Any) -> Any:
        return self.m.compared(self, ">", other)

    def __ge__(self, other: Any) -> Any:
        return self.m.compared(self, ">=", other)

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError(f"conditions are <, <=, > and >=, not == or !=; {USE_WHERE}")

    __ne__ = __eq__
    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> NoReturn:
        raise TypeError(f"an expression in x is neither true nor false: {text(self.node):.60}; {USE_WHERE}")

    def __float__(self) -> NoReturn:
        raise TypeError(
            f"the value of x is not known yet, so {text(self.node):.60} cannot become a float: use numpy's functions, "
            "such as np.exp, or those of a second argument m, not those of the module math"
        )

    __int__ = __index__ = __float__

    def __iter__(self) -> NoReturn:
        raise TypeError("x is one number, not an array")

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("x is one number, and cannot become part of an array")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **settings: Any) -> Any:
        return self.m.of_numpy(ufunc.__name__, method, inputs, settings)

    def __array_function__(self, function: Any, _: Any, inputs: Any, settings: Any) -> Any:
        return self.m.of_numpy(function.__name__, "__call__", inputs, settings)


@dataclass(frozen=True, repr=False)
class Condition:
    """A comparison of two expressions, for ``where``."""

    comparison: Comparison
    size: int
    m: Operations

    def __repr__(self) -> str:
        return f"{text(self.comparison.left)} {self.comparison.relation} {text(self.comparison.right)}"

    def __bool__(self) -> NoReturn:
        raise TypeError(f"whether {self!r:.60} is not known before x is: {USE_WHERE}")

    def __array_ufunc__(self, ufunc: Any, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(f"conditions cannot be part of numpy's {ufunc.__name__}; nest where(condition, a, b)")

    def __array_function__(self, function: Any, _: Any, inputs: Any, settings: Any) -> Any:
        return self.m.of_numpy(function.__name__, "__call__", inputs, settings)

    def _refuse(self, *_: Any) -> NoReturn:
        """Refuse to be joined with another condition, as to be one."""
        self.__bool__()

    __and__ = __or__ = __xor__ = __rand__ = __ror__ = __rxor__ = __invert__ = _refuse


@dataclass(frozen=True)
class Operations:
    """The functions of expressions, by their names: ``m.exp(x)``, ``m.silu(x, beta=2)``, ``m.where(x > 0, a, b)``.

    Parameters
    ----------
    definitions
        The functions that have parameters.

    """

    definitions: Definitions

    @property
    def pi(self) -> Traced:
        """The ratio of a circle's circumference to its diameter."""
        return Traced(Constant("pi"), 1, self)

    @property
    def e(self) -> Traced:
        """The base of natural logarithms."""
        return Traced(Constant("e"), 1, self)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *arguments, **settings: self.called(NAMES.get(name, name), arguments, settings)

    def made(self, make: Callable[..., Node], *operands: Any) -> Any:
        """Return the result of an operation on numbers; NotImplemented if an operand is not a number."""
        read = [self.read(operand) for operand in operands]
        known = [each for each in read if each is not None]
        if len(known) < len(read):
            return NotImplemented
        try:
            node = make(*(each.node for each in known))
        except ZeroDivisionError:
            raise ValueError("the callable divides by 0") from None
        return Traced(node, self._counted(known), self)

    def read(self, given: Any) -> Traced | None:
        """Return an operand; None if it is not a number."""
        if isinstance(given, Traced):
            return given
        number = read_number(given)
        return None if number is None else Traced(number, 1, self)

    def compared(self, left: Any, relation: str, right: Any) -> Any:
        """Return the condition that a comparison is."""
        sides = self._numbers(relation, (left, right))
        return Condition(Comparison(sides[0].node, relation, sides[1].node), self._counted(sides), self)

    def where(self, condition: Any, positive: Any, otherwise: Any) -> Traced:
        """Return one number where a condition holds, or a number is above 0, and another elsewhere."""
        if not isinstance(condition, Condition):
            condition = self.compared(condition, ">", 0)
        branches = self._numbers("where", (positive, otherwise))
        node = Where(condition.comparison, *(each.node for each in branches))
        return Traced(node, self._counted([condition, *branches]), self)

    def clip(self, value: Any, low: Any, high: Any) -> Any:
        """Return a number limited to two others; None is no limit."""
        if low is None or high is None:
            limit = high if low is None else low
            return self.called("min" if low is None else "max", (value, limit), {})
        return self.called("clip", (value, low, high), {})

    def called(self, name: str, arguments: tuple[Any, ...], settings: dict[str, Any]) -> Traced:
        """Return what a function makes of numbers, with its parameters by name."""
        numbers = self._numbers(name, arguments)
        texts = {key: value if isinstance(value, str) else str(parse_number(value)) for key, value in settings.items()}
        token = Token("name", name, 0, len(name))
        call = WrittenCall(f"{name}(...)", token, [each.node for each in numbers], texts, dict.fromkeys(texts, token))
        return Traced(make_call(call, self.definitions), self._counted(numbers), self)

    def of_numpy(self, name: str, method: str, inputs: tuple[Any, ...], settings: dict[str, Any]) -> Any:
        """Return what a function of numpy makes of numbers."""
        if method != "__call__" or any(value is not None for value in settings.values()):
            raise TypeError(f"numpy's {name} takes numbers here, and no more")
        if name in OPERATORS:
            left = self._numbers(name, inputs[:1])[0]
            made = getattr(left, OPERATORS[name])(inputs[1])
            if made is NotImplemented:
                raise TypeError(f"{name} needs numbers, not {inputs[1]!r:.60}")
            return made
        match name:
            case "negative":
                return -inputs[0]
            case "positive":
                return inputs[0]
            case "square":
                return inputs[0] ** 2
            case "reciprocal":
                return 1 / inputs[0]
            case "where" | "clip":
                return getattr(self, name)(*inputs)
        return self.called(NAMES.get(name, name), inputs, {})

    def _numbers(self, name: str, arguments: tuple[Any, ...]) -> list[Traced]:
        found = []
        for argument in arguments:
            read = self.read(argument)
            if read is None:
                hint = f"; {USE_WHERE}" if isinstance(argument, Condition) else ""
                raise TypeError(f"{name} takes numbers, not {argument!r:.60}{hint}")
            found.append(read)
        return found

    def _counted(self, parts: Any) -> int:
        """Return the size of a node with these parts."""
        size = 1 + sum(part.size for part in parts)
        if size > LONGEST:  # each node takes a character at least
            raise ValueError(
                f"the callable makes an expression of more than {LONGEST} characters: what it uses twice is in it twice"
            )
        return int(size)


def read_number(given: Any) -> Number | None:
    """Return a number as the parser reads its shortest decimal; None if it is not a real number."""
    if isinstance(given, bool) or not isinstance(given, Real):
        return None
    return Number(parse_number(given))
