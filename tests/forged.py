"""Manifests that say something else than they did, with hashes that fit: as someone would who knows the format."""

import copy
from contextlib import suppress

from softgate.hdl.manifest import seal
from softgate.plan import Plan

OTHER = {
    "generator": "another",
    "kind": "composite",
    "function": "logistic_derivative",
    "interface": "comb",
    "target": "xc7",
    "objective": "luts",
    "verilog": "other.v",
    "proof": "bounded",
}
"""Another value for fields in which not every text means something."""


def places(node, at=()):
    """Yield the path of every value in JSON values; of long lists, of the first and the last ones."""
    if at:
        yield at
    if isinstance(node, dict):
        for key in node:
            yield from places(node[key], (*at, key))
    elif isinstance(node, list):
        for index in sorted({*range(min(len(node), 3)), *range(max(len(node) - 2, 0), len(node))}):
            yield from places(node[index], (*at, index))


def changed(value, key=""):
    """Return a value of the same kind that differs."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case float():
            return value * 1.01 + 1e-9
        case str() if key in OTHER and value != OTHER[key]:
            return OTHER[key]
        case str():
            return value[:-1] + ("1" if value[-1:] != "1" else "2")
        case list():
            return [*value, *value[-1:]] if value else [1]
        case dict():
            return {**value, "more": 1}
        case _:
            return OTHER.get(key, 1)


ODD = [
    *(None, True, False, 0, 1, -1, 64, 1 << 63, -(1 << 200), 0.5, 1e308, [], {}, [0] * 3, {"name": "x"}),
    *("", "x", "y", "SQ4.4", "UQ0.8", "tanh", "table", "comb", "stream", "1ulp", "5ulp", "../x", "u\nendmodule"),
    *("\u202eu", "{0.__class__}", "-rf", "%n%s", "*/ initial $finish; /*"),
]
"""Values that have no place where they are put."""


def scrambled(fields, random):
    """Return a manifest in which one to three values are changed, replaced, taken away or put elsewhere."""
    fields = copy.deepcopy(fields)
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        tops = {key: [path for path in places(fields) if path[0] == key] for key in fields}
        path = random.choice(tops[random.choice([key for key in tops if tops[key]])])
        node = fields
        for key in path[:-1]:
            node = node[key]
        match random.choice(["odd", "odd", "change", "change", "drop", "swap"]):
            case "odd":
                node[path[-1]] = copy.deepcopy(random.choice(ODD))
            case "change":
                node[path[-1]] = changed(node[path[-1]], str(path[-1]))
            case "drop":
                del node[path[-1]]
            case "swap":
                node[path[-1]] = copy.deepcopy(fields[random.choice(list(fields))])
    return fields


def put(fields, path, value):
    """Put a value into JSON values."""
    for key in path[:-1]:
        fields = fields[key]
    fields[path[-1]] = value


def sealed(fields, forged=()):
    """Return a manifest with hashes that fit what it says, those of it that are not themselves forged."""
    if "manifest_sha256" in forged:
        return fields
    if "plan_sha256" in forged:
        return seal(fields)
    with suppress(TypeError, ValueError, KeyError):  # it may be no plan any more
        fields = fields | {"plan_sha256": Plan.from_dict(fields["plan"]).sha256}
    return seal(fields)
