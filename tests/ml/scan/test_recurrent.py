import numpy as np
import pytest
from onnx_models import constants, lstm, node, outputs_of, saved

from softgate.ml.scan.expose import expose
from softgate.ml.scan.find import find_activations
from softgate.ml.scan.graphs import make_names_unique
from softgate.ml.scan.model import read_model
from softgate.ml.scan.recurrent import write_out_recurrent

STEPS, BATCH, WIDTH, HIDDEN = 5, 2, 2, 3

X = np.random.default_rng(1).normal(0, 2, (STEPS, BATCH, WIDTH)).astype(np.float32)


def written_out(made):
    make_names_unique(made.graph)
    write_out_recurrent(made.graph, {})
    return made


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"direction": "reverse"},
        {"direction": "bidirectional", "directions": 2},
        {"bias": False},
        {"lengths": True},
        {"lengths": True, "direction": "bidirectional", "directions": 2},
        {"activations": ["HardSigmoid", "Softsign", "Relu"], "activation_alpha": [0.25], "activation_beta": [0.4]},
        {"operator": "GRU", "gates": 3},
        {"operator": "GRU", "gates": 3, "linear_before_reset": 1},
        {"operator": "GRU", "gates": 3, "linear_before_reset": 1, "direction": "bidirectional", "directions": 2},
        {"operator": "GRU", "gates": 3, "bias": False, "lengths": True},
        {"operator": "RNN", "gates": 1},
        {"operator": "RNN", "gates": 1, "direction": "reverse", "activations": ["Relu"]},
    ],
    ids=str,
)
def test_loops_give_what_the_node_gives(options):
    made, _ = lstm(**options)
    inputs = {"x": X} | ({"lengths": np.array([5, 2], np.int32)} if options.get("lengths") else {})
    before = outputs_of(made, **inputs)
    written_out(made)
    assert "Scan" in [each.op_type for each in made.graph.node]
    after = outputs_of(made, **inputs)
    assert [each.shape for each in after] == [each.shape for each in before]
    assert all(np.allclose(ours, theirs, rtol=1e-5, atol=2e-6) for ours, theirs in zip(after, before, strict=True))


def test_states_and_peepholes():
    rng = np.random.default_rng(2)
    made, _ = lstm()
    made.graph.node[0].input.extend(["", "h", "c", "p"])
    states = {name: rng.normal(0, 1, (1, BATCH, HIDDEN)) for name in "hc"}
    made.graph.initializer.extend(constants(**states, p=rng.normal(0, 1, (1, 3 * HIDDEN))))
    before = outputs_of(made, x=X)
    after = outputs_of(written_out(made), x=X)
    assert all(np.allclose(ours, theirs, rtol=1e-5, atol=2e-6) for ours, theirs in zip(after, before, strict=True))


def test_batch_first():
    """ONNX Runtime does not run this layout itself, so that the other one says what is right."""
    made, _ = lstm()
    before = outputs_of(made, x=X)
    turned, _ = lstm(layout=1)
    after = outputs_of(written_out(turned), x=X.transpose(1, 0, 2))
    wanted = [before[0].transpose(2, 0, 1, 3), before[1].transpose(1, 0, 2), before[2].transpose(1, 0, 2)]
    assert all(np.allclose(ours, theirs, rtol=1e-5, atol=2e-6) for ours, theirs in zip(after, wanted, strict=True))


@pytest.mark.parametrize(
    "options", [{"clip": 3.0}, {"input_forget": 1}, {"activations": ["Sigmoid", "Affine", "Tanh"]}], ids=str
)
def test_what_is_left_as_it_is(options):
    made, _ = lstm(**options)
    assert [each.op_type for each in written_out(made).graph.node] == ["LSTM"]


def logistic(x):
    return 1 / (1 + np.exp(-x))


def test_pre_activations_are_those_of_the_recurrence(tmp_path):
    made, weights = lstm()
    read = read_model(saved(tmp_path, made))
    found = {each.name: each.x for each in find_activations(read.prepared.graph, dict(read.types))}
    exposed = expose(read.prepared.graph, list(found.values()))
    results = dict(zip([each.name for each in read.prepared.graph.output], outputs_of(read.prepared, x=X), strict=True))
    h, c = np.zeros((BATCH, HIDDEN)), np.zeros((BATCH, HIDDEN))
    bias = weights["B"][0].reshape(2, -1).sum(0)
    wanted = {name: [] for name in "ifgoh"}
    for x in X:
        i, o, f, g = np.split(x @ weights["W"][0].T + h @ weights["R"][0].T + bias, 4, axis=1)
        c = logistic(f) * c + logistic(i) * np.tanh(g)
        h = logistic(o) * np.tanh(c)
        for name, value in zip("ifgoh", (i, f, g, o, c), strict=True):
            wanted[name].append(value)
    assert sorted(found) == [f"rnn.body/{name}" for name in "fghio"]
    for name, values in wanted.items():
        seen = results[exposed[found[f"rnn.body/{name}"]]]
        assert np.allclose(seen, np.ravel(values), rtol=1e-4, atol=1e-5)


def test_nodes_of_other_domains_are_left():
    made, _ = lstm()
    made.graph.node[0].CopyFrom(node("LSTM", "x W R", "y yh yc", hidden_size=3, domain="my.own"))
    assert [each.op_type for each in written_out(made).graph.node] == ["LSTM"]
