"""Outputs against the golden model, bit for bit, whatever the shape, the type and the way of calling."""

import copy
import pickle
from fractions import Fraction

import numpy as np
import pytest

from softgate import design, rounded
from softgate.plan import parse_format

torch = pytest.importorskip("torch")
ml = pytest.importorskip("softgate.ml.torch")

pytestmark = pytest.mark.torch

OF_DYNAMO = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""PyTorch's compiler uses what PyTorch itself calls deprecated."""

TYPES = [torch.float16, torch.bfloat16, torch.float32, torch.float64]

FORMATS = [
    ("tanh", "SQ4.4", "SQ1.7"),
    ("logistic", "SQ4.8", "UQ0.12"),
    ("gelu", "int8:0.047:-3", "int8:1/30:100"),
    ("relu", "uint8:0.1:128", "uint8:0.3:0"),
    ("silu", "int8:2^-5:7", "SQ4.4"),
    ("exp", "SQ3.-1", "UQ6.3"),
    ("tanh", "SQ-2.10", "SQ1.30"),
]


def inputs(source):
    """Return all values of a format, the ties between them, their neighbours in float64, and what is beyond."""
    fmt = parse_format(source)
    halves = [fmt.value(fmt.min_code) + Fraction(i, 2) * fmt.ulp for i in range(-5, 2 * (1 << fmt.width) + 5)]
    exact = np.array([float(each) for each in halves])
    return np.concatenate([exact, np.nextafter(exact, np.inf), np.nextafter(exact, -np.inf), [np.inf, -np.inf, 1e30]])


def expected(model, x):
    """Return golden outputs in the type of the tensor, by way of the floats that numpy has of it."""
    single = x.to(torch.float32) if x.dtype != torch.float64 else x
    return torch.from_numpy(model.floats(single.numpy())).to(x.dtype)


@pytest.mark.parametrize("dtype", TYPES, ids=str)
@pytest.mark.parametrize(("function", "source", "output"), FORMATS)
def test_outputs_are_those_of_the_golden_model(function, source, output, dtype):
    module = ml.Activation(function, input=source, output=output, saturate=True)
    x = torch.from_numpy(inputs(source)).to(dtype)
    found = module(x)
    assert found.dtype == dtype
    assert torch.equal(found, expected(rounded(function, source, output, saturate=True), x))


def test_ties_of_a_decimal_scale_are_decided_exactly():
    # 0.047 is no float, and 32.5 times it lies between two: only the upper one rounds to 33.
    module = ml.Activation("x", input="int8:0.047:0", output="int8:0.047:0")
    tie = Fraction(65, 2) * Fraction("0.047")
    below = float(tie) if Fraction(float(tie)) < tie else np.nextafter(float(tie), -np.inf)
    x = torch.tensor([below, np.nextafter(below, np.inf)], dtype=torch.float64)
    assert (module(x) / 0.047).round().tolist() == [32, 33]


def test_literal_values():
    tanh = ml.Tanh(input="SQ4.4", output="SQ1.7")
    assert tanh(torch.tensor([-0.5, 0.0, 1 / 32, 3 / 32, 8.0])).mul(128).tolist() == [-59, 0, 0, 16, 127]


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3, 4, 5)])
def test_shapes(shape):
    module = ml.Tanh(input="SQ4.4", output="SQ1.7")
    x = torch.full(shape, 0.5)
    assert torch.equal(module(x), torch.full(shape, 59 / 128))


def test_large_and_strided_tensors():
    module, model = ml.Tanh(input="SQ4.8", output="SQ1.11"), rounded("tanh", "SQ4.8", "SQ1.11")
    x = torch.linspace(-10, 10, 1_100_007)
    assert torch.equal(module(x), expected(model, x))
    turned = x[:1_100_000].reshape(1000, 1100).T
    assert torch.equal(module(turned), expected(model, turned))
    assert torch.equal(module(turned.half()), expected(model, turned.half()))


@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_nan_stays_nan_and_infinities_saturate(dtype):
    module = ml.Tanh(input="SQ4.4", output="SQ1.7")
    x = torch.tensor([float("nan"), float("inf"), -float("inf"), 0.0], dtype=dtype)
    found = module(x)
    assert found.isnan().tolist() == [True, False, False, False]
    assert found[1:].tolist() == [127 / 128, -1.0, 0.0]


def test_codes():
    module = ml.Tanh(input="SQ4.4", output="SQ1.7")
    codes = torch.arange(-128, 128, dtype=torch.int8).reshape(16, 16)
    found = module.codes(codes)
    assert found.dtype == torch.int64
    assert found.flatten().tolist() == rounded("tanh", "SQ4.4", "SQ1.7").table().tolist()
    assert module.codes(torch.tensor(127)).item() == 127


def test_inputs_outside_a_range_give_the_output_at_its_end():
    module = ml.Activation("exp", input="SQ4.4", output="UQ1.7", input_range="-4:0")
    assert module(torch.tensor([-7.0, -4.0, 0.0, 3.0])).mul(128).tolist() == [2, 2, 128, 128]
    with pytest.raises(ValueError, match=r"codes must be from -64 to 0, those of SQ4.4 from -4 to 0 .* at \[1\] is 1"):
        module.codes(torch.tensor([0, 1]))


@OF_DYNAMO
@pytest.mark.parametrize("mode", ["compile", "vmap", "no_grad", "inference"])
def test_ways_of_calling(mode):
    module = ml.GELU(input="SQ4.4", output="SQ4.4")
    x = torch.linspace(-9, 9, 120 * (4000 if mode in ("no_grad", "inference") else 1)).reshape(4, 5, -1)
    x.requires_grad_(mode == "no_grad")
    if mode == "compile":
        found = torch.compile(module, backend="aot_eager", fullgraph=True)(x)
    elif mode == "vmap":
        found = torch.func.vmap(torch.func.vmap(module, in_dims=1))(x).transpose(1, 2)
    else:
        with torch.no_grad() if mode == "no_grad" else torch.inference_mode():
            found = module(x)
    assert torch.equal(found, module(x))


@OF_DYNAMO
def test_codes_compiled_and_mapped():
    module = ml.GELU(input="SQ4.4", output="SQ4.4")
    codes = torch.arange(-128, 128).reshape(4, 64)
    assert torch.equal(torch.compile(module.codes, backend="aot_eager", fullgraph=True)(codes), module.codes(codes))
    assert torch.equal(torch.func.vmap(module.codes)(codes), module.codes(codes))


@OF_DYNAMO
@pytest.mark.tools
def test_compiled_by_the_compiler():
    module = ml.Tanh(input="int8:0.047:3", output="SQ1.7")
    x = torch.cat([torch.linspace(-9, 9, 1000), torch.tensor([float("nan")])]).requires_grad_()
    found = torch.compile(module, fullgraph=True)(x)
    assert torch.equal(found.nan_to_num(7), module(x).nan_to_num(7))
    (slope,) = torch.autograd.grad(found[:-1].sum(), x)
    (plain,) = torch.autograd.grad(module(x)[:-1].sum(), x)
    assert torch.allclose(slope, plain, rtol=1e-6, atol=1e-7)


def test_the_table_keeps_its_bits_when_a_model_changes_its_type():
    module = ml.Tanh(input="SQ4.8", output="SQ1.15")
    x = torch.linspace(-9, 9, 1000)
    before = module(x)
    assert torch.equal(module.half().bfloat16().double()(x), before)
    affine = ml.Tanh(input="int8:0.047:3", output="int8:0.0079:0")
    before = affine(x.double())
    assert torch.equal(affine.half()(x.double()), before)


def test_copies():
    module = ml.Activation("x*tanh(softplus(x))", input="SQ4.4", output="SQ4.4")
    x = torch.linspace(-9, 9, 100, requires_grad=True)
    for other in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
        assert torch.equal(other(x), module(x))
        assert torch.equal(torch.autograd.grad(other(x).sum(), x)[0], torch.autograd.grad(module(x).sum(), x)[0])


def test_a_design_is_asked_for_by_its_arguments():
    module = ml.Tanh(input="SQ4.8", output="SQ1.11", max_error="2ulp", method="polynomial")
    unit = design("tanh", "SQ4.8", "SQ1.11", max_error="2ulp", method="polynomial")
    assert module.table.tolist() == unit.golden.table().tolist()
    assert module.table.tolist() != rounded("tanh", "SQ4.8", "SQ1.11").table().tolist()
    assert module.specification["table"] == f"polynomial unit, plan {unit.plan.sha256[:16]}"


def test_modes_of_an_output_format():
    module = ml.Activation("x", input="SQ4.4", output="ap_fixed<4,3,AP_TRN,AP_SAT>")
    x = torch.tensor([-0.25, 0.25, 0.75, 7.0])
    assert module(x).tolist() == [-0.5, 0.0, 0.5, 3.5]


def test_emitted_and_loaded_again(tmp_path):
    rounded_half_even = ml.ReLU(input="int8:0.1:-3", output="int8:0.2:1")  # with ties, and an odd zero point
    manifest = rounded_half_even.emit(tmp_path)
    assert (manifest.name, sorted(path.name for path in tmp_path.iterdir())) == ("relu", ["relu.json", "relu.v"])
    loaded = ml.ReLU(unit=tmp_path / "relu.json")
    assert torch.equal(loaded.table, rounded_half_even.table)
    x = torch.linspace(-20, 20, 4001)
    assert torch.equal(loaded(x), rounded_half_even(x))
    again = ml.Activation(unit=str(tmp_path / "relu.json"), input="int8:0.1:-3", output="int8:0.2:1")
    assert again.emit(tmp_path / "again", name="other").plan.sha256 == manifest.plan.sha256


def test_emitted_for_a_range(tmp_path):
    module = ml.Activation("exp", input="SQ4.4", output="UQ1.7", input_range="-4:0")
    module.emit(tmp_path)
    assert torch.equal(ml.Activation(unit=tmp_path / "exp.json").table, module.table)


def test_a_unit_as_a_design():
    unit = design("tanh", "SQ4.4", "SQ1.7", with_derivative="UQ1.7")
    module = ml.Tanh(unit=unit)
    assert module.table.tolist() == unit.golden.table()[0].tolist()


def test_functions_given_as_callables_and_arrays():
    x = torch.linspace(-9, 9, 500)
    called = ml.Activation(lambda x: x * np.tanh(x), input="SQ4.4", output="UQ4.4")
    assert torch.equal(called(x), ml.Activation("x*tanh(x)", input="SQ4.4", output="UQ4.4")(x))
    values = np.linspace(-1, 0.75, 16)
    table = ml.Activation(values, input="SQ2.2", output="SQ1.7", grad="surrogate")
    assert table.table.tolist() == np.rint(values * 128).tolist()


def test_printed():
    module = ml.LeakyReLU(0.125, input="SQ4.4", output="SQ4.4", grad="surrogate")
    assert repr(module) == (
        "LeakyReLU(leaky_relu(negative_slope=1/8), SQ4.4 -> SQ4.4, rounded half_even, grad=surrogate)"
    )
