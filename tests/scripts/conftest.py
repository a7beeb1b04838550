import sys

import pytest

from softgate.scripts import cli
from softgate.support import progress


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line on arguments; it returns exit code, standard output and standard error."""

    # A slow machine is no reason for lines between those of a command.
    monkeypatch.setattr(progress, "_SILENCE", 3600.0)

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["softgate", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code, *capsys.readouterr()

    return call
