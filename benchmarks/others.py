"""Activations of other projects beside the units of softgate that do the same work."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from softgate.support.rows import Row

__all__ = ["Other", "beside_others", "read_others"]


@dataclass(frozen=True)
class Other:
    """A unit of another project.

    Attributes
    ----------
    name
        What it is, and whose.
    lut4, ccu2c, dsp, fmax
        What it takes of an ECP5, and the MHz that it reaches there between registers.
    error
        Its largest error against the true function, in words.
    beside
        The label of softgate's unit for the same work.

    """

    name: str
    lut4: int
    ccu2c: int
    dsp: int
    fmax: float
    error: str
    beside: str

    @property
    def luts(self) -> int:
        """Look-up tables, a carry cell counting as the two that it takes the place of."""
        return self.lut4 + 2 * self.ccu2c


def read_others() -> tuple[Other, ...]:
    """Return the units of other projects, from ``others.toml``."""
    data = tomllib.loads(resources.files(__package__).joinpath("others.toml").read_text(encoding="utf-8"))
    return tuple(Other(**unit) for unit in data["units"])


def beside_others(measured: Mapping[str, tuple[float, Mapping[str, str]]]) -> Iterator[Row]:
    """Yield a row for every unit of another project whose counterpart was measured.

    Parameters
    ----------
    measured
        The largest absolute error and the figures of softgate's units, by label.

    """
    for other in read_others():
        if other.beside not in measured:
            continue
        error, figures = measured[other.beside]
        yield Row(
            other.name,
            {
                "its LUT4 + 2 CCU2C": str(other.luts),
                "its DSP": str(other.dsp),
                "its Fmax (MHz)": f"{other.fmax:g}",
                "its max error": other.error,
                "beside it": other.beside,
                "LUT4 + 2 CCU2C": figures["LUT4 + 2 CCU2C"],
                "DSP": "0",
                "Fmax (MHz)": figures["Fmax (MHz)"],
                "max error": f"{error:.2g}",
            },
        )
