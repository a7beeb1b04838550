"""The JSON Schemas of docs/schema, and the tables of docs/plan-format.md, against the code that writes the JSON."""

import copy
import functools
import json
import re
from dataclasses import MISSING, fields
from pathlib import Path
from types import NoneType
from typing import get_args, get_type_hints

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from several_ports import sum_and_distance
from small_neurons import small_neuron
from small_rrelu import small_rrelu
from small_softmax import small_softmax
from strategies import plans

from softgate import design, emit_plan
from softgate.accuracy.error_metrics import ErrorMetrics
from softgate.explore.choose.choice import EFFORTS, Choice, Weighed
from softgate.hdl.build_options import OBJECTIVES
from softgate.hdl.claims import CLAIMS
from softgate.hdl.interfaces import INTERFACES
from softgate.hdl.manifest import SCHEMA, Manifest, ManifestError, seal
from softgate.hdl.manifest_fields import _MARGIN as MARGIN
from softgate.hdl.manifest_fields import _PLACEMENT as PLACEMENT
from softgate.hdl.manifest_fields import KINDS as KINDS_OF_FIELDS
from softgate.plan import FixedFormat, Plan, PlanBuilder
from softgate.plan.operations import MAX_SHIFT, Bitwise, Clamp, Compare, Operation, Round, ShiftBy

DOCS = Path(__file__).parents[1] / "docs"
SCHEMAS = {
    name: json.loads((DOCS / "schema" / name).read_text()) for name in ("plan.json", "manifest.json", "composite.json")
}
REGISTRY = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items())
PLANS = Draft202012Validator({"$ref": "plan.json"}, registry=REGISTRY)
MANIFESTS = Draft202012Validator({"$ref": "manifest.json"}, registry=REGISTRY)
COMPOSITES = Draft202012Validator({"$ref": "composite.json"}, registry=REGISTRY)
STEPS = SCHEMAS["plan.json"]["$defs"]

# Tests may define operations of their own.
OPERATIONS = {name: cls for name, cls in Operation.kinds.items() if cls.__module__.startswith("softgate.")}

UNITS = {
    "a ramp": (("hard_logistic", "SQ4.4", "UQ0.8"), {"variant": "keras3"}, {}),
    "free parameters": (("hard_logistic", "SQ4.4", "UQ0.8"), {"slope": "1/6", "offset": "1/2"}, {"interface": "comb"}),
    "weighed": (
        ("tanh", "SQ4.4", "SQ1.7"),
        {"max_error": "1ulp"},
        {"interface": "stream", "target": "ecp5", "dsp": 0, "bram": 1},
    ),
    "a limited input": (("tanh", "SQ4.4", "SQ1.7"), {"method": "table", "input_range": "-1:1"}, {"interface": "axis"}),
    "beyond 24 bits": (
        ("tanh", "SQ4.22", "SQ1.7"),
        {"method": "polynomial", "fit": "minimax", "degree": 1, "segments": 16, "monotonic": False},
        {"target": "ecp5", "frequency": 187.5},
    ),
    "no function, and fields of a port": (sum_and_distance(), None, {"interface": "axis"}),
    "a derivative": (("tanh", "SQ3.2", "SQ1.4"), {"with_derivative": "UQ1.4"}, {"interface": "axis"}),
    "a parameter at run time": (("prelu", "SQ3.2", "SQ3.2"), {"ports": {"slope": "SQ1.3"}}, {"interface": "axis"}),
    "as is asked": (
        ("logistic", "SQ3.4", "UQ0.7"),
        {"method": "table", "max_error": "1ulp", "symmetric": True, "max_bias": "0.5ulp", "ends": "free"},
        {"interface": "axis", "tlast": True, "registers": ["x"]},
    ),
}
"""Units by which of their fields are not those of the others."""


@pytest.fixture(scope="module")
def emitted(tmp_path_factory):
    """Return the manifest of a unit."""

    @functools.cache
    def emit(name):
        what, asked, built = UNITS[name]
        folder = tmp_path_factory.mktemp("unit")
        unit = (
            emit_plan(what, folder, "unit", **built) if asked is None else design(*what, **asked).emit(folder, **built)
        )
        return json.loads(unit.to_json())

    return emit


@pytest.fixture(scope="module")
def manifest(emitted):
    return emitted("weighed")


@pytest.mark.parametrize("name", SCHEMAS)
def test_they_are_schemas(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_every_kind_of_operation_is_a_step():
    assert set(OPERATIONS) == set(STEPS["step"]["properties"]["op"]["enum"])
    assert [each["$ref"] for each in STEPS["step"]["oneOf"]] == [
        f"#/$defs/{name}" for name in STEPS["step"]["properties"]["op"]["enum"]
    ]


@pytest.mark.parametrize("kind", OPERATIONS)
def test_a_step_has_exactly_the_fields_of_its_operation(kind):
    needed = [field.name for field in fields(OPERATIONS[kind]) if field.default is MISSING]
    assert set(STEPS[kind]["properties"]) == {"name", "op", "note"} | {f.name for f in fields(OPERATIONS[kind])}
    assert STEPS[kind]["properties"]["op"] == {"const": kind}
    assert sorted(STEPS[kind]["required"]) == sorted(["name", "op", *needed])
    assert STEPS[kind]["additionalProperties"] is False


@pytest.mark.parametrize("kind", OPERATIONS)
def test_operands_are_operands(kind):
    operands = [name for name, value in STEPS[kind]["properties"].items() if value.get("$ref") == "#/$defs/operand"]
    assert operands == list(OPERATIONS[kind].operand_fields)


@pytest.mark.parametrize(
    ("kind", "field", "make"),
    [
        ("bitwise", "function", lambda value: Bitwise(value, "a", "b")),
        ("compare", "relation", lambda value: Compare(value, "a", "b")),
        ("round", "mode", lambda value: Round("a", 1, value)),
        ("shift_by", "direction", lambda value: ShiftBy(value, "a", "b")),
    ],
)
def test_names_are_those_that_an_operation_takes(kind, field, make):
    allowed = STEPS[kind]["properties"][field]["enum"]
    for value in allowed:
        make(value)
    with pytest.raises(ValueError, match="must be") as refused:
        make("?")
    named = str(refused.value).partition("must be ")[2].partition(", not")[0]
    assert set(re.findall(r"\w+", named)) == {*allowed, "or"}


def test_limits_of_shifts():
    shift = STEPS["shift"]
    assert (shift["minimum"], shift["maximum"]) == (0, MAX_SHIFT)
    assert STEPS["round"]["properties"]["bits"] == {"type": "integer", "minimum": 1, "maximum": MAX_SHIFT}
    assert STEPS["bits"]["properties"]["count"] == {"type": "integer", "minimum": 1, "maximum": MAX_SHIFT}


@given(plans())
@settings(max_examples=100)
def test_random_plans_are_valid(plan):
    PLANS.validate(plan.as_dict())


@pytest.mark.parametrize("kind", OPERATIONS)
def test_the_page_lists_the_fields_and_defaults(kind):
    page = (DOCS / "plan-format.md").read_text()
    (row,) = (line.split("|") for line in page.splitlines() if line.startswith(f"| `{kind}` |"))
    documented = {}
    for name, default in re.findall(r"`(\w+)`(?:: ([^`]*?)(?=\)))?", row[2]):
        documented[name] = default
    # Names that share one default stand together: (`low`, `high`: null).
    for group in re.findall(r"\(([^()]*)\)", row[2]):
        documented |= dict.fromkeys(re.findall(r"`(\w+)`", group), group.rpartition(": ")[2])
    expected = {}
    for field in fields(OPERATIONS[kind]):
        value = list(field.default) if isinstance(field.default, tuple) else field.default
        expected[field.name] = "" if field.default is MISSING else json.dumps(value)
    assert documented == expected


def changed(data, path, value):
    """Return a copy of JSON values with another value, or without it if that is `...`."""
    data = copy.deepcopy(data)
    *parents, last = path
    inner = data
    for key in parents:
        inner = inner[key]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return data


@pytest.fixture(scope="module")
def plan():
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ4.4"))
    y = b.let("y_clamped", Clamp(x, -3, 3), "limited")
    return b.build(y=(y, FixedFormat.parse("SQ4.4"))).as_dict()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["steps"], ...),
        (["outputs"], []),
        (["version"], 1),
        (["steps", 0, "format"], "Q4.4"),
        (["steps", 0, "format"], "S4.4"),
        (["steps", 0, "format"], "ap_fixed<8,4>"),
        (["steps", 0, "low"], 0.5),
        (["steps", 1, "name"], "clamped_r2"),
        (["steps", 1, "name"], "2y"),
        (["steps", 1, "name"], ...),
        (["steps", 1, "op"], "limit"),
        (["steps", 1, "op"], "narrow"),
        (["steps", 1, "low"], ...),
        (["steps", 1, "low"], "-3"),
        (["steps", 1, "bits"], 3),
        (["steps", 1, "note"], None),
        (["outputs", 0, "format"], ...),
        (["outputs", 0, "error"], {}),
    ],
)
def test_damaged_plans_are_not_valid(plan, path, value):
    PLANS.validate(plan)
    assert not PLANS.is_valid(changed(plan, path, value))


@pytest.mark.parametrize(
    "table",
    [
        {"digits": 1, "signed": False, "hex": "AB"},
        {"digits": 1, "signed": False, "hex": ""},
        {"digits": 0, "signed": False, "hex": "ab"},
        {"digits": 1, "hex": "ab"},
        {"digits": 1, "signed": False, "hex": "ab", "entries": 2},
        [10, 11],
    ],
)
def test_damaged_tables_are_not_valid(table):
    step = {"name": "entry", "op": "lookup", "index": "x", "table": {"digits": 1, "signed": False, "hex": "ab"}}
    plan = {"steps": [step], "outputs": [{"name": "y", "step": "entry", "format": "UQ4.0"}]}
    PLANS.validate(plan)
    assert not PLANS.is_valid(changed(plan, ["steps", 0, "table"], table))


@pytest.mark.parametrize("name", UNITS)
def test_manifests_are_valid(emitted, name):
    manifest = emitted(name)
    MANIFESTS.validate(manifest)
    PLANS.validate(manifest["plan"])
    assert Plan.from_dict(manifest["plan"]).as_dict() == manifest["plan"]


def test_the_manifest_has_the_fields_of_the_code():
    schema = SCHEMAS["manifest.json"]
    assert list(schema["properties"]) == schema["required"] == list(CLAIMS)
    assert schema["properties"]["schema"] == {"const": SCHEMA}
    assert schema["properties"]["interface"]["enum"] == list(INTERFACES)
    parts = schema["$defs"]
    assert sorted(parts["objective"]["enum"]) == sorted(OBJECTIVES)
    assert parts["choice"]["properties"]["effort"]["enum"] == list(EFFORTS)
    for name, cls in (("choice", Choice), ("weighed", Weighed)):
        assert list(parts[name]["properties"]) == [field.name for field in fields(cls)]
        optional = ["further"] if cls is Weighed else []  # of units of several outputs alone
        assert parts[name]["required"] + optional == list(parts[name]["properties"])
    assert parts["pipelining"]["required"] == list(PLACEMENT)
    assert list(parts["pipelining"]["properties"]) == [*PLACEMENT, MARGIN]  # of units with a margin alone
    renamed = {field.name for field in fields(ErrorMetrics)} - {
        "largest",
        "below_largest",
        "worst_code",
        "worst_value",
        "worst_parameter",
    }
    assert set(parts["error"]["properties"]) == renamed | {"class", "worst_input"}
    assert list(parts["error"]["properties"]) == [*parts["error"]["required"], "misrounded"]  # if a rounding is asked


def test_what_was_weighed_is_of_the_kinds_of_the_code():
    names = {str: "string", float: "number", int: "integer", bool: "boolean", NoneType: "null"}
    properties = SCHEMAS["manifest.json"]["$defs"]["weighed"]["properties"]
    for field, hint in get_type_hints(Weighed).items():
        kinds = [names.get(kind, "object") for kind in (get_args(hint) if NoneType in get_args(hint) else (hint,))]
        assert properties[field]["type"] == (kinds if len(kinds) > 1 else kinds[0])


EXAMPLES = [None, False, True, 7, 1.5, "text", {}, []]
"""A JSON value of every kind."""


@pytest.mark.parametrize("key", KINDS_OF_FIELDS)
def test_fields_are_of_the_kinds_that_are_read(key):
    kinds = KINDS_OF_FIELDS[key]
    schema = {"$ref": f"manifest.json#/properties/{key}"}
    errors = {
        json.dumps(value): [
            error.validator for error in Draft202012Validator(schema, registry=REGISTRY).iter_errors(value)
        ]
        for value in EXAMPLES
    }
    # A field refuses a value by its kind, or by what it must hold within; null is right where it may be absent.
    admitted = (kinds,) if isinstance(kinds, type) else kinds.__args__
    assert (not errors["null"]) == (NoneType in admitted)
    for value in EXAMPLES:
        if type(value) not in admitted and not (type(value) is int and float in admitted):
            assert errors[json.dumps(value)]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["schema"], 2),
        (["kind"], "composite"),
        (["name"], "2tanh"),
        (["comment"], "mine"),
        (["budget"], ...),
        (["latency"], -1),
        (["latency"], 1.5),
        (["initiation_interval"], 0),
        (["interface"], "spi"),
        (["ends"], "loose"),
        (["frequency"], 0),
        (["frequency"], "200"),
        (["dsp"], -1),
        (["verilog"], "../tanh.v"),
        (["plan_sha256"], "0" * 63),
        (["stages", "entry"], 0),
        (["range"], {"low": 0}),
        (["function_parameters", "slope"], 0.25),
        (["method", "name"], ...),
        (["error", "class"], "good"),
        (["error", "rms"], ...),
        (["error", "worst_input", "code"], 0.5),
        (["error", "correctly_rounded"], 1.01),
        (["outputs", 0, "error"], ...),
        (["inputs", 0, "error"], {}),
        (["inputs"], []),
        (["ports", 0, "direction"], "inout"),
        (["ports", 0, "width"], 0),
        (["pipelining", "registers"], "input"),
        (["pipelining", "stages"], ...),
        (["versions", "softgate"], 1),
        (["extras", "tanh.mem"], "0" * 40),
        (["choice"], {}),
        (["plan", "steps"], []),
        (["plan", "steps", 0, "op"], "output"),
    ],
)
def test_damaged_manifests_are_not_valid(manifest, path, value):
    MANIFESTS.validate(manifest)
    assert not MANIFESTS.is_valid(changed(manifest, path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["method"], {"name": "table"}),
        (["choice"], {}),
        (["function"], "tanh"),
        (["inputs", 0, "low"], ...),
        (["inputs", 0, "field"], ...),
        (["outputs", 1, "low"], -1),
        (["outputs", 1, "width"], 0),
    ],
)
def test_damaged_manifests_without_a_function_are_not_valid(emitted, path, value):
    manifest = emitted("no function, and fields of a port")
    MANIFESTS.validate(manifest)
    assert not MANIFESTS.is_valid(changed(manifest, path, value))


def test_an_unknown_field_is_refused_by_schema_and_code(manifest):
    assert not MANIFESTS.is_valid(manifest | {"comment": "mine"})
    with pytest.raises(ManifestError, match="has no field 'comment'"):
        Manifest.from_dict(seal(manifest | {"comment": "mine"}))


@pytest.fixture(scope="module")
def composite():
    return json.loads(small_softmax(interface="axis")._manifest("softmax", "").to_json())


def test_composites_are_valid(composite):
    COMPOSITES.validate(composite)
    COMPOSITES.validate(json.loads(small_neuron("layer", "linear", bias="each")._manifest("layer", "").to_json()))
    assert list(SCHEMAS["composite.json"]["properties"]) == list(composite)
    assert not MANIFESTS.is_valid(composite)
    COMPOSITES.validate(json.loads(small_rrelu()._manifest("rrelu_training", "").to_json()))  # without parts


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["kind"], "unit"),
        (["comment"], "mine"),
        (["words", "shift"], "2"),
        (["parts"], {}),
        (["parts", 0, "plan"], ...),
        (["parts", 0, "error", "rms"], ...),
        (["parts", 0, "input", "format"], "Q4.4"),
        (["contract", 0, "limit"], "small"),
        (["contract", 0, "command"], ...),
        (["latency"], -1),
        (["interface"], "spi"),
        (["verilog"], "../softmax.v"),
    ],
)
def test_damaged_composites_are_not_valid(composite, path, value):
    assert not COMPOSITES.is_valid(changed(composite, path, value))
