import json

import pytest
from damages import DAMAGES
from specified import specify

from softgate.explore.flows import measure as module
from softgate.hdl.interfaces import ports
from softgate.hdl.module_text import module_text
from softgate.hdl.targets import target
from softgate.hdl.unit import choose_schedule
from softgate.methods import find_method

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


@pytest.mark.tools
def test_the_same_is_measured_once(calls):
    schedule = ramp(6)
    first = module.measure(ECP5, schedule, "pipeline")
    assert module.measure(ECP5, schedule, "pipeline", frequency=ECP5.frequency) == first
    assert module.measure(ECP5, ramp(6), "pipeline") == first
    assert (first.luts > 0, len(calls)) == (True, 1)
    routed = module.measure(ECP5, schedule, "pipeline", seeds=(1,))
    assert module.measure(ECP5, schedule, "pipeline", seeds=(1,)) == routed
    assert list(routed.fmax_by_seed) == [1]
    assert module.measure(ECP5, ramp(8), "pipeline").luts > first.luts
    assert module.measure(ECP5, schedule, "stream").ff > first.ff
    assert module.measure(ECP5, schedule, "pipeline", dsp=False) == first
    assert calls == [(), (1,), (), (), ()]


@pytest.mark.tools
def test_it_is_what_synthesis_measures(calls):
    schedule = ramp(7)
    text, seen = module_text(schedule, "stream", "unit"), ports(schedule.plan, "stream")
    expected = module.synthesise(ECP5, text, "unit", ports=seen, seeds=(1,), frequency=150.0)
    assert module.measure(ECP5, schedule, "stream", seeds=(1,), frequency=150.0) == expected


@pytest.fixture
def told(monkeypatch, tmp_path):
    """Let synthesis be instant, and tell a number of its own each time; give what was asked."""
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path / "cache"))
    asked = []

    def synthesise(*arguments, **options):
        asked.append((arguments, options))
        return module.SynthesisResult({"FF": 1, "DSP": 2, "BRAM": 3}, len(asked), {1: 100.0})

    monkeypatch.setattr(module, "synthesise", synthesise)
    return asked


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_measurement_is_made_again(told, tmp_path, damage):
    schedule = ramp(6)
    good = module.measure(ECP5, schedule, "pipeline")
    (entry,) = (tmp_path / "cache").iterdir()
    DAMAGES[damage](entry)
    again = module.measure(ECP5, schedule, "pipeline")
    assert again.luts == len(told)
    assert again.resources == good.resources
    assert module.measure(ECP5, schedule, "pipeline") == again


def test_another_measurement_in_its_place_is_not_taken(told, tmp_path):
    """A figure that was changed by hand, and one that was measured of something else."""
    schedule, other = ramp(6), ramp(7)
    module.measure(ECP5, schedule, "pipeline")
    (entry,) = (tmp_path / "cache").iterdir()
    module.measure(ECP5, other, "pipeline")
    (second,) = set((tmp_path / "cache").iterdir()) - {entry}
    entry.write_bytes(second.read_bytes())
    assert module.measure(ECP5, schedule, "pipeline").luts == len(told) == 3
    content = entry.read_bytes()
    figures = json.loads(content[32:])
    entry.write_bytes(content[:32] + json.dumps({**figures, "luts": 1}).encode())
    assert module.measure(ECP5, schedule, "pipeline").luts == len(told) == 4


def test_all_that_matters_is_asked_anew(told):
    from dataclasses import replace

    schedule = ramp(6)

    def luts(target=ECP5, interface="pipeline", **options):
        return module.measure(target, schedule, interface, **options).luts

    different = [
        luts(),
        luts(seeds=(1,)),
        luts(seeds=(1, 2)),
        luts(seeds=(12,)),
        luts(frequency=50.0),
        luts(frequency=50.5),
        luts(dsp=False),
        luts(bram=False),
        luts(interface="stream"),
        luts(replace(ECP5, frequency=55.0)),
        luts(replace(ECP5, device={**ECP5.device, "nextpnr": ["--85k"]})),
        luts(replace(ECP5, name="other")),
        luts(replace(ECP5, flow="ice40")),
        luts(replace(ECP5, multiplier=None)),
    ]
    assert different == list(range(1, len(told) + 1))
    assert luts() == luts(frequency=ECP5.frequency) == 1
