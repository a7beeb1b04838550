import json
import random

import pytest

from softgate import design
from softgate.hdl.manifest import Manifest, ManifestError, TamperedError, seal
from softgate.plan import Plan

PLACED = {"objective": "balanced", "compact": None, "latency": None, "stages": None, "registers": None}

UNIT = design("hard_logistic", "SQ4.4", "UQ0.8", method="hard", variant="keras3", max_error="0.5ulp")


@pytest.fixture
def manifest(tmp_path):
    return UNIT.emit(tmp_path, name="gate", stages=2)


def test_round_trip(manifest, tmp_path):
    assert Manifest.load(tmp_path / "gate.json") == manifest
    assert Manifest.from_dict(manifest.as_dict()) == manifest
    assert Manifest.from_dict(json.loads(manifest.to_json())).to_json() == manifest.to_json()
    assert (tmp_path / "gate.json").read_text() == manifest.to_json()


@pytest.mark.parametrize("interface", ["comb", "stream"])
def test_round_trip_of_other_interfaces(interface, tmp_path):
    unit = design("tanh", "SQ3.4", "SQ1.6", method="taylor", degree=1, segments=4)
    written = unit.emit(tmp_path, interface=interface)
    assert Manifest.load(tmp_path / "tanh.json") == written


@pytest.mark.parametrize("monotonic", [False, True])
def test_a_monotonic_unit_in_the_manifest(monotonic, tmp_path):
    written = design("tanh", "SQ3.3", "SQ1.3", method="table", monotonic=monotonic).emit(tmp_path)
    assert written.as_dict()["monotonic"] is monotonic
    assert Manifest.load(tmp_path / "tanh.json").specification.monotonic is monotonic


def test_fields(manifest):
    data = manifest.as_dict()
    assert list(data)[:6] == ["generator", "kind", "schema", "name", "function", "function_parameters"]
    assert (data["generator"], data["kind"], data["schema"], data["name"]) == ("softgate", "unit", 1, "gate")
    assert (data["function"], data["function_parameters"]) == ("hard_logistic", {"variant": "keras3"})
    assert data["method"] == {"name": "hard"}
    assert data["inputs"] == [data["input"]] == [{"port": "x", "format": "SQ4.4"}]
    assert data["output"] == {"port": "y", "format": "UQ0.8"}
    assert data["outputs"] == [data["output"] | {"error": data["error"]}]
    assert data["ports"] == [
        {"name": "clk", "direction": "input", "width": 1},
        {"name": "en", "direction": "input", "width": 1},
        {"name": "x", "direction": "input", "width": 8},
        {"name": "y", "direction": "output", "width": 8},
    ]
    assert (data["interface"], data["latency"], data["initiation_interval"]) == ("pipeline", 2, 1)
    assert (data["budget"], data["saturate"], data["target"], data["frequency"]) == ("0.5ulp", False, None, None)
    assert data["verilog"] == "gate.v"
    assert data["plan_sha256"] == UNIT.plan.sha256
    assert set(data["versions"]) >= {"softgate", "amaranth"}
    assert set(data["error"]) >= {
        *("max_ulp", "max_abs", "mean_abs", "rms", "bias", "correctly_rounded"),
        *("monotonic", "worst_input", "points", "proof"),
    }


def test_method_parameters_are_beside_the_methods_name(tmp_path):
    written = design("tanh", "SQ3.4", "SQ1.6", method="taylor", degree=1, segments=4).emit(tmp_path)
    assert written.as_dict()["method"] == {
        "name": "taylor",
        "degree": 1,
        "segments": written.method_parameters["segments"],
    }


DERIVED = [
    *(
        "generator",
        "kind",
        "schema",
        "function",
        "function_parameters",
        "input",
        "output",
        "range",
        "error",
        "inputs",
        "outputs",
    ),
    *(
        "interface",
        "tlast",
        "ports",
        "initiation_interval",
        "budget",
        "stages",
        "plan",
        "plan_sha256",
        "manifest_sha256",
    ),
]
"""Fields of which an edit shows in the manifest alone: they say what others say, too, or allow few values."""

CHECKED = ["name", "latency", "verilog", "verilog_sha256"]
"""Fields that the check holds against the Verilog."""

STATED = [
    *("method", "choice", "saturate", "monotonic", "ends", "symmetric", "max_bias", "rounding"),
    *("target", "frequency", "clock", "dsp", "bram", "pipelining", "versions"),
    "extras",
]
"""Fields that tell how the pair came to be."""


def edited(value):
    """Return a value of the same kind that differs."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return value + "x"
        case list():
            return [*value, 1]
        case dict():
            return {**value, "more": 1}
        case None:
            return {}
    raise AssertionError(value)


RANGED = design("hard_logistic", "SQ4.4", "UQ0.8", method="hard", variant="keras3", input_range="-1:2.5")


def test_the_range_of_the_input(manifest, tmp_path):
    assert manifest.as_dict()["range"] is None
    written = RANGED.emit(tmp_path, name="ranged")
    data = written.as_dict()
    assert data["range"] == {"low": -16, "high": 40, "low_value": -1.0, "high_value": 2.5}
    assert data["schema"] == 1
    assert data["error"]["points"] == 57
    read = Manifest.load(tmp_path / "ranged.json")
    assert read == written
    assert read.specification.codes == (-16, 40)


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (None, "the manifest was edited: its range does not agree with the rest"),
        ({"low": -16, "high": 40}, "the manifest was edited: its range does not agree with the rest"),
        ({"low": -16, "high": 41}, "the manifest was edited: its range does not agree with the rest"),
        ({"low": -16}, "the manifest lacks 'high'"),
        ({"low": -16, "high": 128}, "an input range must hold codes of SQ4.4"),
        ({"low": 4, "high": 3}, "an input range must hold codes of SQ4.4"),
        ({"low": "a", "high": "b"}, "something wrong"),
        ({"low": -16.0, "high": 40.0}, "the codes of range must be integers, not -16.0 and 40.0"),
        (7, "range cannot be 7"),
    ],
)
def test_a_range_that_was_edited(held, message, tmp_path):
    data = RANGED.emit(tmp_path).as_dict()
    for sealed in (data | {"range": held}, seal(data | {"range": held})):
        with pytest.raises(ManifestError, match=message):
            Manifest.from_dict(sealed)


def test_a_range_in_the_plan_alone(manifest):
    data = manifest.as_dict()
    data["plan"]["steps"][0]["low"] = -3
    data["plan_sha256"] = Plan.from_dict(data["plan"]).sha256
    with pytest.raises(TamperedError, match="its range does not agree with the rest"):
        Manifest.from_dict(seal(data))


def test_every_field_is_in_one_list(manifest):
    assert sorted(manifest.as_dict()) == sorted(DERIVED + CHECKED + STATED)


@pytest.mark.parametrize("field", DERIVED)
def test_an_edited_field_is_detected(field, manifest):
    data = manifest.as_dict()
    data[field] = edited(data[field])
    with pytest.raises(ManifestError) as caught:
        Manifest.from_dict(data)
    assert "edited" in str(caught.value) or not isinstance(caught.value, TamperedError)


@pytest.mark.parametrize("field", DERIVED + CHECKED + STATED)
def test_a_missing_field_is_named(field, manifest):
    data = manifest.as_dict()
    del data[field]
    with pytest.raises(ManifestError, match=field if field not in ("generator", "kind") else "not the manifest"):
        Manifest.from_dict(data)


@pytest.mark.parametrize("value", [None, 7, [], {}, "text"])
@pytest.mark.parametrize("field", DERIVED + CHECKED + STATED)
def test_a_field_of_the_wrong_kind_is_refused(field, value, manifest):
    data = manifest.as_dict()
    good = {
        "budget": [None],
        "max_bias": [None],
        "rounding": [None],
        "range": [None],
        "choice": [None],
        "target": [None, "text"],
        "frequency": [None, 7],
        "clock": [None, 7],
        "dsp": [None, 7],
        "bram": [None, 7],
        "latency": [7],
        "stages": [{}],
    }
    good |= {"name": ["text"], "verilog": ["text"], "function_parameters": [{}], "versions": [{}], "extras": [{}]}
    if value in good.get(field, []):
        return
    data[field] = value
    with pytest.raises(ManifestError):
        Manifest.from_dict(data)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("schema", 2, "the manifest has schema 2; this softgate reads schema 1"),
        ("name", "2x", "module name '2x' is not a Verilog identifier"),
        ("function", "hard_logistik", r"there is no function 'hard_logistik'; did you mean hard_logistic\?"),
        ("function_parameters", {"variant": "keras9"}, "there is no variant 'keras9'"),
        ("interface", "streem", r"there is no interface 'streem'; did you mean stream\?"),
        ("budget", "much", "invalid error budget 'much'"),
        ("latency", -1, "outside 0 to -1"),
        ("method", {"name": "hrad"}, r"there is no method 'hrad'; did you mean hard\?"),
        ("verilog", "../gate.v", r"verilog must be the name of a file beside the manifest, not '\.\./gate\.v'"),
        ("verilog", "/gate.v", "verilog must be the name of a file beside the manifest"),
        ("initiation_interval", 33, "interval must be from 1 to 32 clocks, not 33"),
        ("more", 1, "the manifest was edited: it has no field 'more'"),
    ],
)
def test_messages_name_the_field(field, value, message, manifest):
    with pytest.raises(ManifestError, match=message):
        Manifest.from_dict(manifest.as_dict() | {field: value})


@pytest.mark.parametrize("field", CHECKED + STATED)
def test_the_seal_shows_what_no_other_field_does(field, manifest):
    data = manifest.as_dict()
    values = {
        "verilog_sha256": "0" * 64,
        "target": "ecp5",
        "frequency": 7,
        "clock": 7,
        "name": "other",
        "verilog": "other.v",
    }
    values |= {"latency": 3, "dsp": 1, "bram": 0, "extras": {"more.py": "0" * 64}, "method": {"name": "taylor"}}
    values |= {"choice": {"weighed": [{"method": "hard", "parameters": {}, "chosen": True}]}}
    values |= {"versions": {"softgate": "0.0.1"}, "pipelining": data["pipelining"] | {"stages": 3}}
    values |= {"ends": "free", "max_bias": "1ulp", "rounding": "floor"}
    data[field] = values[field] if field in values else edited(data[field])
    if field == "method":
        data["choice"] = None  # which says the same
    with pytest.raises(TamperedError, match="the manifest was edited: its manifest_sha256 does not agree"):
        Manifest.from_dict(data)
    assert Manifest.from_dict(seal(data)).as_dict() == seal(data)


CHOSEN = {"method": "hard", "parameters": {}, "chosen": True}


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"pipelining": {"objective": "luts"}}, "pipelining lacks 'compact'"),
        ({"pipelining": {"more": 1}}, "pipelining lacks 'objective'"),
        ({"pipelining": PLACED | {"more": 1}}, "pipelining has no field 'more'"),
        ({"pipelining": PLACED | {"stages": True}}, "stages of pipelining cannot be True"),
        ({"pipelining": PLACED | {"registers": [1]}}, "registers must hold texts, not 1"),
        ({"extras": {"../x": "0" * 64}}, r"extras must name further files beside the manifest, not '\.\./x'"),
        ({"extras": {"gate.v": "0" * 64}}, "extras must name further files beside the manifest, not 'gate.v'"),
        ({"extras": {"gate.json": "0" * 64}}, "extras must name further files beside the manifest"),
        ({"extras": {"x": "0" * 63}}, "the hash of 'x' in extras must be a SHA-256 in hexadecimal, not '0000"),
        ({"extras": {"x": 7}}, "extras must hold texts, not 7 as 'x'"),
        ({"versions": {"softgate": 1}}, "versions must hold texts, not 1 as 'softgate'"),
        ({"target": "ice40"}, "the target must be called ice40-hx8k, not 'ice40'"),
        ({"target": "xc8"}, "there is no target 'xc8'"),
        ({"method": {"name": "hard", "degree": 1}}, "method hard has no parameter 'degree'"),
        ({"method": {"name": "taylor", "degree": -1}}, "degree must be a whole number"),
        ({"choice": {}}, "the manifest lacks 'weighed'"),
        ({"choice": {"weighed": [1]}}, "what was weighed must be a list of objects"),
        ({"choice": {"weighed": []}}, "one unit of those weighed must be chosen, not 0"),
        ({"choice": {"weighed": [CHOSEN, CHOSEN]}}, "one unit of those weighed must be chosen, not 2"),
        ({"choice": {"weighed": [CHOSEN | {"parameters": "x"}]}}, "parameters of what was chosen must be an object"),
        (
            {"choice": {"weighed": [CHOSEN | {"method": "table"}]}},
            "the unit chosen is {'name': 'table'}, but",
        ),
    ],
    ids=str,
)
def test_fields_within_fields(edit, message, manifest):
    with pytest.raises(ManifestError, match=message):
        Manifest.from_dict(seal(manifest.as_dict() | edit))


@pytest.mark.parametrize(("true", "false"), [("2", "2.0"), ("false", "0"), ('"width": 1', '"width": true')])
def test_numbers_that_are_equal_but_not_the_same(true, false, manifest, tmp_path):
    key = "tlast" if true == "false" else "latency"
    text = json.dumps(seal(manifest.as_dict()))
    old = true if ":" in true else f'"{key}": {true}'
    assert old in text
    data = json.loads(text.replace(old, false if ":" in true else f'"{key}": {false}'))
    with pytest.raises(ManifestError):
        Manifest.from_dict(seal(data))


def test_an_edited_plan_is_detected(manifest):
    for position, step in enumerate(manifest.as_dict()["plan"]["steps"]):
        for field, value in step.items():
            data = json.loads(manifest.to_json())
            data["plan"]["steps"][position][field] = edited(value)
            with pytest.raises(ManifestError):
                Manifest.from_dict(data)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[]", "this is not the manifest of a softgate unit"),
        ('{"generator": "softgate", "kind": "unit", "schema": 1}', "the manifest lacks 'name'"),
        ("\ud800", "is not JSON"),
        ('{"kind": "unit", "kind": "other"}', "the manifest has 'kind' twice in one object"),
        ('{"frequency": NaN}', "the manifest has a number that is not finite, NaN"),
        ('{"frequency": -1e999}', "the manifest has a number that is not finite, -1e999"),
        ('{"frequency": ' + "9" * 5000 + "}", "is not JSON"),
    ],
)
def test_files_that_are_no_manifest(text, message, tmp_path):
    path = tmp_path / "gate.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ManifestError, match=message) as caught:
        Manifest.load(path)
    assert str(path) in str(caught.value)


def test_damaged_files_are_refused_in_one_sentence(manifest, tmp_path):
    path = tmp_path / "gate.json"
    whole = path.read_bytes()
    some = random.Random(3)
    damaged = [whole[:length] for length in range(0, len(whole) - 1, 97)]
    for _ in range(200):
        place, length = some.randrange(len(whole)), some.randrange(1, 9)
        rubbish = bytes(some.choice(b'0"{}[]:,\\\xff\x00e-') for _ in range(some.randrange(9)))
        damaged.append(whole[:place] + rubbish + whole[place + length :])
    damaged += [b'{"a":' * depth + b"1" + b"}" * depth for depth in (100, 900, 10_000)]
    damaged += [
        whole.replace(b'"stages": 2', b'"stages": ' + number) for number in (b"1" * 400, b"1e400", b"-0", b"2.0")
    ]
    for data in damaged:
        path.write_bytes(data)
        try:
            read = Manifest.load(path)
        except ManifestError as error:
            assert str(path) in str(error)
            assert len(str(error).splitlines()) == 1
            assert len(str(error)) < 600
        else:
            assert read == manifest  # spaces, or digits that say the same


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ManifestError, match=r"cannot read manifest '.*gate\.json': No such file or directory"):
        Manifest.load(tmp_path / "gate.json")
