import pytest

pytest.importorskip("torch")

from benchmarks.torch_speed import measure_torch

pytestmark = pytest.mark.torch


def test_rows():
    rows = list(measure_torch(1 << 10))
    assert [row.label.split(",")[0] for row in rows] == [
        "tanh SQ4.4 to SQ1.7",
        "tanh SQ4.12 to SQ1.15",
        "tanh int8:0.047:-3 to int8:1/128:0",
        "tanh SQ4.4 to SQ1.7",
        "LSTM 32 to 64",
    ]
    assert all(row.cells["measured"].endswith(" M/s") for row in rows)
