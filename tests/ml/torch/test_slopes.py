"""Gradients against finite differences of the true function, and the slopes of tables."""

import numpy as np
import pytest

from softgate.functions import create_function, function_classes
from softgate.functions.number_types import FLOATS
from softgate.functions.properties import Domain
from softgate.plan import parse_format

torch = pytest.importorskip("torch")
ml = pytest.importorskip("softgate.ml.torch")

pytestmark = pytest.mark.torch

OF_DYNAMO = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""PyTorch's compiler uses what PyTorch itself calls deprecated."""

NAMES = [cls.name for cls in function_classes()]
EXPRESSIONS = [
    "x*tanh(softplus(x))",
    "max(x, x/8) + 1",
    "where(x > 1.1, 2*x, x^2)",
    "abs(x - 0.3)",
    "clip(x, -1.3, 2)",
    "min(x, 3.3)^3/8",
    "gelu.prime",
    "sin(3*x)/(2 + cos(x))",
    "pi*x/4",
]


def gradient(module, x):
    x = x.clone().requires_grad_()
    (found,) = torch.autograd.grad(module(x).sum(), x)
    return found


def source_of(function):
    return "SQ4.8" if function.domain is Domain.EVERYWHERE else "UQ3.8"


@pytest.mark.parametrize("name", [*NAMES, *EXPRESSIONS])
def test_gradients_are_finite_differences_of_the_true_function(name):
    function = create_function(name)
    source = source_of(function)
    module = ml.Activation(name, input=source, output="SQ32.8", input_range="0.25:6" if source[0] == "U" else "-6:6")
    x = np.random.default_rng(1).uniform(0.3 if source[0] == "U" else -5.9, 5.9, 2000)
    kinks = [float(kink) for kink in function.kinks]
    x = x[np.all([np.abs(x - kink) > 1e-4 for kink in kinks], axis=0)] if kinks else x
    step = 1e-5
    difference = (np.asarray(function(x + step, FLOATS)) - function(x - step, FLOATS)) / (2 * step)
    found = gradient(module, torch.from_numpy(x)).numpy()
    assert found == pytest.approx(np.broadcast_to(difference, x.shape), rel=1e-6, abs=1e-7)
    single = gradient(module, torch.from_numpy(x).float())
    assert single.dtype == torch.float32
    assert single.numpy() == pytest.approx(found, rel=1e-4, abs=1e-5)


def test_gradient_is_that_at_x_and_not_at_its_code():
    module = ml.Activation("x^2", input="SQ3.1", output="UQ5.3")
    assert gradient(module, torch.tensor([0.1, 0.2, 1.3])).tolist() == pytest.approx([0.2, 0.4, 2.6])


@pytest.mark.parametrize("grad", ["true", "surrogate"])
def test_gradient_is_0_outside_the_input(grad):
    module = ml.Activation("x", input="SQ3.1", output="SQ3.1", grad=grad)
    x = torch.tensor([-4.01, -4.0, 0.0, 3.5, 3.51, float("inf"), float("nan")])
    assert gradient(module, x).tolist() == [0, 1, 1, 1, 0, 0, 0]
    narrower = ml.Activation("x", input="SQ3.1", output="SQ3.1", grad=grad, input_range="-1:1")
    assert gradient(narrower, torch.tensor([-1.1, -1.0, 1.0, 1.1])).tolist() == [0, 1, 1, 0]


def test_gradient_is_0_where_the_output_saturates():
    module = ml.Activation("2*x", input="SQ4.4", output="SQ3.2", saturate=True)
    assert gradient(module, torch.tensor([-2.2, -2.0, 1.0, 1.9, 2.1])).tolist() == [0, 2, 2, 2, 0]
    # Without saturate the output holds the function to within an ulp, and nothing is cut off.
    assert gradient(ml.Tanh(input="SQ4.4", output="SQ1.3"), torch.tensor([3.0])).item() > 0


def test_gradients_at_kinks():
    for module, x, slopes in [
        (ml.ReLU(input="SQ4.4", output="SQ4.4"), [-1.0, 0.0, 1.0], [0, 0, 1]),
        (ml.Hardtanh(input="SQ4.4", output="SQ4.4"), [-1.0, 0.0, 1.0], [0, 1, 0]),
        (ml.ReLU6(input="SQ4.4", output="SQ4.4"), [0.0, 3.0, 6.0], [0, 1, 0]),
    ]:
        assert gradient(module, torch.tensor(x)).tolist() == slopes


@pytest.mark.parametrize("name", ["silu", "gelu", "logistic", "softplus", "mish", "elu", "tanh", "quick_gelu"])
def test_gradients_where_floats_overflow(name):
    function = create_function(name)
    module = ml.Activation(name, input="SQ13.0", output="SQ13.2")
    x = torch.tensor([-4000.0, -1000.0, -100.0, 100.0, 1000.0, 4000.0])
    below, above = function.ends
    expected = [float(below.slope)] * 3 + [float(above.slope)] * 3
    assert gradient(module, x).tolist() == pytest.approx(expected, abs=1e-30)
    assert gradient(module, x.double()).tolist() == pytest.approx(expected, abs=1e-30)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_gradients_have_the_type_of_the_input(dtype):
    module = ml.Tanh(input="SQ4.4", output="SQ1.7")
    x = torch.tensor([0.5], dtype=dtype)
    found = gradient(module, x)
    assert found.dtype == dtype
    assert found.item() == torch.tensor(1 - np.tanh(0.5) ** 2).to(dtype).item()


def test_surrogate_is_the_line_through_the_neighbours():
    module = ml.Tanh(input="SQ3.1", output="SQ1.3", grad="surrogate")
    source = parse_format("SQ3.1")
    values = module(torch.from_numpy(source.to_float(source.codes())))
    x = torch.tensor([-4.0, -0.6, -0.5, 0.2, 3.5])  # codes -8, -1, -1, 0, 7
    expected = [values[1] - values[0]] + [(values[i + 1] - values[i - 1]) / 2 for i in (7, 7, 8)] + [0]
    assert gradient(module, x).tolist() == [float(each) / 0.5 for each in expected]


def test_surrogate_of_a_table_of_one_code():
    module = ml.Activation("x", input="SQ3.1", output="SQ3.1", input_range="1:1", grad="surrogate")
    assert gradient(module, torch.tensor([1.0])).tolist() == [0]


@OF_DYNAMO
def test_gradients_compiled_mapped_and_twice():
    module = ml.SiLU(input="SQ4.4", output="SQ4.4")
    x = torch.linspace(-7, 7, 12, dtype=torch.float64)
    expected = gradient(module, x)
    assert torch.equal(gradient(torch.compile(module, backend="aot_eager", fullgraph=True), x), expected)
    assert torch.equal(torch.func.vmap(torch.func.grad(module))(x), expected)
    assert torch.equal(torch.func.grad(lambda v: module(v).sum())(x), expected)
    twice = x.clone().requires_grad_()
    (first,) = torch.autograd.grad(module(twice).sum(), twice, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), twice)
    step = 1e-5
    difference = (gradient(module, x + step) - gradient(module, x - step)) / (2 * step)
    assert second.tolist() == pytest.approx(difference.tolist(), abs=1e-8)


def test_training_goes_through_saturated_and_rounded_values():
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(2, 8), ml.Tanh(input="SQ3.2", output="SQ1.3"), torch.nn.Linear(8, 1))
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
    descent = torch.optim.Adam(model.parameters(), 0.05)
    for _ in range(200):
        descent.zero_grad()
        ((model(x) - y) ** 2).mean().backward()
        descent.step()
    assert ((model(x) > 0.5) == (y > 0.5)).all()
