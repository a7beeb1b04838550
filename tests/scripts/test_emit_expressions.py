"""Units of expressions and derivatives, from the command line to the check, and what is refused."""

import pytest

from softgate import design
from softgate.functions import create_function
from softgate.hdl.manifest import Manifest

UNITS = [
    ("x*tanh(log(1+exp(x)))", "SQ3.2", "SQ3.3", "expression"),
    ("abs(x)", "SQ3.2", "UQ3.2", "expression"),
    ("x^2/4", "SQ3.2", "UQ3.2", "expression"),
    ("max(x, x/8)", "SQ3.2", "SQ3.3", "expression"),
    ("clip(x, -1, 1)", "SQ3.2", "SQ2.4", "expression"),
    ("1/(1+x^2)", "SQ3.2", "UQ0.6", "expression"),
    ("sin(pi*x)", "SQ3.2", "SQ2.4", "expression"),
    ("(x/2)^2 + x", "SQ2.3", "SQ3.3", "expression"),
    ("where(x > 0, x - 5, x)", "SQ3.2", "SQ4.2", "expression"),
    ("prime(max(x, 0))", "SQ3.2", "UQ1.0", "expression"),
    ("gelu.prime", "SQ3.2", "SQ2.4", "gelu_derivative"),
    ("tanh.prime", "SQ3.2", "UQ0.6", "tanh_derivative"),
    ("silu(x, beta=2)", "SQ3.2", "SQ3.3", "silu"),
]


@pytest.mark.parametrize(("function", "source", "output", "name"), UNITS, ids=[unit[0] for unit in UNITS])
def test_the_manifest_holds_the_function(run, tmp_path, function, source, output, name):
    code, _, err = run("emit", function, "-i", source, "-o", output, "--interface", "comb", "--out", tmp_path)
    assert (code, err) == (0, "")
    manifest = Manifest.load(tmp_path / f"{name}.json")
    assert manifest.name == name
    assert manifest.specification.function == create_function(function)
    assert manifest.error["max_ulp"] < 1


@pytest.mark.tools
def test_a_named_unit_of_an_expression_is_checked(run, tmp_path):
    line = ["emit", "x*tanh(log(1+exp(x)))", "-i", "SQ3.3", "-o", "SQ3.4", "--name", "mish", "--out", tmp_path]
    assert run(*line)[0] == 0
    assert (tmp_path / "mish.v").read_text().startswith("// x*tanh(log(1 + exp(x))): an expression in x\n")
    code, out, _ = run("check", tmp_path / "mish.json")
    assert code == 0
    assert "ok   error" in out


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("log(x)", "log(x) is not defined at -8, which lies within the inputs of SQ4.4; give an input format "),
        ("1/x", "1/x is not defined at 0, which lies within the inputs of SQ4.4; give an input format "),
        ("1/(3*x - 1)", "1/(3*x - 1) is not defined at 1/3, which lies within the inputs of SQ4.4; give an input"),
        ("foo(x)", "there is no 'foo', at column 1 of the expression 'foo(x)'; choose one of abs, arctan, "),
        ("x^0.5", "an exponent must be a whole number, not 1/2, at column 3 of the expression 'x^0.5'"),
        ("x +", "a number, x or a function is missing at the end, at column 4 of the expression 'x +'"),
        ("tanh(x", "a ')' is missing before the end for the '(' at column 5, at column 7 of the expression 'tanh(x'"),
        ("x^1000000", "an exponent must be a whole number from -64 to 64, not 1000000, at column 3 of "),
        ("2", "the expression 2 is a constant: it must contain x"),
        ("x^2", "output format SQ4.4 holds -8 to 7.9375, but x^2 of SQ4.4 goes from 0 to 64; choose a format that"),
        ("where(x > 0, x - 9, x)", "output format SQ4.4 holds -8 to 7.9375, but where(x > 0, x - 9, x) of SQ4.4 goes"),
        ("abs(sin(x))", "abs(sin(x)) has branches that begin where no exact input is known: where sin(x) is 0 cannot"),
        ("gelu.prim", "there is no function 'gelu.prim'; did you mean gelu.prime?"),
    ],
)
def test_refusals(run, tmp_path, function, message):
    code, out, err = run("emit", function, "-i", "SQ4.4", "-o", "SQ4.4", "--out", tmp_path)
    assert (code, out) == (2, "")
    assert err.removeprefix("Error: ").startswith(message)
    assert list(tmp_path.iterdir()) == []


def test_a_design_of_an_expression():
    unit = design("x^2/4", "SQ3.2", "UQ3.2", max_error="0.5ulp")
    assert unit.golden.floats([-2.0, 3.0]).tolist() == [1.0, 2.25]
