import argparse
import sys

import pytest

from examples.requirements import require


def test_installed_modules_are_not_missed():
    require(argparse.ArgumentParser(), "numpy", "amaranth", install="pip install numpy")


def test_missing_modules_end_the_command_with_a_sentence(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(SystemExit) as ended:
        require(argparse.ArgumentParser("a"), "numpy", "no_such_module", "matplotlib", install="pip install -e '.[x]'")
    assert ended.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "a: error: this example needs no_such_module and matplotlib; in a checkout: pip install -e '.[x]'"
