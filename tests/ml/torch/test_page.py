"""The examples of docs/torch.md, and those of the modules."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
ml = pytest.importorskip("softgate.ml.torch")

pytestmark = pytest.mark.torch

ROOT = Path(__file__).parents[3]
MODULES = [ml.__name__, *(info.name for info in pkgutil.walk_packages(ml.__path__, f"{ml.__name__}."))]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(1)


def test_the_page():
    result = doctest.testfile(str(ROOT / "docs" / "torch.md"), module_relative=False)
    assert result.failed == 0 and result.attempted > 10


@pytest.mark.parametrize("name", MODULES)
def test_modules(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_walk_reaches_the_modules():
    assert {"softgate.ml.torch.activation", "softgate.ml.torch.prepare"} <= set(MODULES)
