import pytest

torch = pytest.importorskip("torch")
ml = pytest.importorskip("softgate.ml.torch")

pytestmark = pytest.mark.torch
nn = torch.nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 6, batch_first=True)
        self.gru = nn.GRU(6, 6, batch_first=True, bidirectional=True, dtype=torch.float32)
        shared = nn.ReLU(inplace=True)
        self.head = nn.Sequential(
            nn.Linear(12, 5), shared, nn.Dropout(0.5), nn.Linear(5, 5), shared, nn.Hardtanh(-2, 2)
        )

    def forward(self, x):
        return self.head(self.gru(self.lstm(x)[0])[0][:, -1])


FORMATS = {"input": "SQ5.14", "output": "SQ5.14", "gate": "UQ0.18", "candidate": "SQ2.18"}


def test_swapped_and_as_before():
    torch.manual_seed(1)
    model = Model().eval()
    prepared = ml.prepare(model, **FORMATS)
    x = torch.randn(3, 7, 4)
    assert torch.allclose(prepared(x), model(x), atol=1e-3)
    kinds = [type(each) for each in (prepared.lstm, prepared.gru, *prepared.head)]
    assert kinds == [ml.LSTM, ml.GRU, nn.Linear, ml.ReLU, nn.Dropout, nn.Linear, ml.ReLU, ml.Hardtanh]
    assert prepared.head[1] is prepared.head[4]
    assert str(prepared.head[5]._unit.function) == "hard_tanh(min=-2, max=2)"
    assert not any(each.training for each in prepared.modules())
    assert type(model.lstm) is nn.LSTM and type(model.head[1]) is nn.ReLU
    assert str(prepared.load_state_dict(model.state_dict())) == "<All keys matched successfully>"


def test_in_place_and_a_model_that_is_one_layer():
    model = Model()
    weight = model.lstm.weight_ih_l0
    assert ml.prepare(model, **FORMATS, inplace=True) is model
    assert type(model.lstm) is ml.LSTM and model.lstm.weight_ih_l0 is weight
    assert type(ml.prepare(nn.Tanh(), input="SQ4.4", output="SQ1.7")) is ml.Tanh


def test_parameters_keep_their_type_and_are_trained():
    prepared = ml.prepare(nn.LSTM(3, 4, dtype=torch.float64), **FORMATS)
    assert {each.dtype for each in prepared.parameters()} == {torch.float64}
    prepared(torch.randn(5, 2, 3, dtype=torch.float64))[0].sum().backward()
    assert all(each.grad is not None for each in prepared.parameters())


def test_formats_of_single_layers():
    model = nn.Sequential(nn.Tanh(), nn.Sigmoid(), nn.Tanh(), nn.ReLU())
    own = {nn.Tanh: {"output": "SQ1.7"}, "2": {"output": "SQ1.3", "grad": "surrogate"}, nn.Sigmoid: None}
    prepared = ml.prepare(model, input="SQ4.4", output="SQ4.4", formats=own)
    assert [str(getattr(each, "_unit", each) and each) for each in prepared] == [
        "Tanh(tanh, SQ4.4 -> SQ1.7, rounded half_even, grad=true)",
        "Sigmoid()",
        "Tanh(tanh, SQ4.4 -> SQ1.3, rounded half_even, grad=surrogate)",
        "ReLU(relu, SQ4.4 -> SQ4.4, rounded half_even, grad=true)",
    ]


def test_a_unit_for_single_layers(tmp_path):
    ml.Tanh(input="SQ4.4", output="SQ1.7").emit(tmp_path)
    own = {nn.Tanh: {"unit": tmp_path / "tanh.json"}}
    prepared = ml.prepare(nn.Sequential(nn.ReLU(), nn.Tanh()), input="SQ4.8", output="SQ4.8", formats=own)
    assert prepared[1].specification["input"] == "SQ4.4"
    assert prepared[0].specification["input"] == "SQ4.8"


def test_classes_of_ones_own_are_left():
    class Own(nn.ReLU):
        def forward(self, x):
            return x

    prepared = ml.prepare(nn.Sequential(Own(), nn.ReLU()), input="SQ4.4", output="SQ4.4")
    assert [type(each) for each in prepared] == [Own, ml.ReLU]


def test_a_model_that_cannot_be_prepared_stays_whole():
    model = nn.Sequential(nn.ReLU(), nn.Softplus())
    with pytest.raises(ValueError, match=r"^layer 1 \(Softplus\): output format UQ1.7 holds 0 to 1.99219"):
        ml.prepare(model, input="SQ4.4", output="UQ1.7", inplace=True, formats={"0": {"saturate": True}})
    assert [type(each) for each in model] == [nn.ReLU, nn.Softplus]
