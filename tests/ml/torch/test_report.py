import pytest

torch = pytest.importorskip("torch")
ml = pytest.importorskip("softgate.ml.torch")

pytestmark = pytest.mark.torch
nn = torch.nn


class Own(nn.Tanh):
    pass


def test_what_was_swapped_and_what_was_left():
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), Own(), nn.PReLU(), nn.RNN(2, 2), nn.GRU(2, 2), nn.Softmax(-1))
    prepared = ml.prepare(model, input="SQ4.4", output="UQ3.4", gate="UQ0.8", hidden="SQ1.7")
    assert str(ml.report(prepared)) == "\n".join(
        [
            "1: relu, SQ4.4 -> UQ3.4, rounded half_even, grad=true",
            "5.gate: logistic, SQ4.4 -> UQ0.8, rounded half_even, grad=true",
            "5.candidate: tanh, SQ4.4 -> SQ1.7, rounded half_even, grad=true",
            "5.hidden: SQ1.7",
            "2: left, Own is a class of its own, whose forward may be another",
            "3: left, softgate has no unit for PReLU",
            "4: left, softgate has no unit for RNN",
            "6: left, softgate has no unit for Softmax",
            "Functions that are called in forward, such as torch.relu, are not seen.",
        ]
    )


def test_of_a_model_that_is_not_prepared():
    assert ml.report(nn.Tanh()).left == {"": "Tanh is PyTorch's: prepare swaps it"}
    assert str(ml.report(nn.Linear(2, 2))).startswith("no layer is softgate's\n")
