"""The passage of transfers through a neuron, or a layer of them."""

from __future__ import annotations

from ....hdl.interfaces import Ports
from ..passage import Accumulator, Counter, Passage, Place, Replay, Stretch, ranks
from .vector_sum_passage import port_places

__all__ = ["neuron_passage"]

_BESIDE = ("first", "weight_at", "neuron_at")
"""Values that go with an element of a layer: whether it is the first, and which weights and start it meets."""


def neuron_passage(
    most: int, lanes: tuple[str, ...], neurons: int, ports: Ports, registers: tuple[str, ...]
) -> Passage:
    """Return the passage of vectors of up to `most` transfers, given the names of the registers.

    Parameters
    ----------
    most
        The most transfers of a vector.
    lanes
        Names of the codes of a transfer, the lowest bits first.
    neurons
        How many answers a vector has.
    ports, registers
        The ports, and the names of the registers: those that the text does not need are not there.

    """
    entry, result = port_places(ports)
    replay = None
    counters: tuple[Counter, ...] = ()
    clocks = sum(len(ranks(registers, f"{name}_valid")) for name in ("products", "started"))
    if neurons > 1:
        data = tuple(f"{name}_now" for name in (*lanes, *_BESIDE) if f"{name}_now" in registers)
        source = Place(data, "valid_now", "last_now", "ends_now")
        replay = Replay(entry, ports.of("ready", "output").name, lanes, source, neurons)
        clocks += "valid_now1" in registers
    elif "weight_at" in registers:
        source = Place((*entry.data, "weight_at"), entry.valid, entry.last)
        counters = (Counter("weight_at", entry),)
    else:
        source = entry
    finish = sum(len(ranks(registers, f"{name}_valid")) for name in ("argument", "function"))
    held = ("accumulator",) if "accumulator" in registers else ()
    answer = Stretch(source, result, clocks + finish + 2, held, clocks if held else 0, ends=True)
    accumulators = (Accumulator(held, "fresh", source, clocks),) if held else ()
    return Passage(most, (answer,), accumulators, counters, replay=replay)
