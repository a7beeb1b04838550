"""Composites as Amaranth components."""

from __future__ import annotations

from amaranth.hdl import Module
from amaranth.lib import wiring

from ..connection import member_signal, members
from .base import CompositeHardware

__all__ = ["CompositeComponent"]


class CompositeComponent(wiring.Component):
    """The hardware of a composite as an Amaranth component.

    Its streams are called after the first of their fields, and their payloads are structs: those of a softmax are
    ``x``, with ``x.payload.x`` and ``x.payload.last``, and ``y`` likewise; on AXI4-Stream they are ``s_axis`` and
    ``m_axis``.
    Registers are in the ``sync`` domain.

    Parameters
    ----------
    hardware
        What it consists of.

    """

    def __init__(self, hardware: CompositeHardware) -> None:
        self._hardware = hardware
        super().__init__(members(hardware.ports))

    @property
    def hardware(self) -> CompositeHardware:
        """Its ports, timing and statements."""
        return self._hardware

    @property
    def latency(self) -> int:
        """Clocks from the first input to the first output, unless stalled; with vectors, of the longest ones."""
        return self._hardware.latency

    def elaborate(self, platform: object) -> Module:
        """Build the module."""
        m = Module()
        signals = {port.name: member_signal(self, port) for port in self._hardware.ports if port.member}
        self._hardware.connect(m, signals)
        return m
