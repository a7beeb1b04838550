"""Wrong uses: one sentence each, which names the argument."""

import numpy as np
import pytest

from softgate import design

torch = pytest.importorskip("torch")
ml = pytest.importorskip("softgate.ml.torch")

pytestmark = pytest.mark.torch
nn = torch.nn

BOTH = {"input": "SQ4.4", "output": "SQ1.7"}
LSTM = {"input": "SQ4.4", "gate": "UQ0.8", "hidden": "SQ1.7"}


def tanh(x):
    return ml.Tanh(**BOTH)(x)


def codes(x):
    return ml.Tanh(**BOTH).codes(x)


def lstm(*arguments):
    return ml.LSTM(3, 4, **LSTM)(*arguments)


def prepared(**keywords):
    return ml.prepare(nn.Sequential(nn.Tanh(), nn.ReLU()), **keywords)


def prime_of_array():
    return ml.Activation(np.linspace(-1, 0.5, 16), input="SQ2.2", output="SQ1.7")


WRONG = [
    # formats
    (lambda: ml.Tanh(output="SQ1.7"), ValueError, "input is missing: give the format of the values that come in"),
    (lambda: ml.Tanh(input="SQ4.4"), ValueError, "output is missing: give the format of the values that go out"),
    (lambda: ml.Tanh(input="Q4.4", output="SQ1.7"), ValueError, "input format 'Q4.4' is ambiguous"),
    (lambda: ml.Tanh(input=4.4, output="SQ1.7"), TypeError, "input format must be text"),
    (lambda: ml.Tanh(input="SQ4.4", output="int8:0"), ValueError, "output format 'int8:0' has a scale of 0"),
    (lambda: ml.Tanh(input="SQ4.4", output=7), TypeError, "output format must be text"),
    (lambda: ml.Tanh(input="SQ8.20", output="SQ1.7"), ValueError, "input_format SQ8.20 has 268435456 codes"),
    (lambda: ml.ReLU(input="SQ4.4", output="SQ1.7"), ValueError, "output format SQ1.7 holds -1 to 0.992188, but relu"),
    # functions and their parameters
    (lambda: ml.Activation(**BOTH), ValueError, "function is missing: give a name such as tanh"),
    (lambda: ml.Activation("tahn", **BOTH), ValueError, "there is no function 'tahn'; did you mean tanh?"),
    (lambda: ml.Activation(3, **BOTH), TypeError, "function must be a name such as tanh"),
    (lambda: ml.Activation("tanh", **BOTH, slope=3), ValueError, "function tanh has no parameter 'slope'"),
    (lambda: ml.Activation("log", input="SQ4.4", output="SQ4.4"), ValueError, "log is defined for x > 0, and 0 is"),
    (lambda: ml.LeakyReLU("a", **BOTH), ValueError, "negative_slope must be a number, not 'a'"),
    (lambda: ml.ELU(0, **BOTH), ValueError, "alpha must be above 0, not 0"),
    (lambda: ml.GELU("fast", **BOTH), ValueError, "there is no approximate 'fast'"),
    (lambda: ml.Tanh(3, **BOTH), TypeError, "Tanh: too many positional arguments, as in torch.nn.Tanh()"),
    (lambda: ml.Threshold(**BOTH), TypeError, "Threshold: missing a required argument: 'threshold', as in torch.nn"),
    (lambda: ml.ReLU(inplace=True, **BOTH), ValueError, "inplace is not possible: outputs are looked up"),
    (lambda: ml.Softplus(threshold="far", **BOTH), ValueError, "threshold must be a number, not 'far'"),
    (lambda: ml.Hardtanh(1, -1, **BOTH), ValueError, "min must be below max, but 1 >= -1"),
    # further arguments
    (lambda: ml.Tanh(**BOTH, grad="straight"), ValueError, "there is no grad 'straight'; choose one of"),
    (lambda: ml.Tanh(**BOTH, grad=None), TypeError, "grad must be a name such as true, not None"),
    (lambda: ml.Tanh(**BOTH, onnx="qdqq"), ValueError, "there is no onnx 'qdqq'; did you mean qdq?"),
    (lambda: ml.Tanh(**BOTH, saturate="yes"), TypeError, "saturate must be True or False, not 'yes'"),
    (lambda: ml.Tanh(**BOTH, max_error="half"), ValueError, "error budget 'half'"),
    (lambda: ml.Tanh(**BOTH, method="tabel"), ValueError, "there is no method 'tabel'; did you mean table?"),
    (lambda: ml.Tanh(**BOTH, input_range="1:0"), ValueError, "range '1:0' is the wrong way round"),
    (lambda: ml.Tanh(**BOTH, clip="1"), ValueError, "clip '1' is invalid"),
    (lambda: ml.Activation("leaky_relu", **BOTH, ports={"x": 1}), ValueError, "ports is not possible here"),
    (lambda: ml.Tanh(**BOTH, with_derivative="UQ1.7"), ValueError, "with_derivative is not possible here"),
    (prime_of_array, ValueError, 'grad "true" needs a derivative'),
    (lambda: ml.Tanh(input="SQ4.2", output="SQ1.7", onnx="qdq"), ValueError, "needs an input format of 8 or 16 bits"),
    (
        lambda: ml.Tanh(input="uint8:0.1:-9", output="SQ1.7", onnx="qdq"),
        ValueError,
        "needs a zero point that is",
    ),
    (lambda: ml.Tanh(**BOTH, onnx="qdq", input_range="-1:1"), ValueError, 'onnx "qdq" has no input_range'),
    # units
    (lambda: ml.Tanh(unit=3), TypeError, "unit must be the path of a manifest such as build/tanh.json"),
    (lambda: ml.Tanh(unit="no/such.json"), Exception, "no/such.json"),
    (lambda: ml.Tanh(unit=unit(), input="SQ4.8"), ValueError, "unit has the input format SQ4.4, not SQ4.8"),
    (lambda: ml.Tanh(unit=unit(), output="SQ1.8"), ValueError, "unit has the output format SQ1.7, not SQ1.8"),
    (lambda: ml.Sigmoid(unit=unit()), ValueError, "unit is of tanh, not of logistic"),
    (lambda: ml.Tanh(unit=unit(), max_error="1ulp"), ValueError, "unit is given, and is what it is: leave out max_err"),
    (lambda: ml.Activation(unit=unit(), alpha=2), ValueError, "unit has its parameters: leave out alpha"),
    # values and codes
    (lambda: tanh([0.5]), TypeError, "x must be a tensor, not list; torch.as_tensor makes one"),
    (lambda: tanh(torch.tensor([1])), TypeError, "x must be floats, not int64, which may be codes: codes(x) takes"),
    (lambda: tanh(torch.tensor([True])), TypeError, "x must be float16, bfloat16, float32 or float64, not bool"),
    (lambda: tanh(torch.tensor([1j])), TypeError, "x must be float16, bfloat16, float32 or float64, not complex64"),
    (lambda: codes(5), TypeError, "codes must be a tensor, not int"),
    (lambda: codes(torch.tensor([0.5])), TypeError, "codes must be integers, not float32; call the module itself"),
    (
        lambda: codes(torch.tensor([[0, 128]])),
        ValueError,
        "codes must be from -128 to 127, those of SQ4.4, but the one",
    ),
    (lambda: codes(torch.tensor(-129)), ValueError, "codes must be from -128 to 127, those of SQ4.4, not -129"),
    (lambda: ml.Quantize("SQ4.40"), ValueError, "format SQ4.40 has 44 bits; at most 32 are possible here"),
    (lambda: ml.Quantize(3), TypeError, "format format must be text"),
    (lambda: ml.Quantize("SQ4.4")(torch.tensor([1])), TypeError, "x must be floats, not int64"),
    (lambda: ml.Quantize("int32:0.1:0"), ValueError, "has 4294967296 codes; with its scale"),
    # recurrent layers
    (lambda: ml.LSTM(3, 4, gate="UQ0.8", hidden="SQ1.7"), ValueError, "the gates of LSTM: input is missing"),
    (lambda: ml.LSTM(3, 4, input="SQ4.4", hidden="SQ1.7"), ValueError, "the gates of LSTM: output is missing"),
    (lambda: ml.LSTM(3, 4, input="SQ4.4", gate="UQ0.8"), ValueError, "the candidate of LSTM: output is missing"),
    (lambda: ml.LSTM(3, 4, proj_size=2, **LSTM), ValueError, "proj_size must be 0, not 2"),
    (lambda: ml.LSTM(3, 4, units={"out": 1}, **LSTM), ValueError, "units names 'out'; choose among gate, candidate"),
    (lambda: ml.LSTM(3, 4, units="a", **LSTM), TypeError, "units must be a mapping"),
    (lambda: ml.GRU(3, 4, units={"gate": unit()}, hidden="SQ1.7", input="SQ4.4"), ValueError, "the gates of GRU: unit"),
    (lambda: ml.LSTM(3, 4, cell="SQ", **LSTM), ValueError, "format 'SQ'"),
    (lambda: ml.GRU(3, 4, cell="SQ4.4", **LSTM), ValueError, "the gates of GRU: function logistic has no parameter 'c"),
    (lambda: lstm(packed()), TypeError, "input must be a padded tensor, not a packed sequence"),
    (lambda: lstm([1.0]), TypeError, "input must be a tensor, not list"),
    (lambda: lstm(torch.zeros(3)), ValueError, "input must have 2 axes, or 3 with a batch, not 1"),
    (lambda: lstm(torch.zeros(5, 2, 9)), ValueError, "input must have 3 features along its last axis, not 9"),
    (lambda: lstm(torch.zeros(0, 2, 3)), ValueError, "input must have at least one step, not 0"),
    (lambda: lstm(torch.zeros(5, 2, 3), torch.zeros(1, 2, 4)), TypeError, "hx must be a tuple of h_0 and c_0"),
    (lambda: lstm(torch.zeros(5, 2, 3), (torch.zeros(1, 2, 4), torch.zeros(1, 2, 5))), ValueError, "c_0 must have the"),
    # models
    (lambda: ml.prepare("model"), TypeError, "model must be a torch.nn.Module, not 'model'"),
    (lambda: ml.report(3), TypeError, "model must be a torch.nn.Module, not 3"),
    (prepared, ValueError, "layer 0 (Tanh): input is missing"),
    (lambda: prepared(**BOTH, inplace=1), TypeError, "inplace must be True or False, not 1"),
    (lambda: prepared(**BOTH, formats=["0"]), TypeError, "formats must be a mapping"),
    (lambda: prepared(**BOTH, formats={0: {}}), TypeError, "formats must have names of layers or classes of torch.nn"),
    (lambda: prepared(**BOTH, formats={"0": "SQ4.4"}), TypeError, "formats of 0 must be a mapping"),
    (lambda: prepared(**BOTH, formats={"2": {}}), ValueError, "formats names 2, which is no layer that is swapped; th"),
    (lambda: prepared(**BOTH, formats={nn.SiLU: {}}), ValueError, "formats names torch.nn.SiLU, which is no layer"),
    (lambda: prepared(**BOTH, colour=1), ValueError, "layer 0 (Tanh): function tanh has no parameter 'colour'"),
]


def unit():
    return design("tanh", "SQ4.4", "SQ1.7", method="table")


def packed():
    return nn.utils.rnn.pack_sequence([torch.zeros(2, 3)])


@pytest.mark.parametrize(("use", "kind", "message"), WRONG, ids=range(len(WRONG)))
def test_a_sentence(use, kind, message):
    with pytest.raises(kind) as raised:
        use()
    text = str(raised.value)
    assert message in text
    assert "\n" not in text and not text.endswith(".")
