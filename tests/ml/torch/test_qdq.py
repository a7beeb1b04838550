"""Models that are exported to ONNX and run by ONNX Runtime: as tables bit for bit, and between quantised tensors."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnxscript")
onnxruntime = pytest.importorskip("onnxruntime")
ml = pytest.importorskip("softgate.ml.torch")

pytestmark = [
    pytest.mark.torch,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # within PyTorch's exporter
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
nn = torch.nn


def exported(module, x, path, **options):
    """Return the operators of the exported model, and its output."""
    program = torch.onnx.export(module.eval(), (x,), dynamo=True, verbose=False, **options)
    program.save(path)
    session = onnxruntime.InferenceSession(str(path))
    (output,) = session.run(None, {session.get_inputs()[0].name: x.numpy()})
    return [node.op_type for node in program.model.graph], torch.from_numpy(output)


@pytest.mark.parametrize(("source", "output"), [("SQ4.8", "SQ1.11"), ("int8:0.047:-3", "int8:0.0079:-1")])
def test_a_table(tmp_path, source, output):
    module = ml.Tanh(input=source, output=output)
    x = torch.cat([torch.linspace(-9, 9, 4000), torch.tensor([float("nan"), float("inf")])])
    operators, found = exported(module, x, tmp_path / "tanh.onnx")
    assert "Gather" in operators and "Tanh" not in operators
    with torch.no_grad():
        assert torch.equal(found.nan_to_num(7), module(x).nan_to_num(7))


@pytest.mark.parametrize(
    ("make", "source", "output", "operator", "options"),
    [
        (ml.Sigmoid, "SQ4.4", "UQ0.8", "Sigmoid", {}),
        (ml.Tanh, "int8:0.047:-3", "int8:1/128:0", "Tanh", {}),
        (ml.ReLU, "SQ4.4", "UQ3.5", "Relu", {}),
        (ml.Tanh, "SQ4.12", "SQ1.15", "Tanh", {"opset_version": 21}),
        (lambda **k: ml.Activation("x*tanh(softplus(x))", **k), "SQ4.4", "SQ4.4", "Exp", {}),
    ],
)
def test_between_quantised_tensors(tmp_path, make, source, output, operator, options):
    module = make(input=source, output=output, onnx="qdq")
    fmt = module._unit.input
    x = torch.from_numpy(fmt.to_float(fmt.codes())).float()
    operators, found = exported(module, x, tmp_path / "unit.onnx", **options)
    assert operators.count("QuantizeLinear") == operators.count("DequantizeLinear") == 2
    assert operator in operators
    ulp = float(module._unit.output.ulp)
    with torch.no_grad():
        steps = ((found - module(x)) / ulp).round().abs()
    # Floats leave a few values undecided that are close to half-way between two codes.
    assert steps.max() <= 1 and steps.sum() <= len(x) // 512


def test_a_model_with_both(tmp_path):
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(4, 6), nn.GELU(), nn.Linear(6, 2))
    x = torch.randn(8, 4)
    for form, operator in (("table", "Gather"), ("qdq", "QuantizeLinear")):
        prepared = ml.prepare(model, input="SQ4.4", output="SQ4.4", onnx=form)
        operators, found = exported(prepared, x, tmp_path / f"{form}.onnx")
        assert operator in operators
        with torch.no_grad():
            assert np.allclose(found, prepared(x), atol=1e-6)  # the products are those of another library
