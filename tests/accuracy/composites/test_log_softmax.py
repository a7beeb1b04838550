from fractions import Fraction

import numpy as np
import pytest

from softgate.accuracy.composites import find_composite

ASKED = {"n": 10, "input_format": "SQ6.10", "output_format": "SQ6.10", "max_error": "1ulp"}


def asked(**other):
    return find_composite("log_softmax").read(**ASKED | other)


def promises(unit):
    words = unit.words()
    errors = {name: part.budget.limit for name, part in unit.parts(words).items()}
    return {promise.name: promise for promise in unit.contract(words, errors)}


def test_a_softmax_with_log_is_one():
    softmax = find_composite("softmax")
    assert softmax.read(**ASKED, log=True) == asked()
    assert softmax.read(**ASKED | {"output_format": "UQ0.16", "max_error": "4ulp"}, log=False).name == "softmax"
    with pytest.raises(TypeError, match="log must be True or False, not 'yes'"):
        softmax.read(**ASKED, log="yes")


def test_what_is_asked_round_trips():
    assert find_composite("log_softmax").read(**asked().as_dict()) == asked()


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"max_error": "8ulp"},
        {"base": "2"},
        {"n": 1024, "max_error": "2^-8"},
        {"arrangement": "parallel"},
        {"output_format": "SQ4.2"},
        {"input_format": "UQ1.15"},
        {"input_format": "SQ8.0"},
    ],
)
def test_words_are_the_smallest_that_keep_the_budget(other):
    unit = asked(**other)
    words = unit.words()
    allowed = float(unit.budget.limit) * (2.0**-unit.output_format.fraction_bits if unit.budget.ulp else 1)
    assert promises(unit)["error"].limit <= allowed
    for name in unit.free:
        free = {**words, "multiple_bits": words["multiple_bits"]}
        fewer = {**free, name: free[name] - 1}
        if fewer[name] > 0 and fewer["sum_bits"] >= fewer["weight_bits"] and name != "multiple_bits":
            assert not unit._within(fewer, allowed), name


def test_contract():
    found = promises(asked())
    assert list(found) == ["error", "sum", "sign", "equal", "order", "one"]
    assert 0.9 * 2**-10 < found["error"].limit <= 2**-10
    # e^error - 1, and nine elements at e^-32.
    assert found["sum"].limit == pytest.approx(np.expm1(found["error"].limit) + 9 * np.exp(-32.0), rel=1e-9)
    assert found["one"].limit == 0
    assert "one" not in promises(asked(arrangement="parallel"))
    # At -4 the least value counts: e^-4 is 0.018.
    narrow = promises(asked(output_format="SQ3.10"))
    assert narrow["sum"].limit == pytest.approx(np.expm1(narrow["error"].limit) + 9 * np.exp(-4.0), rel=1e-9)
    two = promises(asked(output_format="SQ3.10", base="2"))
    assert two["sum"].limit == pytest.approx(2 ** two["error"].limit - 1 + 9 / 16, rel=1e-9)


def test_half_of_what_is_cut_is_added_to_the_logarithm():
    unit = asked()
    words = unit.words()
    assert (words["index_bits"], words["sum_bits"]) == (14, 18)
    assert unit.parts(words)["logarithm"].function == "log(x + 1.0000476837158203125)"
    assert 1 + 2**-15 + 9 * 2**-19 == 1.0000476837158203125
    assert asked(base="2").parts(words)["logarithm"].function == "log2(x + 1.0000476837158203125)"


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"n": 1}, "not 1; the log_softmax of one element is 0"),
        ({"output_format": "UQ6.10"}, "output must be signed for a log_softmax, such as SQ6.10, not UQ6.10"),
        ({"output_format": "SQ2.10"}, r"output must hold -ln\(10\), the output of 10 equal elements, which SQ2\.10"),
        ({"output_format": "SQ3.10", "base": "2", "n": 17}, r"output must hold -log2\(17\)"),
        ({"output_format": "SQ20.10"}, "output must have at most 24 bits for a log_softmax, not 30"),
        ({"output_format": "SQ18.-2"}, "output must have its binary point within its bits"),
        ({"max_error": "0.5ulp"}, r"no log_softmax to SQ6\.10 keeps 0\.5ulp with 10 elements: rounding takes 0\.5ulp"),
        ({"input_format": "SQ20.20"}, "input must have at most 24 bits for a log_softmax, not 40"),
    ],
)
def test_refusals(other, message):
    with pytest.raises(ValueError, match=message):
        asked(**other).words()


def test_a_format_that_just_holds_the_equal_elements():
    assert asked(output_format="SQ3.10", base="2", n=16).n == 16


def test_a_larger_error_falls_short():
    unit = asked()
    words = unit.words()
    contract = unit.contract(words, {"weight": Fraction(1, 1000), "logarithm": Fraction(1, 1 << 14)})
    assert unit.shortfall(contract).endswith("are more than 1ulp")
