import re
import sys

import pytest
from hardware_digits import network_parts

from examples.digits_lstm_hardware import __main__ as command
from examples.digits_lstm_hardware import parts as parts_module
from examples.digits_lstm_hardware import simulation


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["digits_lstm_hardware", *map(str, arguments)])
    command.main()


@pytest.mark.tools
def test_it_writes_the_network_and_says_how_it_reads(tmp_path, monkeypatch, capsys):
    parts = network_parts()
    monkeypatch.setattr(parts_module.Parts, "make", lambda weights: parts)
    monkeypatch.setattr(simulation, "simulate", lambda verilog, pixels, answers: 1000 + len(pixels))
    run(monkeypatch, "--out", tmp_path / "a", "--images", 4)
    assert "module digits_lstm(" in (tmp_path / "a" / "digits_lstm.v").read_text()
    said = capsys.readouterr().out
    assert "of 540 test images the model reads 525, the float network 524" in said
    assert "4 in Verilator: every state and every answer is that of the model, 1004 clocks an image" in said


@pytest.mark.parametrize(
    ("arguments", "hidden", "said"),
    [
        (["--images", 541], "", "argument --images: must be from 1 to 540, not 541"),
        ([], "sklearn", r"needs sklearn; in a checkout: pip install -e '\.\[sim,ecp5\]' scikit-learn"),
    ],
)
def test_otherwise_it_ends_with_a_sentence(monkeypatch, capsys, arguments, hidden, said):
    monkeypatch.setitem(sys.modules, hidden, None)
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, *arguments)
    assert ended.value.code == 2
    assert re.search(said, capsys.readouterr().err)
