from pathlib import Path

import pytest

from softgate import design
from softgate.hdl.claims import CLAIMS, RECORDED, recorded_text

UNIT = design("hard_logistic", "SQ2.1", "UQ0.3", max_error="2ulp")
TABLE = Path(__file__).parents[2] / "docs" / "manifest.md"


@pytest.fixture
def fields(tmp_path):
    return UNIT.emit(tmp_path).as_dict()


def test_every_field_of_a_manifest_is_a_claim_or_recorded(fields):
    assert list(CLAIMS) == list(fields)


def test_the_documentation_says_the_same():
    rows = [line.strip("|").split("|") for line in TABLE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    documented = {name.strip(" `"): part.strip() for names, part, _ in rows for name in names.split(",")}
    assert documented == CLAIMS


def test_what_is_recorded(fields):
    parts = set(CLAIMS.values()) - {RECORDED}
    assert recorded_text(fields, parts) == (
        "not made again: method, choice, versions; "
        "nothing is asked for by: monotonic, symmetric, max_bias, rounding, dsp, bram"
    )
    assert "stages" in recorded_text(fields | {"stages": {"y": 1}}, parts - {"printed"}).split(";")[0]


def test_what_asks_for_nothing_is_no_claim(fields):
    fields |= {"budget": None, "saturate": True, "ends": "free"}
    free = "budget, saturate, monotonic, ends, symmetric, max_bias, rounding, dsp, bram"
    assert recorded_text(fields, {"manifest"}).endswith(f"asked for by: {free}")
    fields |= {"budget": "1ulp", "saturate": False, "monotonic": True, "dsp": 0, "bram": 0}
    fields |= {"ends": "exact", "symmetric": True, "max_bias": "0.02ulp", "rounding": "floor"}
    assert "nothing is asked" not in recorded_text(fields, set())
