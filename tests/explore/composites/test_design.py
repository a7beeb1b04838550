import pytest
from small_softmax import small_softmax

from softgate.explore.composites.design import design_composite
from softgate.hdl.build_options import BuildOptions
from softgate.hdl.composites.manifest import load_manifest


def test_a_design():
    unit = small_softmax()
    assert repr(unit) == "<CompositeDesign softmax, exp(x) over its sum: vectors of 1 to 3 elements, SQ2.2 to UQ0.6>"
    assert list(unit.parts) == ["weight", "logarithm", "share"]
    for name, part in unit.asked.parts(unit.words).items():
        assert unit.parts[name].largest <= part.budget.limit
    assert unit.options == BuildOptions(interface="stream")
    assert unit.latency == unit.hardware.latency


def test_emission_replaces_its_own_pair_and_nothing_else(tmp_path):
    unit = small_softmax()
    manifest = unit.emit(tmp_path, name="shares")
    assert load_manifest(tmp_path / "shares.json") == manifest
    unit.emit(tmp_path, name="shares")
    (tmp_path / "shares.v").write_text("mine")
    with pytest.raises(FileExistsError, match=r"shares\.v is in the way"):
        unit.emit(tmp_path, name="shares")
    unit.emit(tmp_path, name="shares", force=True)
    header = (tmp_path / "shares.v").read_text().split("\nmodule", maxsplit=1)[0]
    assert "every output is within" in header
    assert "at most 1 and at least 1 - 2^-" in header


def test_an_axi_stream_has_tlast():
    unit = small_softmax(interface="axis")
    assert unit.options.tlast
    assert [port.name for port in unit.hardware.ports if port.role == "last"] == ["s_axis_tlast", "m_axis_tlast"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"interface": "pipeline"}, "there is no interface of vectors 'pipeline'"),
        ({"n": 0}, "n must be from 2 to 1024"),
        ({"frequency": 0}, "frequency must be from 1 to 2000"),
    ],
)
def test_refusals(asked, message):
    with pytest.raises(ValueError, match=message):
        _ = design_composite("softmax", **{"n": 3, "input_format": "SQ2.2", "output_format": "UQ0.6", **asked}).latency
