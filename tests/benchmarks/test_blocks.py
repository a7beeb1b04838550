"""Units with blocks beside those without: the rows by hand, and one unit through the real flow."""

import pytest

from benchmarks import blocks as blocks_benchmark
from benchmarks.blocks import measure_blocks


def test_rows_have_every_grant_on_either_target(monkeypatch):
    asked = []

    def measured(device, seeds, function, source, output, dsp, bram):
        asked.append((device, len(seeds), dsp, bram))
        return str(100 - 10 * dsp - 30 * bram), "" if device == "xc7" else "123"

    monkeypatch.setattr(blocks_benchmark, "_measured", measured)
    rows = list(measure_blocks())
    assert [row.label for row in rows] == [
        "logistic, SQ4.12 to UQ0.16",
        "tanh, SQ4.12 to SQ1.15",
        "logistic, SQ3.13 to UQ0.16",
        "tanh, SQ3.13 to SQ1.15",
    ]
    assert rows[0].cells == {
        "none: LUT4 + 2 CCU2C": "100",
        "none: Fmax (MHz)": "123",
        "1 DSP: LUT4 + 2 CCU2C": "90",
        "1 DSP: Fmax (MHz)": "123",
        "1 block RAM: LUT4 + 2 CCU2C": "70",
        "1 block RAM: Fmax (MHz)": "123",
        "1 of each: LUT4 + 2 CCU2C": "60",
        "1 of each: Fmax (MHz)": "123",
        "none: xc7 LUT + SRL": "100",
        "1 DSP: xc7 LUT + SRL": "90",
        "1 block RAM: xc7 LUT + SRL": "70",
        "1 of each: xc7 LUT + SRL": "60",
    }
    grants = [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert asked[:8] == [("ecp5", 1, *each) for each in grants] + [("xc7", 0, *each) for each in grants]


@pytest.mark.tools
@pytest.mark.parametrize(("dsp", "bram"), [(0, 0), (1, 1)])
def test_a_unit_through_the_flow(dsp, bram):
    luts, fmax = blocks_benchmark._measured("ecp5", (1,), "tanh", "SQ3.7", "SQ1.9", dsp, bram)
    assert 0 < int(luts) < 100
    assert float(fmax) > 90
