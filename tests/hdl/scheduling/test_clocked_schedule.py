import re
from dataclasses import replace

import pytest
from plain_target import WITH_BLOCKS

from softgate import design
from softgate.hdl.scheduling import clocked_schedule, schedule
from softgate.hdl.scheduling.clocked_schedule import (
    TimingError,
    clock_for_ranks,
    fastest_schedule,
    predicted_clock,
    timed_schedule,
)
from softgate.hdl.targets import target
from softgate.hdl.targets.delays import size
from softgate.hdl.targets.placement import longest_stage
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op

PLAIN = replace(WITH_BLOCKS, name="plain", multiplier=replace(WITH_BLOCKS.multiplier, delay=7.0))


def powers(count):
    """Return a plan with so many products, one after the other, each of which takes a block for 7 nanoseconds."""
    b = PlanBuilder()
    power = x = b.input("x", FixedFormat.parse("SQ3.0"))
    for number in range(count):
        power = b.let(f"p{number}", op.Multiply(power, x))
    return b.build(y=(b.let("lowest", op.Bits(power, 0, 4)), FixedFormat.parse("UQ4.0")))


PLAN = powers(4)


def megahertz(stage):
    """Return the clock that leaves a stage so many nanoseconds, beside the register's one."""
    return 1000 / (stage + 1)


@pytest.mark.parametrize(("stage", "latency"), [(100, 1), (28, 1), (27, 2), (14, 2), (13, 4), (7, 4)])
def test_there_are_as_few_stages_as_the_clock_allows(stage, latency):
    schedule = timed_schedule(PLAN, PLAIN, megahertz(stage))
    assert schedule.latency == latency
    assert longest_stage(schedule.plan, schedule.stages, PLAIN) <= stage


@pytest.mark.parametrize(("margin", "stage", "latency"), [(0.0, 14, 2), (0.25, 14, 4), (0.25, 17.75, 2)])
def test_a_margin_is_left_free(margin, stage, latency):
    """With a quarter more for what routing may bring, (17.75 + 1) ns are (14 + 1) ns."""
    on = replace(PLAIN, margin=margin)
    schedule = timed_schedule(PLAN, on, megahertz(stage))
    assert schedule.latency == latency
    assert megahertz(stage) <= predicted_clock(schedule, on)


@pytest.mark.parametrize(("margin", "clock"), [(0.0, 125.0), (0.25, 100.0)])
def test_the_clock_that_is_predicted(margin, clock):
    """Each product takes 7 ns, and a register 1 ns."""
    schedule = timed_schedule(PLAN, PLAIN, megahertz(7))
    assert predicted_clock(schedule, replace(PLAIN, margin=margin)) == pytest.approx(clock)


def test_the_ordinary_clock_is_the_target_s():
    assert timed_schedule(PLAN, PLAIN) == timed_schedule(PLAN, PLAIN, 50.0)


def test_what_cannot_be_kept_is_told():
    with pytest.raises(TimingError, match=r"^frequency 900 MHz is too high: plain reaches about \d+ MHz$") as raised:
        timed_schedule(PLAN, PLAIN, 900.0)
    (reached,) = re.findall(r"about (\d+) MHz", str(raised.value))
    assert timed_schedule(PLAN, PLAIN, float(reached)).latency > 4
    with pytest.raises(TimingError):
        timed_schedule(PLAN, PLAIN, 1.02 * float(reached))
    message = "latency 1 is too short for 60 MHz, which takes 2: plain reaches about 34 MHz with a latency of at most 1"
    with pytest.raises(TimingError, match=f"^{message}$"):
        timed_schedule(PLAN, PLAIN, 60.0, 1)
    assert timed_schedule(PLAN, PLAIN, 34.0, 1).latency == 1


@pytest.mark.parametrize(("latency", "stage"), [(4, 7), (3, 14), (2, 14), (1, 28)])
def test_the_fastest_within_a_latency(latency, stage):
    schedule = fastest_schedule(PLAN, PLAIN, latency)
    assert longest_stage(schedule.plan, schedule.stages, PLAIN) == stage
    assert schedule.latency <= latency


def test_the_fastest_of_all_has_its_products_in_pieces():
    fastest = fastest_schedule(PLAN, PLAIN)
    assert longest_stage(fastest.plan, fastest.stages, PLAIN) < 7


def test_a_rank_for_the_clock_alone_gains_a_hundredth():
    on = "ecp5"
    plan = design("tanh_derivative", "SQ3.0", "UQ0.10", method="identity").plan
    fastest = fastest_schedule(plan, target(on))
    assert fastest.latency < 24
    reached = clock(fastest, on)
    for latency in (fastest.latency - 4, fastest.latency + 4):
        other = fastest_schedule(plan, target(on), latency)
        assert other.latency <= latency
        # The clocks that are tried are two hundredths apart.
        assert clock_for_ranks(clock(other, on), other.latency) < 1.03 * clock_for_ranks(reached, fastest.latency)


def clock(schedule, on):
    spread = target(on).spread(size(schedule.plan))
    return megahertz(longest_stage(schedule.plan, schedule.stages, spread, schedule.blocks))


COMPACT = replace(PLAIN, compact_stage=14.0)


@pytest.mark.parametrize(
    ("on", "stage", "latency", "ordinary", "compact"),
    [
        (PLAIN, 28, None, 1, 1),  # nothing is known of shorter stages there
        (COMPACT, 28, None, 1, 2),
        (COMPACT, 100, None, 1, 2),
        (COMPACT, 7, None, 4, 4),  # the clock asks for more
        (COMPACT, 28, 1, 1, 1),  # no more than may be
        (replace(PLAIN, compact_stage=7.0), 28, 3, 1, 3),
    ],
)
def test_compact_stages_are_short_where_that_saves_look_up_tables(on, stage, latency, ordinary, compact):
    assert timed_schedule(PLAN, on, megahertz(stage), latency).latency == ordinary
    assert timed_schedule(PLAN, on, megahertz(stage), latency, compact=True).latency == compact


def test_compact_stages_are_short_beside_a_long_step():
    b = PlanBuilder()
    x, y = b.input("x", FixedFormat.parse("SQ3.0")), b.input("y", FixedFormat.parse("SQ17.0"))
    long = b.let("long", op.Multiply(x, y))
    total = b.let("total", op.Add(long, y))
    last = b.let("again", op.Subtract(x, total))
    plan = b.build(z=(b.let("lowest", op.Bits(last, 0, 4)), FixedFormat.parse("UQ4.0")))
    on = replace(PLAIN, compact_stage=7.0)
    schedule = timed_schedule(plan, on, megahertz(40), compact=True)
    assert schedule.latency == 3


def test_no_schedule_has_more_stages_than_a_unit_may(monkeypatch):
    """Products in pieces take a stage each at the highest clock."""
    plan, on = powers(6), target("ecp5")
    assert fastest_schedule(plan, on).latency > 8
    for module in (schedule, clocked_schedule):
        monkeypatch.setattr(module, "MAX_STAGES", 8)
    for cached in (clocked_schedule._stages, clocked_schedule._schedule):
        cached.cache_clear()
    fastest = fastest_schedule(plan, on)
    assert fastest.latency == 8
    clock = 2 * predicted_clock(fastest, on)
    with pytest.raises(TimingError, match=rf"^frequency {clock:g} MHz is too high: ecp5 reaches about \d+ MHz$"):
        timed_schedule(plan, on, clock)
    for cached in (clocked_schedule._stages, clocked_schedule._schedule):
        cached.cache_clear()
