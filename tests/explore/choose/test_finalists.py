"""The chooser with more effort: stand-ins for synthesis, and the real one."""

import pytest
from specified import specify
from weighed import chosen, how, measured

from softgate import design
from softgate.explore.choose import chooser
from softgate.explore.choose import finalists as module
from softgate.explore.choose.chooser import choose
from softgate.methods import find_method

METHODS = [find_method(name) for name in ("table", "bipartite", "polynomial")]
SMALL = specify("tanh", "SQ3.3", "SQ1.5", "1ulp")
MEDIUM = specify("tanh", "SQ4.6", "SQ1.9", "1ulp")


def test_measured_figures_outweigh_the_model(monkeypatch):
    monkeypatch.setattr(module, "measure", measured(lambda number: 100 - number, lambda _: 250.0))
    found = choose(MEDIUM, METHODS, *how("luts", "normal"))
    sizes = [each.measured_luts for each in found.choice.weighed]
    assert sizes[:12] == list(range(89, 101))
    assert set(sizes[12:]) == {None}
    assert chosen(found) == found.choice.weighed[0]
    clocks = [each.measured_fmax for each in found.choice.weighed]
    assert clocks == [250.0] + [None] * (len(clocks) - 1)  # the first keeps the target's ordinary clock


def test_the_clock_is_kept_where_place_and_route_tells(monkeypatch):
    monkeypatch.setattr(module, "measure", measured(lambda number: 50 + number, lambda number: 190.0 + 6 * number))
    found = choose(MEDIUM, METHODS, *how("luts", "normal", frequency=200))
    assert (chosen(found).measured_luts, chosen(found).measured_fmax) == (52, 202.0)
    slow = [each for each in found.choice.weighed if each.measured_fmax and each.measured_fmax < 200]
    assert [each.measured_luts for each in slow] == [51, 50]


@pytest.mark.parametrize(("asked", "fastest"), [({"frequency": 200}, 150.0), ({}, 99.0)])
def test_where_none_keeps_the_clock_the_fastest_is_taken_and_misses_it(asked, fastest, monkeypatch):
    monkeypatch.setattr(module, "measure", measured(lambda number: 50 + number, lambda number: fastest - number))
    found = choose(MEDIUM, METHODS, *how("luts", "normal", **asked))
    assert chosen(found).measured_fmax == fastest
    assert found.choice.misses(chosen(found))


def test_without_a_clock_none_is_routed(monkeypatch):
    monkeypatch.setattr(module, "measure", measured(lambda number: 50 + number, lambda _: 1.0))
    found = choose(MEDIUM, METHODS, *how("luts", "normal", stages=3))
    assert found.choice.frequency is None
    assert {each.measured_fmax for each in found.choice.weighed} == {None}


def test_the_fastest_is_measured(monkeypatch):
    monkeypatch.setattr(module, "measure", measured(lambda _: 50, lambda number: 100.0 + number))
    found = choose(MEDIUM, METHODS, *how("fmax", "normal"))
    fastest = [each.measured_fmax for each in found.choice.weighed[:3]]
    assert fastest == sorted(fastest, reverse=True)
    assert chosen(found).measured_fmax == fastest[0]


@pytest.mark.tools
@pytest.mark.parametrize(
    ("effort", "most", "searched", "given"), [("normal", 12, 0, {}), ("high", 40, 2, {"products": "last"})]
)
def test_finalists_of_a_named_method(effort, most, searched, given, monkeypatch):
    monkeypatch.setattr(module, "_MOVES", 200)
    monkeypatch.setattr(module, "measure", measured(lambda number: 100 - number, lambda _: 250.0))
    options = {"method": "polynomial", "target": "ecp5", "objective": "luts", **given}
    found = design("tanh", "SQ4.5", "SQ1.8", effort=effort, **options)
    sizes = [each.measured_luts for each in found.choice.weighed if each.measured_luts is not None]
    annealed = [each for each in found.choice.weighed if "moves" in each.parameters]
    assert len(sizes) - len(annealed) == min(most, len(found.choice.weighed) - len(annealed)) > 1
    assert searched <= len(annealed) <= 2 * searched  # with one schedule or both
    assert sizes == sorted(sizes)
    assert chosen(found).measured_luts == sizes[0]


@pytest.mark.tools
def test_real_synthesis(monkeypatch):
    monkeypatch.setattr(chooser, "_EXTENTS", {"normal": chooser._Extent(24, 3, 1)})  # 12 take as long again
    steps = []
    found = choose(SMALL, METHODS, *how("luts", "normal"), steps.append, wait=False)
    sizes = [each.measured_luts for each in found.choice.weighed if each.measured_luts is not None]
    assert len(sizes) == 3
    assert chosen(found).measured_luts == min(sizes)
    assert steps[-1].endswith("ulp")
    assert any(step.startswith("synthesised 3 of 3; best so far ") for step in steps)
