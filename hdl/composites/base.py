"""The base of the hardware of composites."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from amaranth.hdl import Module, Value

from ...accuracy.composites.base import Words
from ...plan.formats import FixedFormat
from ...plan.plan import Plan
from ..build_options import BuildOptions
from ..interfaces import Ports
from ..module_text import printed_module
from ..scheduling.schedule import Schedule

__all__ = ["CompositeHardware"]


class CompositeHardware(ABC):
    """The hardware of a composite: its ports, its timing, and its Amaranth statements (see `composite_hardware`).

    Attributes
    ----------
    ports : Ports
        The ports of the module.
    latency : int
        Clocks from the first input to the first output that answers it, unless stalled.
    timing : str
        The same in words, with what it depends on.
    interval : int
        Clocks from one transfer in to the next, unless stalled; on average, where it holds inputs back.
    schedule : Schedule or None
        The plan and its stages, if it is the unit of one plan.
    held : tuple of str
        Registers that keep what they hold in a clock without an input, whatever else moves.
    holds_back : bool
        Whether it refuses inputs at times although no output waits, since it still works on earlier ones.
    formats : dict
        The format of each field of the data ports, by the field's name.

    """

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    ports: Ports
    latency: int
    timing: str
    formats: Mapping[str, FixedFormat]
    interval: int = 1
    schedule: Schedule | None = None
    held: tuple[str, ...] = ()
    holds_back: bool = False

    def __init__(self, asked: Any, words: Words, plans: Mapping[str, Plan], options: BuildOptions) -> None:
        self.asked, self.words, self.plans, self.options = asked, words, plans, options

    def most_clocks(self, transfers: int) -> int:
        """Return the most clocks until so many input transfers are answered, if nothing stalls."""
        return transfers * self.interval + self.latency

    @abstractmethod
    def connect(self, m: Module, signals: Mapping[str, Value]) -> None:
        """Add the hardware to a module, between `signals` named after its ports; registers are in ``sync``."""

    def verilog(self, name: str, *, header: str = "") -> str:
        """Return one flat Verilog-2005 module called `name`, under `header` as a comment."""
        return printed_module(name, self.ports, self.connect, header=header, target=self.options.device)
