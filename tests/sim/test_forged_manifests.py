"""A check notices whatever a sealed manifest says differently, or says that it does not look at that."""

import copy
import json
import random
from functools import reduce
from operator import getitem

import pytest
from forged import changed, places, put, scrambled, sealed

from softgate import design
from softgate.explore.emission import extra_files
from softgate.hdl.claims import CLAIMS, RECORDED
from softgate.hdl.manifest import ManifestError
from softgate.hdl.module_text import module_text as print_module
from softgate.sim.check import check_manifest

UNITS = {
    "comb": (
        lambda: design("hard_logistic", "SQ2.2", "UQ0.4", variant="keras3", max_error="2ulp"),
        {"interface": "comb"},
    ),
    "pipeline": (
        lambda: design("tanh", "SQ3.2", "SQ1.4", input_range="-2:3", monotonic=True, method="table"),
        {"stages": 2},
    ),
    "both": (
        lambda: design("tanh", "SQ3.1", "SQ1.4", with_derivative="UQ1.3", method="table"),
        {"interface": "comb"},
    ),
    "port": (
        lambda: design("prelu", "SQ2.2", "SQ2.2", ports={"slope": "SQ1.2"}, max_error="0.5ulp"),
        {"interface": "stream"},
    ),
    "stream": (
        lambda: design("tanh", "SQ3.2", "UQ0.4", method="taylor", degree=1, segments=4, saturate=True),
        {"interface": "stream", "target": "ecp5", "frequency": 200.0, "dsp": 1, "bram": 0},
    ),
    "axis": (
        lambda: design("logistic", "SQ3.1", "UQ0.4"),
        {"interface": "axis", "tlast": True, "registers": ["x"], "extras": extra_files(bench=True, vectors=True)},
    ),
}


@pytest.fixture(scope="module", params=UNITS)
def pair(request, tmp_path_factory):
    """Return the folder of a unit, and its manifest."""
    folder = tmp_path_factory.mktemp("pair")
    make, options = UNITS[request.param]
    return folder, make().emit(folder, name="u", **options).as_dict()


@pytest.fixture(scope="module", autouse=True)
def printed_once():
    """Print what is asked for again and again once only: most forgeries change nothing of what is printed."""
    texts = {}

    def module_text(schedule, *arguments, **options):
        key = (schedule.plan, frozenset(schedule.stages.items()), schedule.latency, schedule.blocks, *arguments)
        key += tuple(sorted(options.items()))
        if key not in texts:
            texts[key] = print_module(schedule, *arguments, **options)
        return texts[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("softgate.hdl.unit_text.module_text", module_text)
        yield


def results(folder, fields, forged=()):
    """Return the results of a check of a manifest; None if it is refused."""
    (folder / "forged.json").write_text(json.dumps(sealed(fields, forged)))
    try:
        return list(check_manifest(folder / "forged.json"))
    except ManifestError as error:
        assert len(str(error).removeprefix(str(folder))) < 400
        assert len(str(error).splitlines()) == 1
        return None


def speaks_of(found, path, value):
    """Return whether a check that found nothing wrong says of a field that it is not looked at, or what it says."""
    told = {result.name: result.detail for result in found}
    names = told[RECORDED].replace(":", ",").replace(";", ",").split(", ")
    part = CLAIMS[path[0]]
    return (
        path[0] in names
        or (part == "extras" and "not checked" in told["extras"] and path[-1] == "test_u.py")
        or (part in ("monotonic", "symmetric", "ends") and part in told)  # and so they are
        or (part in ("budget", "printed") and f"{path[-1]} {value}" in told["printed"])
    )


def without_notes(plan):
    """Return a plan without its notes: words, which other versions may print in another way."""
    return [{key: value for key, value in step.items() if key != "note"} for step in plan["steps"]], plan["outputs"]


@pytest.mark.tools
def test_the_unit_itself_is_sound(pair):
    folder, fields = pair
    assert all(result.passed for result in results(folder, fields))


@pytest.mark.tools
def test_no_change_goes_unnoticed(pair):
    folder, fields = pair
    unnoticed = []
    for path in places(fields):
        forged = copy.deepcopy(fields)
        value = changed(reduce(getitem, path, forged), str(path[-1]))
        put(forged, path, value)
        if path[0] == "error":  # it is there twice
            put(forged, ("outputs", 0, *path), value)
        found = results(folder, forged, path)
        noticed = found is None or not all(result.passed for result in found)
        if not noticed and not speaks_of(found, path, value):
            unnoticed.append((path, value))
    assert unnoticed == []


def test_every_field_is_missed(pair):
    folder, fields = pair
    for key in fields.keys() - {"plan_sha256", "manifest_sha256"}:
        assert results(folder, {name: value for name, value in fields.items() if name != key}) is None, key


def test_no_field_can_be_added(pair):
    folder, fields = pair
    (wrong,) = results(folder, fields | {"more": 1})
    assert (wrong.name, wrong.passed) == ("manifest", False)
    assert "it has no field 'more'" in wrong.detail


@pytest.mark.tools
@pytest.mark.slow
def test_scrambled_manifests_are_refused_or_fail(pair):
    folder, fields = pair
    some = random.Random(14)
    accepted = []
    for _ in range(125):
        forged = scrambled(fields, some)
        found = results(folder, forged)
        if found is None or not all(result.passed for result in found):
            continue
        for path in places(fields):
            if len(path) == 1 + (path[0] == "pipelining") and "sha256" not in path[0]:  # hashes were made to fit
                before, after = reduce(getitem, path, fields), reduce(getitem, path, forged)
                if path == ("plan",):
                    before, after = without_notes(before), without_notes(after)
                if path == ("extras",) and after.items() - {("test_u.py", after.get("test_u.py"))} <= before.items():
                    continue  # what is not listed is not claimed, and the bench is its user's
                if after != before and not speaks_of(found, path, after):
                    accepted.append((path, after))
    assert accepted == []
