"""The examples run, and say what they found."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.tools

FOLDER = Path(__file__).parents[1] / "examples"

EXAMPLES = sorted(path for path in FOLDER.glob("[!_]*.py") if path.stem != "requirements")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_runs(path):
    result = subprocess.run([sys.executable, "-W", "error", str(path)], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert "agree bit for bit" in result.stdout
