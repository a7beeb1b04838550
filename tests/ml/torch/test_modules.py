"""Layers under PyTorch's names: which there are, their arguments, and that their functions are PyTorch's."""

import inspect
from fractions import Fraction

import pytest

from softgate.functions import function_classes
from softgate.functions.number_types import FLOATS
from softgate.plan import parse_format

torch = pytest.importorskip("torch")
ml = pytest.importorskip("softgate.ml.torch")
modules = pytest.importorskip("softgate.ml.torch.modules")

pytestmark = pytest.mark.torch
nn = torch.nn

LAYERS = [getattr(modules, name) for name in modules.__all__]

ARGUMENTS = [
    (ml.LeakyReLU, (0.125,), {}),
    (ml.ELU, (), {"alpha": 1.5}),
    (ml.CELU, (2.0,), {}),
    (ml.GELU, ("tanh",), {}),
    (ml.Hardtanh, (-2,), {"max_val": 1.5}),
    (ml.Hardshrink, (1.25,), {}),
    (ml.Softshrink, (), {"lambd": 0.75}),
    (ml.Threshold, (0.5, 2.0), {}),
    (ml.Softplus, (2.0,), {}),
    (ml.Softplus, (2.0, 5), {}),
    (ml.Softplus, (), {"threshold": 1.5}),
    (ml.RReLU, (0.25, 0.5), {}),
    *[(cls, (), {}) for cls in LAYERS if cls not in (ml.Threshold,)],
]


def test_every_function_that_pytorch_has_a_layer_for_is_there():
    names = {alias for cls in function_classes() for alias in (cls.name, *cls.aliases)}
    listed = [getattr(nn, name) for name in nn.modules.activation.__all__ if name.lower() in names]
    assert {cls.layer for cls in LAYERS} == set(listed)
    assert (
        {cls.__name__ for cls in LAYERS}
        == {layer.__name__ for layer in listed}
        == {*ml.__all__} & {layer.__name__ for layer in listed}
    )


@pytest.mark.parametrize(("cls", "arguments", "keywords"), ARGUMENTS)
def test_outputs_are_the_layers_rounded(cls, arguments, keywords):
    source, output = parse_format("SQ4.8"), parse_format("SQ4.8")
    module = cls(*arguments, **keywords, input=source, output=output, saturate=True)
    x = torch.from_numpy(source.to_float(source.codes()))
    layer = cls.layer(*arguments, **keywords).eval()
    exact = layer(x).clamp(-8, float(output.value(output.max_code)))
    # PyTorch's softplus is off by 2e-9 from its threshold on, and ties may go either way.
    assert (module(x) - exact).abs().max() <= (0.5 + 1e-6) / 256


@pytest.mark.parametrize(("cls", "arguments", "keywords"), ARGUMENTS)
def test_gradients_are_the_layers(cls, arguments, keywords):
    module = cls(*arguments, **keywords, input="SQ4.8", output="SQ5.8")
    x = torch.linspace(-7.9, 7.8, 333, dtype=torch.float64).requires_grad_()
    (ours,) = torch.autograd.grad(module(x).sum(), x)
    (theirs,) = torch.autograd.grad(cls.layer(*arguments, **keywords).eval()(x).sum(), x)
    assert torch.allclose(ours, theirs, atol=5e-9)


@pytest.mark.parametrize("cls", LAYERS)
def test_signature_and_documentation(cls):
    names = list(inspect.signature(cls).parameters)
    own = [name for name in inspect.signature(cls.layer).parameters if name not in ("args", "kwargs", "inplace")]
    assert names[: len(own)] == own
    assert names[len(own) : len(own) + 3] == ["input", "output", "unit"]
    assert f"torch.nn.{cls.layer.__name__}" in cls.__doc__


def test_arguments_are_read_off_a_layer():
    assert ml.Hardtanh.arguments_of(nn.Hardtanh(-2.0, 3.0)) == {"min_val": -2.0, "max_val": 3.0}
    assert ml.Softplus.arguments_of(nn.Softplus(2.0, 5.0)) == {"beta": 2.0, "threshold": 5.0}
    assert ml.Tanh.arguments_of(nn.Tanh()) == {}


def test_hard_sigmoid_is_pytorchs():
    module = ml.Hardsigmoid(input="SQ4.4", output="UQ0.8")
    function = module._unit.function
    assert function.slope is None and function.ramp.slope == Fraction(1, 6)
    assert function(1.5, FLOATS) == 0.75
