import copy

import numpy as np
import pytest

from softgate.plan import parse_format

torch = pytest.importorskip("torch")
ml = pytest.importorskip("softgate.ml.torch")

pytestmark = pytest.mark.torch


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("text", ["SQ4.4", "UQ0.8", "SQ1.31", "SQ8.-2", "int8:0.047:-3", "uint8:0.1:300", "SQ16.16"])
def test_values_are_the_formats(text, dtype):
    fmt = parse_format(text)
    scale = float(max(abs(fmt.value(fmt.min_code)), abs(fmt.value(fmt.max_code))))
    x = torch.from_numpy(np.random.default_rng(2).normal(size=5000) * scale).to(dtype)
    found = ml.Quantize(text)(x)
    exact = fmt.to_float(fmt.quantize(x.double().numpy()))
    assert found.dtype == dtype
    assert torch.equal(found, torch.from_numpy(exact).to(dtype))


def test_literal_values():
    x = torch.tensor([-9.0, -0.09375, 0.03125, 0.09375, 9.0, float("inf"), float("nan")])
    assert ml.Quantize("SQ4.4")(x)[:-1].mul(16).tolist() == [-128, -2, 0, 2, 127, 127]
    assert ml.Quantize("SQ4.4")(x)[-1].isnan()


def test_gradient_is_1_within_and_0_outside():
    x = torch.tensor([-8.1, -8.0, 0.3, 7.9375, 7.94], requires_grad=True)
    ml.Quantize("SQ4.4")(x).sum().backward()
    assert x.grad.tolist() == [0, 1, 1, 1, 0]


def test_vmap_and_change_of_type():
    quantize = ml.Quantize("int8:0.047:-3")
    x = torch.linspace(-9, 9, 100, dtype=torch.float64).reshape(10, 10)
    assert torch.equal(torch.func.vmap(quantize)(x), quantize(x))
    assert torch.equal(copy.deepcopy(quantize).half()(x), quantize(x))
    assert quantize.state_dict() == {}
    assert repr(quantize) == "Quantize(int8:0.047:-3)"
