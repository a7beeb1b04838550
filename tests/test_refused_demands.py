"""Roundings, budgets and flags that are wrong or contradict each other, and what `rounded` and `load` refuse."""

import json
from pathlib import Path

import numpy as np
import pytest
from refused import check_sentence

from softgate import design, load, rounded


def refused(call, message):
    with pytest.raises((TypeError, ValueError)) as raised:
        call()
    check_sentence(str(raised.value), message)


@pytest.mark.parametrize(
    ("demand", "message"),
    [
        *(
            ({"rounding": each}, f"there is no rounding {each!r}; choose one of floor, half_away")
            for each in ("up", "")
        ),
        ({"rounding": "half-even"}, "there is no rounding 'half-even'; did you mean half_even?"),
        ({"rounding": "AP_RND"}, "there is no rounding 'AP_RND'; choose one of"),
        ({"rounding": "nearest"}, "there is no rounding 'nearest'"),
        *(
            ({"rounding": each}, "rounding must be a name such as half_even, not ")
            for each in (3, True, ["floor"], 0.5)
        ),
        *(
            (
                {"rounding": each, "max_error": "1ulp"},
                f"rounding {each} gives the output at every input; leave out max_error",
            )
            for each in ("half_even", "half_up", "half_away", "floor", "zero")
        ),
        *(
            (
                {"rounding": "zero", "ends": each},
                f"rounding zero gives the output at every input; leave out ends {each}",
            )
            for each in ("exact", "free")
        ),
        *(
            (
                {"rounding": each, "symmetric": True},
                "symmetric needs a rounding that is the same for both signs, such as",
            )
            for each in ("floor", "half_up")
        ),
        *(({"ends": each}, f"there is no ends {each!r}; choose one of exact, free") for each in ("open", "")),
        *(({"ends": each}, "ends must be a name such as exact, not ") for each in (3, True)),
        *(
            ({flag: given}, f"{flag} must be True or False, not {given!r}")
            for flag in ("saturate", "symmetric", "monotonic", "cache")
            for given in (1, 0, "yes", None)
        ),
        *(
            ({"max_error": each}, f"invalid error budget '{each}': write 1ulp")
            for each in ("", "nan", "inf", "ulp", "1 lsb")
        ),
        *(({"max_error": each}, "an error budget must be above 0, not ") for each in ("0", "0ulp", "-1ulp", "-1e-3")),
        *(({"max_error": each}, "an error budget is written as text such as 1ulp") for each in (0.5, 1, True, [1])),
        (
            {"max_error": "0.3ulp"},
            "error budget 0.3ulp is below 0.5ulp, which rounding alone takes; write 0.5ulp or more",
        ),
        ({"max_bias": "x"}, "invalid bias limit 'x': write 0.05ulp, 1e-5 or 2^-16"),
        ({"max_bias": "-1ulp"}, "a bias limit must be above 0, not -1ulp"),
        ({"max_bias": 3}, "a bias limit is written as text such as 0.05ulp, 1e-5 or 2^-16, not 3"),
        ({"with_derivative": "Q1.3"}, "with_derivative format 'Q1.3' is ambiguous: write SQ1.3"),
        ({"with_derivative": "int8"}, "with_derivative format 'int8' is invalid: an affine format is written as"),
        ({"with_derivative": 3}, "with_derivative format must be text such as 'SQ4.12'"),
    ],
    ids=repr,
)
def test_demands(demand, message):
    refused(lambda: design("tanh", "SQ3.2", "SQ1.4", method="table", **demand), message)


@pytest.mark.parametrize(
    ("output", "demand", "message"),
    [
        (
            "ap_fixed<5,1,AP_RND>",
            {"max_error": "1ulp"},
            "rounding half_up gives the output at every input; leave out max",
        ),
        (
            "ap_fixed<5,1,AP_TRN>",
            {"ends": "free"},
            "rounding floor gives the output at every input; leave out ends free",
        ),
        (
            "ap_fixed<5,1,AP_RND>",
            {"rounding": "floor"},
            "rounding is floor, but the output format rounds half_up; leave",
        ),
        ("ap_fixed<5,1,AP_RND>", {"symmetric": True}, "symmetric needs a rounding that is the same for both signs"),
        ("ap_fixed<5,1,AP_TRN,AP_SAT_SYM>", {}, "symmetric needs a rounding that is the same for both signs"),
        (
            "fixed<5,1,RND,SAT_SYM>",
            {"rounding": "half_up"},
            "symmetric needs a rounding that is the same for both signs",
        ),
    ],
)
def test_demands_of_a_format(output, demand, message):
    refused(lambda: design("tanh", "SQ3.2", output, method="table", **demand), message)


@pytest.mark.parametrize(
    ("source", "output", "message"),
    [
        ("int8:0.05:-3", "SQ1.7", "symmetric needs an input whose zero point is 0, not -3, as that of int8:0.05:-3"),
        (
            "uint8:0.05:128",
            "SQ1.7",
            "symmetric needs an input whose zero point is 0, not 128, as that of uint8:0.05:128",
        ),
        ("SQ3.2", "int8:0.1:128", "output format int8:0.1:128 holds -25.6 to -0.1, but tanh of SQ3.2 goes from"),
        ("SQ3.2", "uint8:0.1:0", "output format uint8:1/10:0 holds 0 to 25.5, but tanh"),
        ("SQ3.2", "int8:0.001:0", "holds -0.128 to 0.127, but tanh of SQ3.2 goes from"),
    ],
)
def test_affine_formats_that_do_not_go_together(source, output, message):
    symmetric = "symmetric" in message
    refused(lambda: design("tanh", source, output, symmetric=symmetric, method="table"), message.replace("1/10", "0.1"))


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (None, {}, "function must be a name such as tanh, an expression, an array of values or a callable, not None"),
        (3, {}, "function must be a name such as tanh, an expression, an array of values or a callable, not 3"),
        (["tanh"], {}, "function must be a name such as tanh"),
        ("tahn", {}, "there is no function 'tahn'; did you mean tanh?"),
        ("tanh.prim", {}, "there is no function 'tanh.prim'; did you mean tanh.prime?"),
        ("tanh+", {}, "tanh needs its argument in parentheses"),
        ("1/x", {}, "1/x is not defined at 0, which lies within the inputs of SQ3.2"),
        ("log", {}, "log is defined for x > 0, and 0 is an input of SQ3.2"),
        ("prelu", {}, "prelu has its slope at run time"),
        (np.zeros(3), {}, "table must hold one value for each of the 32 codes of SQ3.2, in ascending order, not 3"),
        (np.zeros(32, int), {}, "table must hold values as floats, not int64, which may be codes"),
        ("gelu", {}, "output format SQ1.4 holds -1 to 0.9375, but gelu"),
        ("tanh", {"output_format": None}, "output format is missing: only thresholds have one of their own"),
        (
            "tanh",
            {"input_format": "SQ4.20"},
            "input_format SQ4.20 has 16777216 codes, and a rounded function is tabled for",
        ),
        ("tanh", {"input_format": "int32:0.1:0"}, "input_format int32:0.1:0 has 4294967296 codes"),
        *(("tanh", {"saturate": each}, f"saturate must be True or False, not {each!r}") for each in (1, "yes", None)),
        *(
            ("tanh", {key: 3}, f"function tanh has no parameter {key!r}")
            for key in ("degree", "max_error", "method", "alpha")
        ),
        ("elu", {"alpha": "x"}, "alpha must be a number, not 'x'"),
        ("tanh", {"input_range": "3"}, "input range '3' is invalid: write LO:HI"),
        ("tanh", {"input_range": "5:1"}, "input range '5:1' is the wrong way round"),
        ("tanh", {"input_range": "9:10"}, "input range '9:10' lies outside SQ3.2, which goes from -4 to 3.75"),
        ("tanh", {"input_range": (1,)}, "input range '1' is invalid: write LO:HI"),
        ("tanh", {"input_range": 3}, "an input range is written as two numbers or as text such as '-4:4', not 3"),
        ("tanh", {"input_range": (float("nan"), 1)}, "input range 'nan:1' is invalid: nan is not a number"),
        (
            "tanh",
            {"input_format": "int8:0.1:3", "input_range": "90:91"},
            "input range '90:91' lies outside int8:0.1:3, wh",
        ),
        (
            "tanh",
            {"input_format": "int8:0.1:3", "input_range": "0.01:0.02"},
            "holds no code of int8:0.1:3, whose codes are",
        ),
        ("tanh", {"clip": "5:1"}, "clip '5:1' is the wrong way round"),
        ("tanh", {"clip": 3}, "a clip is written as two numbers or as text such as '-4:4', not 3"),
    ],
    ids=repr,
)
def test_rounded(function, arguments, message):
    given = {"input_format": "SQ3.2", "output_format": "SQ1.4", **arguments}
    refused(lambda: rounded(function, **given), message)


@pytest.fixture(scope="module")
def manifests(tmp_path_factory):
    """A folder with a manifest, and files that are none or have something wrong."""
    folder = tmp_path_factory.mktemp("unit")
    design("tanh", "SQ3.2", "SQ1.4", method="table").emit(folder)
    text = (folder / "tanh.json").read_text()
    for name, changes in {
        "schema": {"schema": 99},
        "function": {"function": "tahn"},
        "format": {"input": {"port": "x", "format": "Q3.2"}},
        "error": {"error": None},
        "budget": {"budget": "0.1ulp"},
        "plan": {"plan": {}},
        "clock": {"frequency": float("nan")},
    }.items():
        (folder / f"{name}.json").write_text(json.dumps(json.loads(text) | changes))
    for name, content in {"text": "hello", "list": "[]", "empty": "", "object": "{}", "cut": text[:200]}.items():
        (folder / f"{name}.json").write_text(content)
    (folder / "binary.json").write_bytes(b"\xff\xfe\x00")
    (folder / "folder.json").mkdir()
    return folder


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nothing", "No such file or directory"),
        ("folder", "Is a directory"),
        *((each, "is not JSON") for each in ("text", "empty", "cut", "binary")),
        *((each, "this is not the manifest of a softgate unit") for each in ("list", "object")),
        ("schema", "the manifest has schema 99; this softgate reads schema 1"),
        ("function", "there is no function 'tahn'; did you mean tanh?"),
        ("format", "format 'Q3.2' is ambiguous: write SQ3.2"),
        ("error", "error cannot be null, since a function is claimed"),
        ("budget", "error budget 0.1ulp is below 0.5ulp"),
        ("plan", "the plan is not well formed"),
        ("clock", "the manifest has a number that is not finite, NaN"),
    ],
)
def test_load(name, message, manifests):
    with pytest.raises(ValueError) as raised:
        load(manifests / f"{name}.json")
    check_sentence(str(raised.value).replace(str(manifests), "."), f"{name}.json", message)


@pytest.mark.parametrize("given", [None, 3, True, b"x", ["a"], {"a": 1}], ids=repr)
def test_load_takes_a_path(given):
    refused(lambda: load(given), f"path must be text or a path, not {given!r}")


def test_load_without_a_name():
    refused(lambda: load(Path()), "cannot read manifest '.': Is a directory")
