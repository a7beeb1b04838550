import re
import sys

import onnx
import pytest

from examples.vad import __main__ as vad


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["vad", *map(str, arguments)])
    vad.main()


@pytest.mark.slow
def test_gates_of_12_bits_change_the_probability_by_about_a_hundredth(monkeypatch, capsys):
    if vad.installed_model() is None:
        pytest.skip("needs the model of the package silero-vad: pip install --no-deps silero-vad==6.2.3")
    run(monkeypatch)
    printed = capsys.readouterr().out
    (noise,) = re.findall(r"at most (\S+) from ONNX Runtime", printed)
    assert float(noise) < 1e-5
    rows = [[float(cell) for cell in line.split("|")[1:-1]] for line in printed.splitlines() if line.startswith("| 1")]
    changes = {int(bits): change for bits, change, _, _ in rows}
    assert changes[10] < 0.3
    assert changes[12] < 0.015
    assert changes[16] < 0.001


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"text", "no ONNX file"),
        (
            onnx.helper.make_model(onnx.helper.make_graph([], "empty", [], [])).SerializeToString(),
            "has the inputs none",
        ),
    ],
    ids=["text", "another model"],
)
def test_another_file_is_refused(tmp_path, monkeypatch, capsys, content, message):
    (tmp_path / "a.onnx").write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, tmp_path / "a.onnx")
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
