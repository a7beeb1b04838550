from dataclasses import replace

import pytest
from specified import specify
from weighed import built

from softgate.explore.choose.choice import Weighed
from softgate.explore.choose.weighing import rank, size, weigh
from softgate.hdl.scheduling.clocked_schedule import clock_for_ranks
from softgate.methods import find_method

TAKEN = Weighed("table", {}, luts=10.0, dsp=1, bram=2, fmax=100.0, latency=3)


def test_blocks_weigh_what_there_is_of_them_unless_their_number_is_given():
    device = built().device
    block, ram = device.multiplier.worth, device.block_ram.worth
    assert size(TAKEN, built()) == 10 + block + 2 * ram
    assert size(TAKEN, built(dsp=1)) == 10 + 2 * ram
    assert size(replace(TAKEN, measured_luts=12), built(dsp=1, bram=2)) == 12


def test_limits_are_what_was_asked():
    assert (built().dsp, built().bram, built().clock) == (None, None, built().device.frequency)
    limited = built(dsp=0, bram=3, frequency=120.0)
    assert (limited.dsp, limited.bram, limited.clock) == (0, 3, 120.0)
    assert built("fmax").clock is built(stages=2).clock is built(interface="comb").clock is None


@pytest.mark.parametrize(
    ("objective", "best"),
    [("luts", (10, 4)), ("latency", (4, 10)), ("fmax", (-clock_for_ranks(100, 3), 10)), ("balanced", (40, 10))],
)
def test_what_the_best_has_least_of(objective, best):
    assert rank(TAKEN, built(objective, dsp=1, bram=2)) == best


@pytest.mark.parametrize(
    ("objective", "interface", "ways"), [("luts", "stream", 2), ("balanced", "stream", 1), ("luts", "comb", 1)]
)
def test_registers_about_tables_are_weighed_both_ways_for_few_look_up_tables(objective, interface, ways):
    method = find_method("polynomial")
    candidate = next(method.candidates(specify("tanh", "SQ4.6", "SQ1.9", "1ulp"), method.read({})))
    entries = weigh(method, candidate, built(objective, interface=interface))
    assert [entry.weighed.compact for entry in entries] == [objective == "luts", False][:ways]
    assert all((entry.method, entry.candidate) == (method, candidate) for entry in entries)
    assert [entry.weighed.latency for entry in entries] == [entry.schedule.latency for entry in entries]


def test_what_cannot_be_built_says_why():
    method = find_method("polynomial")
    candidate = next(method.candidates(specify("tanh", "SQ4.6", "SQ1.9", "1ulp"), method.read({})))
    (entry,) = weigh(method, candidate, built(frequency=200, latency=1))
    assert entry.schedule is None
    assert entry.weighed.size is None
    assert entry.weighed.refused.startswith("latency 1 is too short for 200 MHz")
