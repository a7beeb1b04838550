import json
from types import SimpleNamespace

import pytest

from softgate import design
from softgate.explore.choose import verified as module
from softgate.explore.choose.verified import is_in_doubt, verified
from softgate.explore.flows.measure import SEEDS
from softgate.hdl.manifest import Manifest

BUILT = {"method": "taylor", "degree": 2, "segments": 16, "target": "ecp5", "dsp": 0, "bram": 0}


@pytest.fixture(scope="module")
def near():
    """Return a unit for 200 MHz, which is predicted not to be much faster."""
    found = design("tanh", "SQ4.8", "SQ1.9", frequency=200, verify=False, **BUILT)
    assert is_in_doubt(found)
    return found


@pytest.fixture
def router(monkeypatch):
    """Pretend to route: a unit reaches what is added to the ranks for its clock; returns the ranks that were routed."""
    asked = []

    def pretend(reached):
        def measure(target, schedule, interface, *, seeds, frequency, dsp, bram):
            assert (target.name, interface, seeds, frequency, dsp, bram) == (
                "ecp5",
                "pipeline",
                SEEDS,
                200,
                False,
                False,
            )
            asked.append(schedule.latency)
            return SimpleNamespace(fmax=reached(schedule.latency - near_latency))

        monkeypatch.setattr(module, "_can_route", lambda _: True)
        monkeypatch.setattr(module, "measure", measure)
        return asked

    near_latency = design("tanh", "SQ4.8", "SQ1.9", frequency=200, verify=False, **BUILT).schedule().latency
    return pretend


def test_a_near_clock_that_is_kept_is_routed_once(near, router):
    asked = router(lambda _: 201.0)
    found = verified(near)
    assert asked == [near.schedule().latency]
    assert (found.reached, found.misses, found.options.margin) == (201.0, False, None)
    assert found.schedule() == near.schedule()


def test_a_near_clock_that_is_missed_takes_ranks_more(near, router, tmp_path):
    asked = router(lambda more: 196.0 + 5 * more)
    steps = []
    found = verified(near, steps.append)
    assert asked[0] == near.schedule().latency
    assert len(asked) == len(steps) == 2
    assert found.schedule().latency == asked[1] > asked[0]
    assert not found.misses
    assert 0 < found.options.margin < 0.2
    # What is designed is what is emitted, and what is printed again.
    manifest = found.emit(tmp_path)
    assert (manifest.frequency, manifest.clock, manifest.latency) == (200, 200, asked[1])
    assert json.loads((tmp_path / "tanh.json").read_text())["pipelining"]["margin"] == found.options.margin
    assert Manifest.load(tmp_path / "tanh.json").options == found.options
    # The margin is that of the clock that was asked for.
    assert found.built(frequency=100).margin is None


def test_a_clock_that_no_pipeline_keeps_is_missed_by_the_fastest(near, router):
    asked = router(lambda more: 190.0 - more)
    found = verified(near)
    assert 1 < len(asked) <= 4
    assert found.misses
    assert (found.reached, found.schedule()) == (190.0, near.schedule())


def test_without_doubt_or_a_clock_or_tools_nothing_is_started(near, router, monkeypatch):
    asked = router(lambda _: 1.0)
    slow = design("tanh", "SQ4.8", "SQ1.9", **BUILT)
    far = design("tanh", "SQ4.8", "SQ1.9", frequency=200, verify=False, **BUILT, compact=False, objective="luts")
    monkeypatch.setattr(module, "predicted_clock", lambda *_: 210.1)
    assert not is_in_doubt(far)
    assert verified(slow) == slow
    assert verified(far) == far
    monkeypatch.undo()
    assert verified(near) == near
    assert asked == []


def test_verification_is_left_out_on_request(router):
    asked = router(lambda _: 201.0)
    how = {"frequency": 200, **BUILT}
    assert design("tanh", "SQ4.8", "SQ1.9", verify=False, **how).reached is None
    assert design("tanh", "SQ4.8", "SQ1.9", **how).reached == 201.0
    assert len(asked) == 1
