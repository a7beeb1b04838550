"""RReLU as it is in training: x above 0, and below it x times a slope drawn for each element (decision 057)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from numbers import Integral
from typing import Any, ClassVar, Self

from ...plan.formats import FixedFormat
from ...support.parameters import parse_number, read_name
from .base import Argument, Composite, Part, Promise, Words, float_above
from .given import complete, read_fixed
from .lfsr import PERIOD, SEEDS, WIDTH, first_state

__all__ = ["RReluTraining"]

_WIDEST = 24
"""The most bits of an input or an output."""

_MOST_SLOPE_BITS = 16

_MOST_BITS = 60
"""The most bits of a product, which the golden model has in 64 bits."""


@dataclass(frozen=True)
class RReluTraining(Composite):
    """A randomized leaky rectifier: ``x`` from 0 on, and ``slope x`` below, with random slopes from lower to upper.

    Source: B. Xu, N. Wang, T. Chen, M. Li, Empirical Evaluation of Rectified Activations in Convolutional Network,
    2015. Defaults are those of ``torch.nn.RReLU``.

    Parameters
    ----------
    input_format, output_format
        Formats of x and of the output; x is signed.
    lower, upper
        Ends of the slopes: lower is one of them if it is a multiple of their last place, upper is never one.
    seed
        Where the sequence begins, in steps of `lfsr.SPACING` draws.
    slope_bits
        Bits that a slope is drawn with.
    products
        Whether the product is made in a multiplier block (``dsp``), if the target has one that keeps the clock, or in
        ``logic``.

    Raises
    ------
    ValueError
        If a number is out of its range.

    """

    input_format: FixedFormat
    output_format: FixedFormat
    lower: Fraction = Fraction(1, 8)
    upper: Fraction = Fraction(1, 3)
    seed: int = 1
    slope_bits: int = 8
    products: str = "dsp"

    name: ClassVar[str] = "rrelu_training"
    summary: ClassVar[str] = "x above 0, x times a slope below, drawn at random for each element"
    arguments: ClassVar[tuple[Argument, ...]] = (
        Argument("input_format", "Format of x, such as SQ4.12.", "FORMAT", "-i", required=True, option="--input"),
        Argument("output_format", "Format of the output.", "FORMAT", "-o", required=True, option="--output"),
        Argument("lower", "Lower end of the slopes: 1/8 (the default), 0.1.", "NUMBER", default="1/8"),
        Argument("upper", "Upper end of the slopes, which is not reached; 1/3 by default.", "NUMBER", default="1/3"),
        Argument("seed", f"Where the random sequence begins, 0 to {SEEDS - 1}.", "N", kind=int, default=1),
        Argument("slope_bits", "Bits that a slope is drawn with; 8 by default.", "N", kind=int, default=8),
        Argument(
            "products",
            "dsp (a multiplier block, if the target has one that keeps the clock; the default) or logic.",
            "NAME",
            default="dsp",
        ),
    )

    def __post_init__(self) -> None:
        if not 0 <= self.lower < self.upper <= 1:
            equal = "; one slope is a leaky_relu" if self.lower == self.upper else ""
            raise ValueError(
                f"slopes must be from 0 to 1 with lower below upper, not from {self.lower} to {self.upper}{equal}"
            )
        if not 0 <= self.seed < SEEDS:
            raise ValueError(f"seed must be from 0 to {SEEDS - 1}, not {self.seed}")
        if not 1 <= self.slope_bits <= _MOST_SLOPE_BITS:
            raise ValueError(f"slope_bits must be from 1 to {_MOST_SLOPE_BITS}, not {self.slope_bits}")

    @classmethod
    def read(cls, **given: Any) -> Self:
        values = complete(cls, given)
        for name in ("seed", "slope_bits"):
            if isinstance(values[name], bool) or not isinstance(values[name], Integral):
                raise TypeError(f"{name} must be a whole number, not {values[name]!r}")
        return cls(
            input_format=read_fixed("input", values["input_format"], _WIDEST, signed=True),
            output_format=read_fixed("output", values["output_format"], _WIDEST, signed=True),
            lower=_number("lower", values["lower"]),
            upper=_number("upper", values["upper"]),
            seed=int(values["seed"]),
            slope_bits=int(values["slope_bits"]),
            products=read_name("place for products", values["products"], ("dsp", "logic")),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "input_format": str(self.input_format),
            "output_format": str(self.output_format),
            "lower": str(self.lower),
            "upper": str(self.upper),
            "seed": self.seed,
            "slope_bits": self.slope_bits,
            "products": self.products,
        }

    @property
    def title(self) -> str:
        return (
            f"rrelu in training, x above 0 and x times a random slope from {self.lower} to {self.upper} below: "
            f"{self.input_format} to {self.output_format}"
        )

    def words(self) -> Words:
        """Return the grid of the slopes and the first state of the register.

        * ``slope_point``: fraction bits of a slope
        * ``slope_first``, ``slope_step``: the code of the least slope, and that from each to the next
        * ``state``: the register at the place of the seed

        The grid has as few fraction bits as keep each slope within a step of the one that it stands for.
        """
        count = 1 << self.slope_bits
        ideal = (self.upper - self.lower) / count
        for point in range(_MOST_BITS - self.input_format.width):
            first = ceil(self.lower * (1 << point))
            step = floor((self.upper * (1 << point) - first) / count)
            # How far a slope is from the one that it stands for is linear in j, so that both ends tell.
            begins = Fraction(first, 1 << point) - self.lower
            ends = begins + (count - 1) * (Fraction(step, 1 << point) - ideal)
            if step >= 1 and max(abs(begins), abs(ends)) < ideal:
                state = first_state(self.seed, self.slope_bits)
                return {"slope_point": point, "slope_first": first, "slope_step": step, "state": state}
        raise ValueError(
            f"slope_bits must be fewer than {self.slope_bits} for slopes from {self.lower} to {self.upper} and an "
            f"input of {self.input_format.width} bits, since products have at most {_MOST_BITS} bits"
        )

    def parts(self, words: Words) -> Mapping[str, Part]:
        """Return no parts: the product is exact, and there is no function to approximate."""
        return {}

    @property
    def output_order(self) -> str:
        return "outputs come out in the order of the inputs, each once, the n-th since a reset with the n-th slope"

    def contract(self, words: Words, errors: Mapping[str, Fraction]) -> tuple[Promise, ...]:
        count, whole = 1 << self.slope_bits, 1 << words["slope_point"]
        first, step = Fraction(words["slope_first"], whole), Fraction(words["slope_step"], whole)
        last = first + (count - 1) * step
        error = self.output_format.ulp / 2
        together = WIDTH // self.slope_bits
        return (
            Promise(
                "error",
                f"every output is within {float(error):.6g} of x, or of x times the slope that is drawn if x is "
                "negative, limited to its format",
                "the product is exact, and rounded half up once",
                float_above(error),
            ),
            Promise(
                "slopes",
                f"the slopes are {first} + j {step} for j from 0 to {count - 1}, up to {last} = {float(last):.6g}, "
                f"each less than (upper - lower) / {count} from lower + j (upper - lower) / {count}",
                "by exact rational arithmetic",
                float(last),
            ),
            Promise(
                "period",
                f"the slopes repeat after {PERIOD} transfers, in which each j but 0 is drawn "
                f"{1 << WIDTH - self.slope_bits} times, and 0 once less",
                "2^61 - 1 is a prime, and the order of the register's polynomial divides it",
                float(PERIOD),
            ),
            Promise(
                "together",
                f"any {together} slopes in a row have each combination equally often over the period, but for all j 0, "
                "once less",
                f"they are {together * self.slope_bits} bits of the register, which has every state but 0 once",
                float(together),
            ),
            Promise(
                "draws",
                "each transfer that is accepted draws a slope, negative or not, a stall or a gap none, and a reset "
                f"begins again at seed {self.seed}",
                "against the golden model with stalls and gaps",
            ),
        )

    def shortfall(self, contract: tuple[Promise, ...]) -> str:
        return ""


def _number(name: str, given: Any) -> Fraction:
    message = f"{name} must be a number such as 1/8 or 0.1, not {given!r}"
    try:
        return parse_number(given)
    except TypeError:
        raise TypeError(message) from None
    except ValueError:
        raise ValueError(message) from None
