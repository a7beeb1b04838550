from fractions import Fraction

import pytest

from softgate.accuracy.composites import composite_classes, find_composite, is_composite

ASKED = {"n": 10, "input_format": "SQ6.10", "output_format": "UQ0.16", "max_error": "2^-11"}


def asked(**other):
    return find_composite("softmax").read(**ASKED | other)


def errors(words):
    """The errors that the parts are asked for."""
    return {part: Fraction(1, 1 << words[f"{part[:3] if part == 'logarithm' else part}_bits"]) for part in PARTS}


PARTS = ("weight", "logarithm", "share")


def promises(unit):
    words = unit.words()
    return {promise.name: promise for promise in unit.contract(words, errors(words))}


def test_registry():
    assert "softmax" in [cls.name for cls in composite_classes()]
    assert is_composite(" Softmax ")
    assert not is_composite("tanh")
    with pytest.raises(ValueError, match=r"there is no composite 'softmx'; did you mean softmax\?"):
        find_composite("softmx")


def test_what_is_asked_round_trips():
    unit = asked()
    assert find_composite("softmax").read(**unit.as_dict()) == unit


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"max_error": "8ulp"},
        {"base": "2"},
        {"n": 2},
        {"n": 1024},
        {"arrangement": "parallel"},
        {"output_format": "SQ1.15", "max_error": "4ulp"},
        {"input_format": "UQ1.15"},
        {"input_format": "SQ8.0"},
    ],
)
def test_words_are_the_smallest_that_keep_the_budget(other):
    unit = asked(**other)
    words = unit.words()
    allowed = float(unit.budget.limit) * (2.0**-unit.output_format.fraction_bits if unit.budget.ulp else 1)
    assert promises(unit)["error"].limit <= allowed
    for name in ("share_bits", "log_bits", "index_bits", "weight_bits", "distance_bits", "sum_bits"):
        fewer = {**words, name: words[name] - 1}
        if fewer["distance_bits"] <= fewer["log_bits"] and fewer["sum_bits"] >= fewer["weight_bits"]:
            free = {**fewer, "multiple_bits": words["multiple_bits"]}
            assert not unit._within(free, allowed), name


def test_contract():
    found = promises(asked())
    assert list(found) == ["error", "sum", "equal", "order", "one"]
    assert 2**-12 < found["error"].limit <= 2**-11
    assert found["sum"].limit == 2**-10
    assert found["one"].limit == 65535 / 65536
    assert "one" not in promises(asked(arrangement="parallel"))


def test_the_logarithm_is_raised_for_what_is_cut():
    """By 2^-index_bits and 9 times 2^-sum_bits."""
    unit = asked()
    words = unit.words()
    assert (words["index_bits"], words["sum_bits"]) == (14, 19)
    part = unit.parts(words)["logarithm"]
    assert part.function == "log2(x + 1.0000782012939453125) + 0.0002956390380859375"
    assert 1 + 2**-14 + 9 * 2**-19 == 1.0000782012939453125


def test_powers_of_two_need_no_multiple():
    words = asked(base="2").words()
    assert (words["multiple"], words["multiple_bits"]) == (1, 0)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"n": 0}, "n must be from 2 to 1024 elements for arrangement stream, not 0"),
        ({"n": 1}, "not 1; the softmax of one element is 1"),
        ({"n": 17, "arrangement": "parallel"}, "n must be from 2 to 16 elements for arrangement parallel, not 17"),
        ({"arrangement": "serial"}, "there is no arrangement 'serial'"),
        ({"base": "10"}, "there is no base '10'"),
        ({"max_error": "1ulp"}, r"no softmax to UQ0\.16 keeps 1ulp with 10 elements: rounding down takes 1ulp"),
        ({"max_error": "-1"}, "an error budget must be above 0, not -1"),
        ({"n": 256, "output_format": "UQ0.6"}, r"output must have 8 fraction bits or more for 256 elements"),
        ({"output_format": "UQ16.0"}, "output must have 2 to 24 fraction bits"),
        ({"output_format": "SQ0.16"}, "output must have 2 to 24 fraction bits, and hold shares up to 1"),
        ({"input_format": "SQ20.20"}, "input must have at most 24 bits for a softmax, not 40"),
        ({"input_format": "int8:0.047:-3"}, "input must be a fixed-point format such as UQ0.16 for a softmax"),
        ({"input_format": "Q4.4"}, "input"),
    ],
)
def test_refusals(other, message):
    with pytest.raises(ValueError, match=message):
        asked(**other).words()


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"n": 2.5}, "n must be a whole number of elements, not 2.5"),
        ({"n": True}, "n must be a whole number of elements, not True"),
        ({"n": None}, "softmax needs n"),
        ({"n": "3"}, "n must be a whole number of elements, not '3'"),
        ({"max_eror": "1ulp"}, "softmax has no argument 'max_eror': it takes n, input_format"),
        ({"max_error": float("nan")}, "an error budget is written as text such as 1ulp"),
        ({"input_format": float("nan")}, "input format must be text such as 'SQ4.12'"),
        ({"mask": 1}, "softmax has no argument 'mask': it takes n, input_format"),
    ],
)
def test_wrong_kinds(other, message):
    with pytest.raises(TypeError, match=message):
        asked(**other)
