import pytest
from specified import specify

from softgate.explore.choose.left_out import candidates_of
from softgate.methods import find_method

TABLE = find_method("table")


def found(budget="1ulp", **given):
    return list(candidates_of(TABLE, specify("tanh", "SQ3.2", "SQ1.4", budget), given))


def are_the_same(some, others):
    return len(some) == len(others) and all(one is other for one, other in zip(some, others, strict=True))


def test_a_search_is_made_once():
    assert are_the_same(found(), found())


@pytest.mark.parametrize(("budget", "given"), [("2ulp", {}), ("1ulp", {"folding": "code"})])
def test_another_search_is_another(budget, given):
    assert not are_the_same(found(), found(budget, **given))


def test_whoever_stops_early_leaves_the_rest_to_others():
    asked = specify("logistic", "SQ3.2", "UQ0.4", "1ulp")
    first = next(candidates_of(TABLE, asked, {}))
    others = list(candidates_of(TABLE, asked, {}))
    assert len(others) > 1 and others[0] is first


@pytest.mark.parametrize("patched", ["softgate.methods.table.__doc__", "the class"])
def test_who_patches_what_is_beneath_searches_anew(patched, monkeypatch):
    before = found()
    if patched == "the class":
        monkeypatch.setattr(TABLE, "summary", "another")
    else:
        monkeypatch.setattr(patched, "another")
    assert not are_the_same(before, found())


def test_the_next_one_shares_again(monkeypatch):
    monkeypatch.setattr("softgate.support.progress._SILENCE", 1.0)  # which no candidate depends on
    assert are_the_same(found(), found())
