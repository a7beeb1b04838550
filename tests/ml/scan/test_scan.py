import numpy as np
import pytest
from onnx_models import constants, elementwise, lstm, model, node, saved

from softgate.ml.scan.packages import ScanError
from softgate.ml.scan.scan import observed, scan

X = np.linspace(-6, 3, 1801)


@pytest.fixture
def layers(tmp_path):
    """Two activations, one behind the other."""
    nodes = [node("Tanh", "x", "t", name="first"), node("Mul", "t two", "m"), node("Sigmoid", "m", "y", name="second")]
    return saved(tmp_path, elementwise(*nodes, two=2.0))


def test_every_activation_with_what_reaches_it(layers):
    found = scan(layers, {"x": X}, bits=8)
    first, second = found.sites
    assert (first.seen.count, first.seen.low, first.seen.high) == (1801, -6, 3)
    assert first.seen.central == pytest.approx((-5.9955, 2.9955), abs=1e-6)
    assert (second.seen.low, second.seen.high) == pytest.approx((2 * np.tanh(-6), 2 * np.tanh(3)), abs=1e-6)
    assert (first.proposal.input, first.proposal.output) == ("SQ3.5", "SQ1.7")
    assert (second.proposal.input, second.proposal.output) == ("SQ2.6", "UQ0.8")
    assert first.saturated == (pytest.approx(-np.arctanh(1 - 2.0**-8), abs=1e-4), None)
    assert second.saturated == (None, None)
    assert found.proposals == [first.proposal, second.proposal]


def test_samples_are_put_together(tmp_path):
    made = model([node("Tanh", "x", "y")], {"x": [1, 2]}, {"y": [1, 2]})
    found = scan(saved(tmp_path, made), {"x": np.array([[1.0, 2.0], [-3.0, 0.5]])})
    (site,) = found.sites
    assert len(found.feeds) == 2
    assert (site.seen.count, site.seen.low, site.seen.high) == (4, -3, 2)


def test_values_are_those_of_the_operators(layers):
    found = scan(layers, {"x": X})
    values = observed(found.model, found.feeds, ["t", "m"])
    assert np.allclose(values["t"][0], np.tanh(X), atol=1e-6)
    assert np.array_equal(values["m"][0], 2 * values["t"][0])


def test_equal_proposals_are_one(tmp_path):
    nodes = [node("Tanh", "x", "t"), node("Neg", "x", "n"), node("Tanh", "n", "u"), node("Add", "t u", "y")]
    found = scan(saved(tmp_path, elementwise(*nodes)), {"x": np.array([-1.5, 1.5])})
    assert (len(found.sites), len(found.proposals)) == (2, 1)


def test_what_has_no_unit_has_a_reason(tmp_path):
    nodes = [node("Reciprocal", "x", "r"), node("Softmax", "r", "y")]
    found = scan(saved(tmp_path, elementwise(*nodes)), {"x": np.array([-1.0, 2.0])})
    assert [site.reason for site in found.sites] == [
        "it has no value at 0, which is in the range that was seen",
        "every output depends on all inputs",
    ]
    assert found.proposals == []


def test_a_recurrent_node(tmp_path):
    made, _ = lstm()
    found = scan(saved(tmp_path, made), {"x": np.random.default_rng(0).normal(0, 1, (5, 2, 2))})
    assert [site.activation.kind for site in found.sites] == ["logistic", "logistic", "tanh", "logistic", "tanh"]
    assert {site.seen.count for site in found.sites} == {5 * 2 * 3}


def test_a_recurrent_node_that_is_left(tmp_path):
    made, _ = lstm(clip=3.0)
    (site,) = scan(saved(tmp_path, made), {"x": np.ones((5, 2, 2))}).sites
    assert (site.activation.name, site.activation.kind, site.proposal) == ("rnn", "lstm", None)
    assert site.reason == "it clips, couples its gates, or has an activation that is no operator"


def test_no_activations(tmp_path):
    made = elementwise(node("Add", "x x", "y"))
    with pytest.raises(ScanError, match="has no activations that softgate knows"):
        scan(saved(tmp_path, made), {"x": np.ones(2)})


def test_nan_in_the_model_is_counted(tmp_path):
    made = model([node("Log", "x", "t"), node("Tanh", "t", "y")], {"x": [None]}, {"y": [None]}, constants(two=2.0))
    found = scan(saved(tmp_path, made), {"x": np.array([-1.0, 0.0, 1.0, 2.0])})
    assert [site.seen.nonfinite for site in found.sites] == [0, 2]
