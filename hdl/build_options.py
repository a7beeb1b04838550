"""Build options of a unit: its interface, target, clock, objective and blocks.

All of it is read and checked in one place, before anything is searched or built: the command line, designs, units and
sweeps refuse the same things in the same words (decision 033).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, TypedDict, Unpack

from ..support.parameters import nearest, read_name
from .interfaces import INTERFACES
from .scheduling.schedule import MAX_FREQUENCY, MAX_INTERVAL, MAX_STAGES
from .targets import Target
from .targets import target as find_target

__all__ = ["OBJECTIVES", "BuildKeywords", "BuildOptions", "check_frequency", "read_flag", "read_interval"]

OBJECTIVES = ("balanced", "latency", "luts", "fmax")
"""Objectives of a schedule: few clocks (which is best for the product of size and latency, too), few look-up
tables, or the highest clock.
"""


class BuildKeywords(TypedDict, total=False):
    """The same options as keywords, which `BuildOptions.read` takes."""

    interface: str
    tlast: bool
    target: str | None
    frequency: float | None
    latency: int | None
    stages: int | None
    registers: Iterable[str] | None
    objective: str
    compact: bool | None
    dsp: int | None
    bram: int | None
    interval: int
    margin: float | None


@dataclass(frozen=True)
class BuildOptions:
    """The options that a unit is built with: one value, made once, that designs, units, manifests and sweeps carry.

    Parameters
    ----------
    interface, tlast
        How the unit is connected (see `Unit`), and whether an AXI4-Stream carries ``tlast``.
    target, frequency, latency, stages, registers, objective, compact, dsp, bram, interval
        See `choose_schedule`; None where nothing was asked for.
    margin
        The share by which the clock that registers are placed for is above the one asked for, where place and route
        showed that it takes more ranks to be kept (decision 064).

    """

    interface: str = "pipeline"
    tlast: bool = False
    target: str | None = None
    frequency: float | None = None
    latency: int | None = None
    stages: int | None = None
    registers: tuple[str, ...] | None = None
    objective: str = "balanced"
    compact: bool | None = None
    dsp: int | None = None
    bram: int | None = None
    interval: int = 1
    margin: float | None = None

    @classmethod
    def read(cls, **keywords: Unpack[BuildKeywords]) -> BuildOptions:
        """Return options that are checked and do not contradict each other; names may be in upper or lower case.

        Raises
        ------
        TypeError
            If an option is of the wrong kind or unknown.
        ValueError
            If there is no such interface, target or objective, a number is out of its range, or options contradict
            each other.

        """
        for name in keywords:
            if name not in BuildKeywords.__annotations__:
                raise TypeError(f"there is no option {name!r}; {nearest(name, list(BuildKeywords.__annotations__))}")
        target, frequency, registers = keywords.get("target"), keywords.get("frequency"), keywords.get("registers")
        options = cls(
            interface=read_name("interface", keywords.get("interface", cls.interface), list(INTERFACES)),
            tlast=read_flag("tlast", keywords.get("tlast", cls.tlast)),
            target=None if target is None else find_target(target).name,
            frequency=None if frequency is None else check_frequency(frequency),
            latency=_whole("latency", keywords.get("latency"), 1, MAX_STAGES),
            stages=_whole("stages", keywords.get("stages"), 0, MAX_STAGES),
            registers=None if registers is None else _read_registers(registers),
            objective=read_name("objective", keywords.get("objective", cls.objective), OBJECTIVES),
            compact=None if keywords.get("compact") is None else read_flag("compact", keywords["compact"]),
            dsp=_whole("dsp", keywords.get("dsp"), 0),
            bram=_whole("bram", keywords.get("bram"), 0),
            interval=read_interval(keywords.get("interval", cls.interval)),
            margin=_read_margin(keywords.get("margin", cls.margin)),
        )
        _refuse_contradictions(options)
        return options

    @property
    def keywords(self) -> BuildKeywords:
        """The options as `read` takes them."""
        return {
            "interface": self.interface,
            "tlast": self.tlast,
            "target": self.target,
            "frequency": self.frequency,
            "latency": self.latency,
            "stages": self.stages,
            "registers": self.registers,
            "objective": self.objective,
            "compact": self.compact,
            "dsp": self.dsp,
            "bram": self.bram,
            "interval": self.interval,
            "margin": self.margin,
        }

    def changed(self, **keywords: Unpack[BuildKeywords]) -> BuildOptions:
        """Return the options with others in their place; what is raised is the same as by `read`."""
        if not keywords:
            return self
        asked = self.keywords
        asked.update(keywords)
        return BuildOptions.read(**asked)

    @property
    def device(self) -> Target:
        """The target; ``generic``, no device in particular, unless one was asked for."""
        return find_target(self.target or "generic")

    @property
    def most_products(self) -> int | None:
        """The most products that multiplier blocks do: with an interval, each does one in every clock of it."""
        return None if self.dsp is None else self.dsp * self.interval

    @property
    def clock(self) -> float | None:
        """The clock in MHz for which registers are placed; None where something else places them.

        It is None for ``comb``, which has no registers, for registers placed by hand, and for objective ``fmax``.
        """
        by_hand = self.stages is not None or self.registers is not None
        if self.interface == "comb" or by_hand or self.objective == "fmax":
            return None
        return self.device.frequency if self.frequency is None else self.frequency


def _refuse_contradictions(options: BuildOptions) -> None:
    """Raise `ValueError` if options contradict each other."""
    interface, on = options.interface, options.device
    asked = {name: getattr(options, name) for name in ("frequency", "latency", "stages", "registers")}
    given = [name for name, value in asked.items() if value is not None]
    if options.tlast and interface != "axis":
        raise ValueError(f"tlast belongs to interface axis; interface {interface} has none")
    if options.interval > 1:
        if interface == "comb":
            raise ValueError(
                f"an interval of {options.interval} clocks needs an interface with a clock, pipeline, stream or axis, "
                "not comb"
            )
        if placed := next((name for name in ("stages", "registers") if asked[name] is not None), None):
            raise ValueError(
                f"{placed} and an interval of {options.interval} clocks exclude each other: what steps share decides "
                "about the registers; give frequency instead"
            )
        if options.objective == "fmax":
            raise ValueError(
                f"objective fmax is for interval 1, not {options.interval}; give a frequency and another objective"
            )
    if interface == "comb":
        if any(asked[name] for name in given):
            raise ValueError(
                f"interface comb has no clock, so {given[0]} means nothing to it; choose pipeline or stream"
            )
        if options.bram:
            raise ValueError(
                "interface comb has no registers, and a table in block RAM needs one, so bram must be 0, not "
                f"{options.bram}; choose pipeline or stream"
            )
    if options.dsp and on.multiplier is None:
        raise ValueError(f"dsp must be 0 or left out, not {options.dsp}: target {on.name} has no multiplier blocks")
    if options.bram and on.block_ram is None:
        raise ValueError(f"bram must be 0 or left out, not {options.bram}: target {on.name} has no block RAM")
    if options.margin and options.frequency is None:
        raise ValueError("margin is that of a clock that is asked for; give frequency with it")
    if len(given) > 1 and given != ["frequency", "latency"]:
        raise ValueError(f"{' and '.join(given)} exclude each other; give one of them, or frequency and latency")
    if options.objective == "fmax" and given not in ([], ["latency"]):
        raise ValueError(f"objective fmax finds the clock and the registers itself; give no {given[0]} with it")
    if options.bram and given in (["stages"], ["registers"]):
        raise ValueError(
            f"bram must be 0 or left out, not {options.bram}: tables go into block RAM where a clock decides about the "
            f"registers, and {given[0]} are given; give frequency instead"
        )


def check_frequency(frequency: Any) -> float:
    """Return a clock in MHz, from 1 to 2000; `TypeError` or `ValueError` if it is not one."""
    if isinstance(frequency, bool) or not isinstance(frequency, Real):
        raise TypeError(f"frequency must be a number of MHz, not {frequency!r}")
    megahertz = float(frequency)
    if not 1 <= megahertz <= MAX_FREQUENCY:
        raise ValueError(f"frequency must be from 1 to {MAX_FREQUENCY:g} MHz, not {megahertz:g}")
    return int(megahertz) if isinstance(frequency, Integral) else megahertz


def _read_margin(given: Any) -> float | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, Real):
        raise TypeError(f"margin must be a number, not {given!r}")
    if not 0 < float(given) <= 1:
        raise ValueError(f"margin must be above 0 and at most 1, not {float(given):g}")
    return float(given)


def read_flag(name: str, given: Any) -> bool:
    """Return True or False; `TypeError` if it is neither."""
    if not isinstance(given, bool):
        raise TypeError(f"{name} must be True or False, not {given!r}")
    return given


def read_interval(given: Any) -> int:
    """Return an interval in clocks; `TypeError` or `ValueError` if it is not one."""
    if isinstance(given, bool) or not isinstance(given, Integral):
        raise TypeError(f"interval must be an integer, not {given!r:.60}")
    if not 1 <= (interval := int(given)) <= MAX_INTERVAL:
        raise ValueError(f"interval must be from 1 to {MAX_INTERVAL} clocks, not {given}")
    return interval


def _whole(name: str, given: Any, least: int, most: int | None = None) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, Integral):
        raise TypeError(f"{name} must be an integer, not {given!r}")
    number = int(given)
    if number < least or (most is not None and number > most):
        limits = f"{least} or more" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be {limits}, not {number}")
    return number


def _read_registers(given: Any) -> tuple[str, ...]:
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise TypeError(f"registers must be names of steps in a list or the like, not {given!r}")
    names: tuple[Any, ...] = tuple(given)
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"registers must be names of steps, not {name!r}")
        if names.count(name) > 1:
            raise ValueError(f"registers must be different steps; {name!r} is there {names.count(name)} times")
    return names
