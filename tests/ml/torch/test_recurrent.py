"""Recurrent layers: each step against the golden models, and layers, directions and batches against PyTorch's."""

import numpy as np
import pytest

from softgate import design, rounded
from softgate.plan import parse_format

torch = pytest.importorskip("torch")
ml = pytest.importorskip("softgate.ml.torch")

pytestmark = pytest.mark.torch
nn = torch.nn

FINE = {"input": "SQ5.14", "gate": "UQ0.22", "candidate": "SQ2.22"}


def rounded_to(fmt, x):
    fmt = parse_format(fmt)
    return torch.from_numpy(fmt.to_float(fmt.quantize(x.numpy()))).float()


def gates_of(models, sums):
    return [torch.from_numpy(models.floats(part.contiguous().numpy())) for part in sums]


def test_lstm_step_by_step():
    torch.manual_seed(3)
    lstm = ml.LSTM(4, 5, input="SQ4.4", gate="UQ0.8", cell="SQ3.5", hidden="SQ1.7").requires_grad_(False)
    x, h, c = torch.randn(6, 2, 4) * 2, torch.zeros(2, 5), torch.zeros(2, 5)
    logistic, tanh = rounded("logistic", "SQ4.4", "UQ0.8"), rounded("tanh", "SQ4.4", "SQ1.7")
    of_cell = rounded("tanh", "SQ3.5", "SQ1.7")
    of_input = nn.functional.linear(x, lstm.weight_ih_l0, lstm.bias_ih_l0)
    expected = []
    for step in of_input:
        i, f, g, o = (step + nn.functional.linear(h, lstm.weight_hh_l0, lstm.bias_hh_l0)).chunk(4, -1)
        i, f, o = gates_of(logistic, (i, f, o))
        (g,) = gates_of(tanh, (g,))
        c = rounded_to("SQ3.5", f * c + i * g)
        h = rounded_to("SQ1.7", o * gates_of(of_cell, (c,))[0])
        expected.append(h)
    outputs, (last_h, last_c) = lstm(x)
    assert torch.equal(outputs, torch.stack(expected))
    assert torch.equal(last_h, h[None]) and torch.equal(last_c, c[None])
    assert outputs.abs().max() > 0.2


def test_gru_step_by_step():
    torch.manual_seed(3)
    gru = ml.GRU(4, 5, input="SQ4.4", gate="UQ0.8", hidden="SQ1.7").requires_grad_(False)
    x, h = torch.randn(6, 2, 4) * 2, torch.zeros(2, 5)
    logistic, tanh = rounded("logistic", "SQ4.4", "UQ0.8"), rounded("tanh", "SQ4.4", "SQ1.7")
    of_input = nn.functional.linear(x, gru.weight_ih_l0, gru.bias_ih_l0)
    expected = []
    for step in of_input:
        of_hidden = nn.functional.linear(h, gru.weight_hh_l0, gru.bias_hh_l0)
        r, z = gates_of(logistic, (step[:, :5] + of_hidden[:, :5], step[:, 5:10] + of_hidden[:, 5:10]))
        (n,) = gates_of(tanh, (step[:, 10:] + r * of_hidden[:, 10:],))
        h = rounded_to("SQ1.7", (1 - z) * n + z * h)
        expected.append(h)
    outputs, last = gru(x)
    assert torch.equal(outputs, torch.stack(expected)) and torch.equal(last, h[None])


@pytest.mark.parametrize("batch", ["first", "second", "none"])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("layers", "both"), [(1, False), (2, True)])
@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_layers_directions_and_batches_are_those_of_pytorch(kind, layers, both, bias, batch):
    torch.manual_seed(4)
    options = {"num_layers": layers, "bidirectional": both, "bias": bias, "batch_first": batch == "first"}
    theirs = getattr(nn, kind)(3, 4, **options)
    ours = getattr(ml, kind)(3, 4, **options, **FINE)
    assert str(ours.load_state_dict(theirs.state_dict())) == "<All keys matched successfully>"
    x = torch.randn(*{"first": (2, 6), "second": (6, 2), "none": (6,)}[batch], 3)
    size = (layers * (1 + both), *(() if batch == "none" else (2,)), 4)
    states = (torch.randn(size), torch.randn(size)) if kind == "LSTM" else torch.randn(size)
    for given in (None, states):
        found, expected = ours(x, given), theirs(x, given)
        finals = zip(found[1], expected[1], strict=True) if kind == "LSTM" else [(found[1], expected[1])]
        for one, other in [(found[0], expected[0]), *finals]:
            assert one.shape == other.shape
            assert torch.allclose(one, other, atol=2e-4)


def test_dropout_is_between_layers_and_in_training():
    torch.manual_seed(5)
    lstm = ml.LSTM(3, 4, 2, dropout=0.999, **FINE)
    x = torch.randn(5, 2, 3)
    still = lstm.eval()(x)[0]
    dropped = lstm.train()(x)[0]
    assert not torch.equal(dropped, still)
    # Nothing reaches the second layer but its biases, which are the same for all.
    assert torch.equal(dropped[:, 0], dropped[:, 1]) and not torch.equal(still[:, 0], still[:, 1])


def test_gradients_are_near_those_of_pytorch():
    torch.manual_seed(6)
    for kind in ("LSTM", "GRU"):
        theirs, ours = getattr(nn, kind)(3, 4), getattr(ml, kind)(3, 4, **FINE)
        ours.load_state_dict(theirs.state_dict())
        x = torch.randn(5, 2, 3)
        for each in (theirs, ours):
            each(x)[0].square().sum().backward()
        for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert torch.allclose(one.grad, other.grad, atol=1e-3) and one.grad.abs().max() > 0.01


def test_units(tmp_path):
    design("logistic", "SQ4.4", "UQ0.8").emit(tmp_path)
    tanh = design("tanh", "SQ4.4", "SQ1.7")
    units = {"gate": tmp_path / "logistic.json", "candidate": tanh, "cell_tanh": tanh}
    lstm = ml.LSTM(3, 4, units=units, cell="SQ4.4", hidden="SQ1.7", grad="surrogate")
    assert lstm.candidate.table.tolist() == tanh.golden.table().tolist()
    assert lstm.gate.specification["table"].startswith(design("logistic", "SQ4.4", "UQ0.8").method)
    assert {each.grad for each in (lstm.gate, lstm.candidate, lstm.cell_tanh)} == {"surrogate"}
    assert torch.isfinite(lstm(torch.randn(5, 2, 3))[0]).all()


def test_units_may_be_hard():
    logistic, tanh = design("hard_logistic", "SQ4.4", "UQ0.8"), design("hard_tanh", "SQ4.4", "SQ1.7")
    lstm = ml.LSTM(3, 4, units={"gate": logistic, "candidate": tanh, "cell_tanh": tanh})
    assert lstm.gate.table.tolist() == logistic.golden.table().tolist()
    with pytest.raises(ValueError, match="the gates of LSTM: unit is of hard_tanh"):
        ml.LSTM(3, 4, units={"gate": tanh, "candidate": tanh, "cell_tanh": tanh})


def test_a_state_is_loaded_by_pytorch():
    ours = ml.GRU(3, 4, **FINE)
    theirs = nn.GRU(3, 4)
    theirs.load_state_dict(ours.state_dict(), strict=False)
    assert np.array_equal(theirs.weight_ih_l0.detach(), ours.weight_ih_l0.detach())


def test_states_without_a_format_are_floats():
    torch.manual_seed(7)
    lstm = ml.LSTM(3, 4, input="SQ4.4", gate="UQ0.8", candidate="SQ1.7")
    outputs, (_, cell) = lstm(torch.randn(5, 2, 3))
    assert not torch.equal(outputs, ml.Quantize("SQ1.12")(outputs))
    assert not torch.equal(cell, ml.Quantize("SQ4.12")(cell))
