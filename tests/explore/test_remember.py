"""Designs from the cache: found once, measured every time."""

import json

import pytest

from softgate import design
from softgate.explore import remember
from softgate.explore.choose import search as search_module
from softgate.support import cache


@pytest.fixture
def searches(monkeypatch, tmp_path):
    """Count the searches, with a cache of the test's own."""
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path / "cache"))
    counted = []
    real = search_module.candidates_of
    monkeypatch.setattr(search_module, "candidates_of", lambda *given: counted.append(1) or real(*given))
    return counted


def asked(**options):
    return design("tanh", "SQ3.2", "SQ1.4", method="taylor", cache=True, **{"degree": 1, "segments": 4, **options})


def test_the_second_time_nothing_is_searched(searches):
    first, second = asked(), asked()
    assert len(searches) == 1
    assert (first.plan, first.errors, first.options, first.tried) == (
        second.plan,
        second.errors,
        second.options,
        second.tried,
    )
    assert second.method == "taylor"


def test_a_choice_is_kept(searches):
    first, second = (design("tanh", "SQ3.2", "SQ1.4", target="ecp5", cache=True) for _ in range(2))
    assert first.choice.as_dict() == second.choice.as_dict()
    assert first.built() == second.built()


def test_a_unit_of_two_outputs(searches):
    said = []
    asked = {"method": "table", "with_derivative": "SQ2.3", "cache": True, "progress": said.append}
    first = design("tanh", "SQ3.2", "SQ1.4", **asked)
    assert said
    said.clear()
    second = design("tanh", "SQ3.2", "SQ1.4", **asked)
    assert said == []
    assert (first.plan, first.errors, first.further) == (second.plan, second.errors, second.further)


@pytest.mark.parametrize(
    "other",
    [
        {"degree": 2},
        {"max_error": "2ulp"},
        {"interface": "comb"},
        {"ends": "free"},
        {"input_range": "-1:1"},
        {"with_derivative": "SQ2.3"},
        {"effort": "normal", "target": "ecp5"},
    ],
)
def test_whatever_is_asked_for_counts(other, searches, monkeypatch):
    keys = []
    monkeypatch.setattr(remember, "cached", lambda key, build: keys.append(key) or build())
    asked()
    asked(**other)
    assert len(set(keys)) == 2


@pytest.mark.parametrize("change", ["another plan", "a range that is not proved"])
def test_a_kept_plan_is_measured_again(change, searches, tmp_path):
    unit = asked(degree=2, max_error="1ulp")
    worse = asked(segments=2, max_error="8ulp")
    searches.clear()
    (kept,) = (path for path in cache.cache_folder().iterdir() if unit.plan.sha256[:8] in _sums(path))
    data = json.loads(kept.read_bytes()[32:])
    if change == "another plan":
        data["plan"] = worse.plan.as_dict()
    else:
        narrowed = next(step for step in data["plan"]["steps"] if step["op"] == "narrow")
        narrowed["high"] = 0
    cache._write(kept, json.dumps(data).encode())
    again = asked(degree=2, max_error="1ulp")
    assert len(searches) == 1
    assert again.plan == unit.plan


def _sums(path):
    from softgate.plan import Plan

    return Plan.from_dict(json.loads(path.read_bytes()[32:])["plan"]).sha256


def test_the_flag_is_true_or_false():
    with pytest.raises(TypeError, match="cache must be True or False, not 'yes'"):
        design("tanh", "SQ3.2", "SQ1.4", cache="yes")
