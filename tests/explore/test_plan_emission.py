import pytest
from several_ports import prelu, sum_and_distance, wide

from softgate import emit_plan
from softgate.hdl.manifest import Manifest, ManifestError, TamperedError, seal
from softgate.sim.check import check_manifest
from softgate.sim.printed import difference

INTERFACES = [
    ("comb", {}),
    ("pipeline", {"stages": 2}),
    ("stream", {"stages": 2}),
    ("axis", {"stages": 1, "tlast": True}),
]


@pytest.mark.parametrize(("interface", "options"), INTERFACES)
@pytest.mark.parametrize("make", [prelu, sum_and_distance, wide])
def test_what_is_written_is_read(tmp_path, make, interface, options):
    written = emit_plan(make(), tmp_path, "unit", interface=interface, **options)
    assert Manifest.load(tmp_path / "unit.json") == written
    assert written.plan == make()
    text = (tmp_path / "unit.v").read_text()
    assert "the unit of a plan: no function is claimed" in text
    assert difference(written, {}, {"unit.v": text}) is None
    assert difference(written, {}, {"unit.v": text.replace("sha256", "sha255")}) is not None


def test_nothing_is_claimed(tmp_path):
    data = emit_plan(prelu(), tmp_path, "prelu").as_dict()
    assert [data[key] for key in ("function", "method", "error", "budget", "choice")] == [None] * 5
    assert data["function_parameters"] == {}
    assert data["inputs"] == [{"port": "x", "format": "SQ4.4"}, {"port": "slope", "format": "SQ1.6"}]
    assert data["outputs"] == [{"port": "y", "format": "SQ4.4", "error": None}]
    with pytest.raises(ManifestError, match="no function is claimed for prelu, so there is no error to show"):
        Manifest.load(tmp_path / "prelu.json").claimed  # noqa: B018


def test_fields_of_an_axi_stream_are_in_the_manifest(tmp_path):
    data = emit_plan(sum_and_distance(), tmp_path, "unit", interface="axis").as_dict()
    assert data["inputs"] == [
        {"port": "s_axis_tdata", "field": "a", "low": 0, "width": 8, "format": "SQ3.4"},
        {"port": "s_axis_tdata", "field": "c", "low": 8, "width": 8, "format": "UQ2.4"},
    ]
    assert [(each["field"], each["low"]) for each in data["outputs"]] == [("total", 0), ("distance", 8)]


@pytest.mark.parametrize(
    ("key", "value", "match"),
    [
        ("method", {"name": "hard"}, "function is null, so method must be, too"),
        ("error", {}, "function is null, so error must be, too"),
        ("choice", {}, "function is null, so choice must be, too"),
        ("budget", "1ulp", "its budget does not agree with the rest"),
        ("function", "tanh", "method cannot be null, since a function is claimed"),
    ],
)
def test_what_contradicts_is_refused(tmp_path, key, value, match):
    data = emit_plan(prelu(), tmp_path, "unit").as_dict()
    del data["manifest_sha256"]
    with pytest.raises((ManifestError, TamperedError), match=match):
        Manifest.from_dict(seal(data | {key: value}))


def test_a_function_is_not_claimed_for_several_inputs(tmp_path):
    data = emit_plan(prelu(), tmp_path, "unit").as_dict()
    del data["manifest_sha256"]
    claimed = {"function": "tanh", "method": {"name": "taylor"}, "error": {}}
    with pytest.raises(ManifestError, match="a function has one input, but the plan has 2"):
        Manifest.from_dict(seal(data | claimed))


@pytest.mark.parametrize(
    ("plan", "name", "options", "error", "match"),
    [
        ("prelu", "unit", {}, TypeError, "plan must be a Plan, such as PlanBuilder.build returns, not 'prelu'"),
        (prelu(), "slope", {}, ValueError, "name 'slope' is that of a port of interface pipeline, too"),
        (prelu(), "x_ready", {"interface": "stream"}, ValueError, "name 'x_ready' is that of a port"),
        (prelu(), "a b", {}, ValueError, "name"),
        (prelu(), "unit", {"tlast": True}, ValueError, "tlast belongs to interface axis"),
        (prelu(), "unit", {"interface": "wires"}, ValueError, "wires"),
    ],
)
def test_wrong_arguments_are_named(tmp_path, plan, name, options, error, match):
    with pytest.raises(error, match=match):
        emit_plan(plan, tmp_path / "new", name, **options)
    assert not (tmp_path / "new").exists()


def test_files_of_others_stay(tmp_path):
    (tmp_path / "unit.v").write_text("mine")
    with pytest.raises(FileExistsError, match=r"unit\.v is in the way"):
        emit_plan(prelu(), tmp_path, "unit")
    emit_plan(prelu(), tmp_path, "unit", force=True, vectors=True, bench=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("test_unit.py", "unit.json", "unit.v", "unit_tb.v", "unit_x.hex", "unit_y.hex")
    ]
    emit_plan(prelu(), tmp_path, "unit")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["unit.json", "unit.v"]


@pytest.mark.tools
@pytest.mark.parametrize(("make", "interface"), [(prelu, "stream"), (sum_and_distance, "axis"), (wide, "axis")])
def test_the_check_compares_the_bits_and_says_that_no_function_is_claimed(tmp_path, make, interface):
    emit_plan(make(), tmp_path, "unit", interface=interface, stages=2, vectors=True)
    found = {result.name: result for result in check_manifest(tmp_path / "unit.json")}
    assert all(result.passed for result in found.values()), found
    assert {"hardware", "stalls", "latency", "standard", "printed", "extras"} <= found.keys()
    counts = {
        prelu: "every input (32768",
        sum_and_distance: "every input (8192",
        wide: "corner codes and a sample (12297",
    }
    assert f"{counts[make]} combinations of codes)" in found["hardware"].detail
    assert found["error"].skipped
    assert "no function is claimed" in found["error"].detail


@pytest.mark.tools
def test_the_check_finds_exchanged_fields(tmp_path):
    emit_plan(sum_and_distance(), tmp_path, "unit", interface="axis", stages=1)
    path = tmp_path / "unit.v"
    path.write_text(path.read_text().replace("{distance, total}", "{total, distance}"))
    found = {result.name: result for result in check_manifest(tmp_path / "unit.json")}
    assert not found["hardware"].passed
    assert found["hardware"].detail.startswith(
        "total in m_axis_tdata differs at 8065 of 8192 inputs, first at a = -64 (-4.0), c = 0 (0.0): "
        "expected -64, got 64\n"
    )
