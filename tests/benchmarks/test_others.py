from benchmarks.activations import ACTIVATIONS
from benchmarks.others import beside_others, read_others


def test_the_data_file():
    others = read_others()
    assert [other.luts for other in others] == [207, 4352, 300, 398]
    assert [other.dsp for other in others] == [3, 0, 3, 0]
    assert [other.fmax for other in others] == [54, 154, 32, 109]
    for other in others:  # each is beside a unit that is measured
        function, formats = other.beside.split(", ")[:2]
        source, output = formats.split(" ")[0], formats.split(" ")[-1]
        assert (function, source, output) in [row[:3] for row in ACTIVATIONS]


def test_a_row_by_hand():
    ours = {"LUT4 + 2 CCU2C": "29", "Fmax (MHz)": "301", "latency": "4"}
    (row,) = beside_others({"gelu, SQ4.4 to SQ4.6": (0.01534, ours), "tanh, SQ4.4 to SQ1.7": (1.0, ours)})
    assert row.label == "i-GELU of ITA, int8, without its requantiser"
    assert row.cells == {
        "its LUT4 + 2 CCU2C": "207",
        "its DSP": "3",
        "its Fmax (MHz)": "54",
        "its max error": "0.018",
        "beside it": "gelu, SQ4.4 to SQ4.6",
        "LUT4 + 2 CCU2C": "29",
        "DSP": "0",
        "Fmax (MHz)": "301",
        "max error": "0.015",
    }
