import pytest

from softgate.accuracy.composites import find_composite

ASKED = {"n": 10, "input_format": "SQ6.10", "output_format": "SQ6.10", "max_error": "1ulp"}


def asked(**other):
    return find_composite("logsumexp").read(**ASKED | other)


def test_contract():
    unit = asked()
    words = unit.words()
    parts = unit.parts(words)
    assert all(part.monotonic for part in parts.values())
    errors = {name: part.budget.limit for name, part in parts.items()}
    found = {promise.name: promise for promise in unit.contract(words, errors)}
    assert list(found) == ["error", "maximum", "monotone", "symmetry", "one"]
    assert 0.9 * 2**-10 < found["error"].limit <= 2**-10
    assert unit.title == "logsumexp, ln of the sum of exp(x): vectors of 1 to 10 elements, SQ6.10 to SQ6.10"


@pytest.mark.parametrize("other", [{"output_format": "UQ4.2"}, {"output_format": "SQ2.10"}])
def test_any_format_of_the_output_will_do(other):
    assert asked(**other).words()


def test_refusals():
    with pytest.raises(ValueError, match="not 1; the logsumexp of one element is that element"):
        asked(n=1)
    with pytest.raises(TypeError, match="logsumexp has no argument 'log'"):
        asked(log=True)
