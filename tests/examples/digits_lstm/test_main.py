import sys

import pytest

from examples.digits_lstm.__main__ import main


def test_without_pytorch_it_ends_with_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["digits_lstm"])
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.endswith("error: this example needs torch; in a checkout: pip install -e '.[examples]'")
