import json

import pytest
from small_softmax import small_softmax

from softgate import design
from softgate.hdl.composites.manifest import CompositeManifest, is_composite_manifest, load_manifest
from softgate.hdl.manifest import Manifest, ManifestError, TamperedError, seal


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    """The path of a manifest; its Verilog takes no part in these tests."""
    folder = tmp_path_factory.mktemp("softmax")
    path = folder / "softmax.json"
    path.write_text(small_softmax()._manifest("softmax", "").to_json())
    return path


def edited(manifest, folder, edit, sealed=True):
    data = json.loads(manifest.read_text())
    edit(data)
    path = folder / "softmax.json"
    path.write_text(json.dumps(seal(data) if sealed else data))
    return path


def test_what_is_written_is_read(manifest):
    found = load_manifest(manifest)
    assert isinstance(found, CompositeManifest)
    assert found.to_json() == manifest.read_text()
    assert list(found.parts) == ["weight", "logarithm", "share"]
    assert is_composite_manifest(manifest)


def test_units_are_none(tmp_path):
    unit = design("relu", "SQ2.2", "UQ2.2").emit(tmp_path)
    assert not is_composite_manifest(tmp_path / "relu.json")
    assert isinstance(load_manifest(tmp_path / "relu.json"), Manifest)
    assert unit.name == "relu"
    with pytest.raises(ManifestError, match="this is not the manifest of a softgate composite"):
        CompositeManifest.load(tmp_path / "relu.json")


def test_the_schema_is_kept(manifest):
    data = json.loads(manifest.read_text())
    assert (data["kind"], data["composite"], data["schema"]) == ("composite", "softmax", 1)
    assert [port["name"] for port in data["ports"]][2:6] == ["x", "x_last", "x_valid", "x_ready"]
    assert [(each["port"], each["format"]) for each in data["inputs"] + data["outputs"]] == [
        ("x", "SQ2.2"),
        ("y", "UQ0.6"),
    ]
    commands = {promise["name"]: promise["command"] for promise in data["contract"]}
    assert commands.pop("stream") == "softgate prove softmax.json"
    assert set(commands.values()) == {"softgate check softmax.json"}


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (lambda data: data["contract"][0].update(limit=0.001), "contract"),
        (lambda data: data["contract"].pop(), "contract"),
        (lambda data: data.update(latency=data["latency"] + 1), "latency"),
        (lambda data: data["words"].update(multiple=data["words"]["multiple"] + 1), "latency"),
        (lambda data: data["parts"][0].update(plan_sha256="0" * 64), "parts"),
        (lambda data: data["inputs"][0].update(format="SQ3.1"), "inputs"),
        (lambda data: data.update(more=1), "more"),
    ],
)
def test_edited_fields_are_found(manifest, tmp_path, edit, field):
    with pytest.raises(TamperedError, match=f"the manifest was edited: .*{field}"):
        load_manifest(edited(manifest, tmp_path, edit))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda data: data.pop("words"), "the manifest lacks 'words'"),
        (lambda data: data.update(latency=True), "latency cannot be True"),
        (lambda data: data.update(schema=2), "the manifest has schema 2; this softgate reads schema 1"),
        (lambda data: data["words"].update(shift="2"), "words must be integers, not '2' as 'shift'"),
        (lambda data: data.update(composite="softmin"), "there is no composite 'softmin'"),
        (lambda data: data["arguments"].update(n=1), "n must be from 2 to 1024"),
        (lambda data: data["parts"].reverse(), "parts must be weight, logarithm, share, not share"),
        (lambda data: data["parts"][0].pop("plan"), "lacks 'plan'"),
        (lambda data: data.update(verilog="../softmax.v"), "verilog must be the name of a file beside"),
    ],
)
def test_what_is_wrong_is_named(manifest, tmp_path, edit, message):
    with pytest.raises(ManifestError, match=message):
        load_manifest(edited(manifest, tmp_path, edit))


def test_a_seal(manifest, tmp_path):
    path = edited(manifest, tmp_path, lambda data: data.update(manifest_sha256="0" * 64), sealed=False)
    with pytest.raises(TamperedError, match="manifest_sha256"):
        load_manifest(path)
