"""Both readings of a vendor's adder cells."""

from pathlib import Path

import pytest
from complemented import every_kind, one, text_for

from softgate import emit_plan
from softgate.hdl.targets import target
from softgate.sim.check import check_manifest
from softgate.sim.proofs.adder_cells import has_cells, prove_cells
from softgate.sim.proofs.protocol import prove_manifest

pytestmark = pytest.mark.tools

ALIKE = "cells, which synthesis is given, are proved to add as the plain text does"
OTHERWISE = "cells do not add as the plain text does"
UNREADABLE = "the cells cannot be read: "


@pytest.mark.parametrize(("name", "cell"), [("ecp5", "CCU2C"), ("gowin", "ALU")])
def test_cells_add_as_the_plain_text_does(name, cell):
    proof = prove_cells(text_for(name, every_kind()), "unit", target(name))
    assert (proof.holds, proof.sentence) == (True, f"{cell} {ALIKE} (12 additions)")


@pytest.mark.parametrize("bits", [1, 63])
def test_narrow_and_wide(bits):
    proof = prove_cells(text_for("ecp5", one(bits, carry=1)), "unit", target("ecp5"))
    assert proof.sentence == f"CCU2C {ALIKE} (1 addition)"


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        pytest.param("ecp5", "16'h96aa", "16'h96a9", f"CCU2C {OTHERWISE}, with CARRY 1, WIDTH 6", id="table"),
        pytest.param("ecp5", "carry[0] = CARRY", "carry[0] = 0", f"CCU2C {OTHERWISE}", id="carry"),
        pytest.param("ecp5", "(right ^ flips)", "right", f"CCU2C {OTHERWISE}", id="plain text"),
        pytest.param("ecp5", "CCU2C #", "CCU2D #", f"{UNREADABLE}ERROR: Module `\\CCU2D' referenced in", id="no cell"),
        pytest.param("ecp5", "] sum;", "] sum;\n`ifdef SYNTHESIS\n`endif", ALIKE, id="nothing"),
        pytest.param("ecp5", "(s)", "(\n`ifdef SYNTHESIS\n~\n`endif\ns)", "module unit itself is", id="condition"),
        pytest.param("ecp5", "module unit ", "module other ", f"{UNREADABLE}there is no module unit", id="module"),
        pytest.param("gowin", "ALU_MODE(2)", "ALU_MODE(0)", f"ALU {OTHERWISE}, with CARRY 1, WIDTH 6", id="mode"),
        pytest.param("gowin", "ALU #", "CCU2C #", f"{UNREADABLE}ERROR: Module", id="cell of another vendor"),
    ],
)
def test_faults_of_adder_cells_are_found(name, old, new, sentence):
    text = text_for(name, one(5, carry=1))
    assert old in text
    proof = prove_cells(text.replace(old, new, 1), "unit", target(name))
    assert sentence in proof.sentence
    assert proof.holds is (sentence == ALIKE)


def test_a_target_without_cells():
    proof = prove_cells(text_for("ecp5", one(5)), "unit", target("xc7"))
    assert (proof.holds, proof.sentence) == (False, "the text asks for SYNTHESIS, and xc7 has no cells for it")


def test_where_there_is_something_to_prove():
    assert has_cells(text_for("ecp5", one(5)))
    assert not has_cells(text_for("xc7", one(5)))


def emitted(folder, interface):
    emit_plan(one(3, kept=1), folder, "unit", interface=interface, target="ecp5", stages=1)
    return folder / "unit.json"


def test_the_check_says_so(tmp_path):
    path = emitted(tmp_path, "pipeline")
    found = {result.name: result for result in check_manifest(path)}
    assert all(result.passed for result in found.values()), found
    assert found["adders"].detail == f"CCU2C {ALIKE} (1 addition)"
    assert list(found).index("adders") == list(found).index("hardware") + 1
    text = Path(tmp_path, "unit.v").read_text()
    Path(tmp_path, "unit.v").write_text(text.replace("16'h96aa", "16'h69aa"))
    found = {result.name: result for result in check_manifest(path)}
    assert (found["hardware"].passed, found["adders"].passed) == (True, False)


def test_what_is_proved_of_the_text_holds_of_the_cells(tmp_path, monkeypatch):
    from softgate.hdl.manifest import Manifest
    from softgate.sim.proofs import protocol

    manifest, text = Manifest.load(emitted(tmp_path, "stream")), Path(tmp_path, "unit.v").read_text()
    proof = prove_manifest(manifest, text)
    assert proof.verdict == "proved"
    assert (proof.facts[-1].name, proof.facts[-1].detail) == ("adders", f"CCU2C {ALIKE} (1 addition)")
    monkeypatch.setattr(protocol, "find_counterexample", lambda *_: None)
    wrong = prove_manifest(manifest, text.replace("16'h96aa", "16'h69aa"))
    assert wrong.verdict == "unknown"
    assert [fact.name for fact in wrong.facts if not fact.proved] == ["adders"]
