"""Specifications of neurons: arguments, word lengths, sums, the contract, and what is refused."""

from fractions import Fraction

import numpy as np
import pytest
from small_neurons import BIASES, small_neuron

from softgate.accuracy.composites.neuron import Neuron
from softgate.plan import FixedFormat
from softgate.plan.operations import Range

ASKED = {"inputs": 16, "x": "SQ1.7", "weights": "SQ1.7", "function": "tanh", "output_format": "SQ1.7"}
CONSTANT = {"weights": np.full(16, 0.5), "weight_format": "SQ1.7"}


def asked(**changed):
    return Neuron.read(**{**ASKED, **changed})


def test_words_of_sixteen_inputs():
    # 16 products of up to 2^14, and 2^5 for rounding, are beyond 19 bits; tanh is as steep as 1, and 2^-9 is 1/4 ulp.
    assert asked().words() == {
        "sum_bits": 20,
        "argument_signed": 1,
        "argument_integer_bits": 3,
        "argument_bits": 8,
        "function_steps": 48,
    }
    assert asked().sums == Range(-16 * 127 * 128, 16 * 128 * 128)


def test_the_sum_is_as_wide_as_constant_weights_need():
    unit = asked(**CONSTANT, bias=0.25)
    assert unit.biases == (1 << 12,)
    assert unit.sums == Range(-16 * 64 * 128 + 4096, 16 * 64 * 127 + 4096)
    assert unit.words()["sum_bits"] == 19
    assert asked(**{**CONSTANT, "weights": np.full(16, 1 / 128)}).words()["sum_bits"] == 13  # 16 * 127 + 32
    layer = asked(weights=np.array([np.full(16, 1 / 128), np.full(16, -0.5)]), weight_format="SQ1.7", bias=[1.0, 0])
    assert layer.sums == Range(-16 * 64 * 127, 16 * 64 * 128)
    assert layer.neurons == 2


def test_no_sum_of_the_first_elements_is_wider():
    unit = small_neuron("layer", bias="each").asked
    products = unit.rows[..., 0][:, :, None] * np.arange(unit.x.min_code, unit.x.max_code + 1)
    low = np.array(unit.biases)[:, None] + np.cumsum(products.min(axis=2), axis=1)
    high = np.array(unit.biases)[:, None] + np.cumsum(products.max(axis=2), axis=1)
    assert (low.min(), high.max()) == unit.sums


@pytest.mark.parametrize(
    ("changed", "argument"),
    [
        ({"function": "linear"}, "SQ1.7"),
        ({"function": "linear", "output_format": "SQ4.8"}, "SQ4.8"),
        ({"function": "relu", "output_format": "UQ2.6"}, "SQ3.7"),  # from 4 on the output is limited anyway
        ({"function": "exp", "output_format": "UQ2.6"}, "SQ4.9"),  # exp(-4) is more than an ulp
        ({"max_error": "4ulp"}, "SQ3.6"),
        ({"max_error": "0.5ulp"}, "SQ5.14"),  # half an ulp is for rounding the output
        ({"function": "min(max(x*1024, 0), 1)"}, "SQ1.14"),  # so steep that only exact sums are near enough
    ],
)
def test_the_format_of_the_argument_is_the_smallest(changed, argument):
    unit = asked(**changed)
    assert str(unit.argument(unit.words())) == argument


def test_the_contract_follows_from_the_part():
    unit = asked()
    words = unit.words()
    ulp, rounding = FixedFormat.parse("SQ1.7").ulp, unit._argument_error(unit.argument(words))
    (error, total) = unit.contract(words, {"function": Fraction(1, 256)})
    assert Fraction(error.limit) == pytest.approx(float(Fraction(1, 256) + rounding * ulp), rel=1e-12)
    assert total.limit == 20
    assert unit.shortfall((error, total)) == ""
    worse = unit.contract(words, {"function": Fraction(1, 128)})
    assert unit.shortfall(worse) == f"{worse[0].statement}, more than 1ulp"
    linear = asked(function="x")
    assert linear.contract(linear.words(), {})[0].limit == 2**-8
    exact = asked(function="linear", output_format="SQ6.14")
    assert exact.contract(exact.words(), {})[0].limit == 0


def test_arguments_are_read_again():
    for unit in (
        small_neuron("layer", bias="each").asked,
        small_neuron("one").asked,
        small_neuron().asked,
        small_neuron(function="linear", parallel=5, output="SQ3.2").asked,
    ):
        assert Neuron.read(**unit.as_dict()) == unit


def test_a_layer_of_one_neuron_is_a_layer():
    one, layer = (asked(weights=w, weight_format="SQ1.7") for w in (np.full(16, 0.5), np.full((1, 16), 0.5)))
    assert (one.is_layer, layer.is_layer) == (False, True)
    assert one.weights == layer.weights


def test_padding_is_said():
    assert "the last 2 of the last transfer with weight 0" in asked(parallel=3).title
    assert asked(parallel=3).transfers == 6
    assert asked(**CONSTANT, parallel=3).rows[0, 5].tolist() == [64, 0, 0]


@pytest.mark.parametrize("changed", [{}, {"parallel": 3}, {**CONSTANT, "bias": "-1/4", "parallel": 3}])
def test_extreme_vectors_reach_the_ends_of_the_sums(changed):
    unit, sums = asked(**changed), []
    for vector in unit.extreme_vectors():
        x = np.stack(vector[: unit.parallel], axis=-1)
        w = np.stack(vector[unit.parallel :], axis=-1) if unit.weights is None else unit.rows[0]
        sums.append(int((x * w).sum()) + unit.biases[0])
    assert (min(sums), max(sums)) == unit.sums


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"inputs": 0}, ValueError, "inputs must be from 1 to 4096, not 0"),
        ({"inputs": "16"}, TypeError, "inputs must be a whole number, not '16'"),
        ({"parallel": 17}, ValueError, "parallel must be from 1 to 16 as there are inputs, not 17"),
        ({"parallel": 0}, ValueError, "parallel must be from 1 to 16"),
        ({"x": "SQ20.7"}, ValueError, "x must have at most 24 bits, not 27"),
        ({"function": "tahn"}, ValueError, "did you mean tanh"),
        ({"function": 3}, TypeError, "function must be a name such as tanh, or an expression of x as text, not 3"),
        ({"weights": np.zeros(15), "weight_format": "SQ1.7"}, ValueError, r"weights must have shape \(16,\), or"),
        ({"weights": np.zeros((16, 2)), "weight_format": "SQ1.7"}, ValueError, r"not \(16, 2\)"),
        ({"weights": np.zeros((2, 2, 16)), "weight_format": "SQ1.7"}, ValueError, r"not \(2, 2, 16\)"),
        ({"weights": np.zeros((0, 16)), "weight_format": "SQ1.7"}, ValueError, "weights must be those of 1 to 4096"),
        ({"weights": np.zeros(16)}, TypeError, "constant weights need weight_format"),
        ({"weight_format": "SQ1.7"}, ValueError, "weight_format is for constant weights"),
        ({"weights": np.full(16, np.nan), "weight_format": "SQ1.7"}, ValueError, "there is a NaN"),
        ({"weights": np.full(16, 1.0), "weight_format": "SQ1.7"}, ValueError, r"weights at \[0\] must be from -1 to"),
        ({"weights": "w.bin"}, ValueError, "w.bin"),
        (
            {"bias": [1.0, 2.0]},
            ValueError,
            r"bias must hold one number, or one for each of 1 neurons, not shape \(2,\)",
        ),
        ({"bias": "much"}, ValueError, "bias must be a number such as 0.25"),
        ({"memory": "bram"}, ValueError, "memory is for constant weights; it must be auto for streamed ones, not bram"),
        ({"memory": "disk", **CONSTANT}, ValueError, "there is no memory 'disk'"),
        ({"products": "lut"}, ValueError, "there is no place for products 'lut'"),
        ({"bias": 1e15}, ValueError, r"bias must be from -7.03687e\+13 to 7.03687e\+13, which a sum holds"),
        ({"neurons": 2}, TypeError, "neuron has no argument 'neurons'"),
    ],
)
def test_refusals(changed, error, message):
    with pytest.raises(error, match=message):
        asked(**changed)


def test_words_that_no_unit_keeps():
    with pytest.raises(ValueError, match=r"no unit of min.* with at most 22 input bits keeps 1ulp for SQ1.7; allow a"):
        asked(function="min(max(1048576*x, 0), 1)", x="SQ1.15", weights="SQ1.15").words()
    with pytest.raises(ValueError, match=r"rounding to SQ1.7 takes half an ulp, which is more than 2\^-9"):
        asked(function="linear", max_error="2^-9").words()
    with pytest.raises(ValueError, match="log has no value at 0, and sums are from"):
        asked(function="log").words()


def test_biases_are_exact_where_products_are():
    assert small_neuron("layer", bias="each").asked.biases == tuple(int(16 * b) for b in BIASES)
