import pickle

import pytest

from softgate.support.tools import MissingToolError, complaint, require_program


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("", ""),
        ("first\nlast\n\n", "last"),
        ("one\nunit.v:3: ERROR: no such module\nended\n", "unit.v:3: ERROR: no such module"),
        ("ERROR: first\nERROR: second\n", "ERROR: second"),
    ],
)
def test_the_line_that_says_what_is_wrong(said, line):
    assert complaint(said) == line


def test_a_program_that_is_not_there(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    message = r"^vvp was not found: install the package iverilog \(on Debian: apt install iverilog\)\.$"
    with pytest.raises(MissingToolError, match=message):
        require_program("vvp", "iverilog")
    program = tmp_path / "vvp"
    program.write_text("")
    program.chmod(0o755)
    assert require_program("vvp", "iverilog") == str(program)


def test_it_goes_between_processes():
    error = MissingToolError("vvp", "the package iverilog")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.tool, again.package) == (str(error), "vvp", "the package iverilog")
