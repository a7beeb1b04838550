import numpy as np
import pytest
from onnx import TensorProto
from onnx_models import constants, elementwise, model, node, saved

from softgate import rounded
from softgate.ml.scan.check import Comparison, Reference, accuracy_of
from softgate.ml.scan.packages import ScanError
from softgate.ml.scan.scan import scan
from softgate.ml.scan.units import rounded_model
from softgate.plan.any_format import parse_format

RNG = np.random.default_rng(4)

# Multiples of 1/8: every sum below is exact in float32, in whatever order it is taken.
FIRST, SECOND = RNG.integers(-16, 17, (4, 6)) / 8, RNG.integers(-16, 17, (6, 3)) / 8

X = RNG.integers(-16, 17, (50, 4)) / 8


@pytest.fixture
def perceptron(tmp_path):
    nodes = [node("MatMul", "x first", "a"), node("Tanh", "a", "b"), node("MatMul", "b second", "c")]
    nodes.append(node("Sigmoid", "c", "y"))
    made = model(nodes, {"x": ["N", 4]}, {"y": ["N", 3]}, constants(first=FIRST, second=SECOND))
    return scan(saved(tmp_path, made), {"x": X}, bits=6)


UNITS = rounded("tanh", "SQ3.3", "SQ1.5", saturate=True), rounded("logistic", "SQ4.2", "UQ0.6", saturate=True)


def by_hand(x):
    return UNITS[1].floats(UNITS[0].floats(x @ FIRST) @ SECOND)


def models_of(found):
    return {site.activation: unit for site, unit in zip(found.sites, UNITS, strict=True)}


def test_the_model_runs_as_by_hand_bit_for_bit(perceptron):
    ((y,),) = Reference(perceptron).run_with(models_of(perceptron))
    assert np.array_equal(y, by_hand(X))


def test_the_change_of_the_outputs(perceptron):
    change = Reference(perceptron).compare(models_of(perceptron))
    true = 1 / (1 + np.exp(-np.tanh(X @ FIRST) @ SECOND))
    assert change.output == pytest.approx(np.abs(by_hand(X) - true).max(), abs=1e-6)
    assert change.accuracy is None
    assert change.as_dict() == {"largest_change": {"y": change.output}, "accuracy": None}


def test_the_change_of_accuracy(perceptron):
    true = 1 / (1 + np.exp(-np.tanh(X @ FIRST) @ SECOND))
    labels = np.argmax(true, axis=1)
    change = Reference(perceptron, labels).compare(models_of(perceptron))
    wanted = 100 * np.mean(np.argmax(by_hand(X), axis=1) == labels)
    assert change.accuracy == (100, pytest.approx(wanted))
    assert change.lost == pytest.approx(100 - wanted)
    assert wanted < 100


def test_no_models_change_nothing(perceptron):
    assert Reference(perceptron).compare({}).output == 0


def test_accuracy_of_answers_and_of_scores():
    scores = [[np.array([[0.1, 0.9], [0.8, 0.2]])], [np.array([[0.3, 0.7]])]]
    assert accuracy_of(scores, np.array([1, 0, 0])) == pytest.approx(200 / 3)
    assert accuracy_of([[np.array([1, 2, 3])]], np.array([1, 2, 0])) == pytest.approx(200 / 3)


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (np.zeros(49, int), r"labels have the shape \(49,\), but the model gives 50 answers"),
        (np.zeros((50, 1), int), r"labels have the shape \(50, 1\), but the model gives 50 answers"),
        (np.zeros(50), "labels must be integers, not float64"),
    ],
)
def test_labels_that_do_not_fit(perceptron, labels, sentence):
    with pytest.raises(ScanError, match=sentence):
        Reference(perceptron, labels)


def test_accuracy_needs_labels():
    with pytest.raises(ValueError, match="without labels"):
        _ = Comparison({"y": 0.0}).lost


def test_no_unit_takes_nan(tmp_path):
    made = elementwise(node("Log", "x", "t"), node("Tanh", "t", "y"))
    found = scan(saved(tmp_path, made), {"x": np.array([-1.0, 1.0])})
    with pytest.raises(ScanError, match="NaN reaches y, which no unit takes"):
        Reference(found)


@pytest.mark.parametrize("operator", ["Sigmoid", "Tanh"])
def test_units_in_the_formats_of_a_quantised_model_change_nothing(operator, tmp_path):
    nodes = [
        node("QuantizeLinear", "x sx zx", "q"),
        node("DequantizeLinear", "q sx zx", "d"),
        node(operator, "d", "s"),
        node("QuantizeLinear", "s sy zy", "p"),
        node("DequantizeLinear", "p sy zy", "y"),
    ]
    held = {"sx": np.float32(0.047), "zx": np.int8(-3), "sy": np.float32(1 / 127), "zy": np.int8(5)}
    found = scan(saved(tmp_path, elementwise(*nodes, **held)), {"x": np.arange(-140, 141) * 0.047})
    (site,) = found.sites
    assert site.proposal.max_error == "0.5ulp"
    assert parse_format(site.proposal.input) == site.activation.input
    change = Reference(found).compare({site.activation: rounded_model(site.proposal)})
    assert change.output == 0


def test_outputs_that_are_no_numbers(tmp_path):
    nodes = [node("Relu", "x", "a"), node("Cast", "a", "y", to=TensorProto.STRING)]
    made = model(nodes, {"x": [None]}, {"y": (TensorProto.STRING, [None])})
    found = scan(saved(tmp_path, made), {"x": np.ones(2)})
    with pytest.raises(
        ScanError, match=r"output y is of type tensor\(string\); only arrays of numbers can be compared"
    ):
        Reference(found)
