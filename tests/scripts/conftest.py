import sys

import pytest

from softgate.scripts import cli


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line on arguments; it returns exit code, standard output and standard error."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["softgate", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code, *capsys.readouterr()

    return call
