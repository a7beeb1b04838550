import re
import sys
import wave

import pytest
from onnx import TensorProto, helper

from examples.vad import __main__ as vad


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["vad", *map(str, arguments)])
    vad.main()


NO_MODEL = "needs the model of the package silero-vad: pip install --no-deps silero-vad==6.2.3"


@pytest.mark.slow
def test_gates_of_12_bits_change_the_probability_by_about_a_hundredth(monkeypatch, capsys):
    if vad.installed_model() is None:
        pytest.skip(NO_MODEL)
    run(monkeypatch)
    printed = capsys.readouterr().out
    (noise,) = re.findall(r"at most (\S+) from ONNX Runtime", printed)
    assert float(noise) < 1e-5
    rows = [[float(cell) for cell in line.split("|")[1:-1]] for line in printed.splitlines() if line.startswith("| 1")]
    changes = {int(bits): change for bits, change, _, _ in rows}
    assert changes[10] < 0.3
    assert changes[12] < 0.015
    assert changes[16] < 0.001


@pytest.mark.slow
@pytest.mark.tools
def test_cells_of_12_bits_in_hardware_change_it_by_as_little(monkeypatch, capsys):
    if vad.installed_model() is None:
        pytest.skip(NO_MODEL)
    run(monkeypatch, "--hardware")
    rows = [line.split("|")[1:-1] for line in capsys.readouterr().out.splitlines() if line.startswith("| 1")]
    assert [row[-1].strip() for row in rows] == ["0 of 480000"] * 3
    changes = {int(row[0]): float(row[3]) for row in rows}
    assert changes[10] < 0.3
    assert changes[12] < 0.03
    assert changes[16] < 0.002


@pytest.mark.parametrize(
    ("hidden", "said"), [("silero_vad", "name the model silero_vad_16k"), ("onnxruntime", "needs onnxruntime; in")]
)
def test_without_a_package_it_ends_with_a_sentence(monkeypatch, capsys, hidden, said):
    monkeypatch.setitem(sys.modules, hidden, None)
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def made(*inputs):
    """Return a file that holds a model with these inputs and nothing else."""
    named = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in inputs]
    return helper.make_model(helper.make_graph([], "empty", named, [])).SerializeToString()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"text", r"a\.onnx is no ONNX file"),
        (made(), r"a\.onnx has the inputs none; silero_vad_16k_sequence\.onnx has c, h, input"),
        (made("c", "h", "input"), r"a\.wav has 511 samples; the detector needs 512 or more"),
    ],
    ids=["text", "another model", "short recording"],
)
def test_other_files_are_refused(tmp_path, monkeypatch, capsys, content, message):
    (tmp_path / "a.onnx").write_bytes(content)
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 511))
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, tmp_path / "a.onnx", "--wav", tmp_path / "a.wav")
    assert ended.value.code == 2
    assert re.search(message, capsys.readouterr().err)
