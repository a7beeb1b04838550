import pytest
from specified import specify

from softgate.explore import measure as module
from softgate.hdl.interfaces import ports
from softgate.hdl.module_text import module_text
from softgate.hdl.targets import target
from softgate.hdl.unit import choose_schedule
from softgate.plan.methods import find_method

ECP5 = target("ecp5")


@pytest.fixture
def calls(monkeypatch, tmp_path):
    """Return how often synthesis really runs, with a cache of its own."""
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path))
    made, real = [], module.synthesise

    def synthesise(*arguments, **options):
        made.append(options["seeds"])
        return real(*arguments, **options)

    monkeypatch.setattr(module, "synthesise", synthesise)
    return made


def ramp(width):
    """Return a pipeline of a hard tanh of so many bits."""
    specification = specify("hard_tanh", f"SQ3.{width - 3}", f"SQ1.{width - 1}")
    plan = next(iter(find_method("hard").candidates(specification, {}))).plan
    return choose_schedule(plan, "pipeline", target="ecp5")


def test_the_same_is_measured_once(calls):
    schedule = ramp(6)
    first = module.measure(ECP5, schedule, "pipeline")
    assert module.measure(ECP5, ramp(6), "pipeline") == first
    assert (first.luts > 0, len(calls)) == (True, 1)
    routed = module.measure(ECP5, schedule, "pipeline", seeds=(1,))
    assert module.measure(ECP5, schedule, "pipeline", seeds=(1,)) == routed
    assert list(routed.fmax_by_seed) == [1]
    assert module.measure(ECP5, ramp(8), "pipeline").luts > first.luts
    assert module.measure(ECP5, schedule, "stream").ff > first.ff
    assert module.measure(ECP5, schedule, "pipeline", dsp=False) == first
    assert calls == [(), (1,), (), (), ()]


def test_it_is_what_synthesis_measures(calls):
    schedule = ramp(7)
    text, seen = module_text(schedule, "stream", "unit"), ports(schedule.plan, "stream")
    expected = module.synthesise(ECP5, text, "unit", ports=seen, seeds=(1,), frequency=150.0)
    assert module.measure(ECP5, schedule, "stream", seeds=(1,), frequency=150.0) == expected
