"""Products by digits: exact whatever clocks they take, also one right behind the other."""

import numpy as np
import pytest
from amaranth.hdl import Module, Signal, signed
from amaranth.sim import Simulator

from softgate.hdl.composites.serial_product import SerialProduct
from softgate.hdl.scheduling.schedule import even_schedule
from softgate.plan.operations import Range

GATE, FACTOR = Range(0, 63), Range(-16, 15)


def run(unit, interval, pairs):
    """Return the products of pairs that come one an interval; a bit is added at the first place of every product."""
    m, turn, advance = Module(), Signal(interval, init=1), Signal(init=1)
    gate, factor = Signal(GATE.width), Signal(signed(FACTOR.width))
    schedule = even_schedule(unit.plan("product_"), 2)
    m.d.sync += turn.eq(turn.rotate_left(1))
    starts = {0: unit.places[:1]}
    y = unit.connect(m, schedule, {"gate": gate, "factor": factor}, turn, starts, advance, first=1, unit="product")
    found = []

    async def bench(ctx):
        for clock in range(interval * len(pairs) + unit.latency(schedule) + 1):
            number, now = divmod(clock, interval)
            pair = pairs[number] if not now and number < len(pairs) else (63, -1)
            ctx.set(gate, pair[0])
            ctx.set(factor, pair[1])
            behind = clock - unit.latency(schedule)
            if behind >= 0 and behind % interval == 0 and behind // interval < len(pairs):
                found.append(ctx.get(y))
            await ctx.tick()

    simulator = Simulator(m)
    simulator.add_clock(1e-8)
    simulator.add_testbench(bench)
    simulator.run()
    return found


@pytest.mark.parametrize(("clocks", "rows", "busy"), [(1, 4, 1), (2, 2, 2), (3, 2, 2), (4, 1, 4)])
def test_products_are_exact(clocks, rows, busy):
    unit = SerialProduct(GATE, FACTOR, clocks)
    assert (unit.rows, unit.busy) == (rows, busy)
    random = np.random.default_rng(1)
    pairs = [(0, -16), (63, -16), (63, 15), (1, -1), *random.integers((0, -16), (64, 16), (20, 2))]
    pairs = [(int(gate), int(factor)) for gate, factor in pairs]
    assert run(unit, busy, pairs) == [gate * factor for gate, factor in pairs]


@pytest.mark.parametrize(("clocks", "place"), [(1, 1), (1, 5), (2, 3), (2, 5), (4, 3)])
def test_a_bit_below_a_row(clocks, place):
    unit = SerialProduct(GATE, FACTOR, clocks, (place,))
    assert unit.holds(place)
    pairs = [(0, 0), (63, -16), (63, 15), (20, -7)]
    assert run(unit, unit.busy + 1, pairs) == [gate * factor + (1 << place) for gate, factor in pairs]


def test_places_that_have_no_room():
    unit = SerialProduct(GATE, FACTOR, 2)
    assert [place for place in range(-1, 10) if unit.holds(place)] == [1, 3, 5]
