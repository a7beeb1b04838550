import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import softgate

ROOT = Path(__file__).parents[1]
OF_TORCH = {"docs/torch.md": "tests/ml/torch/test_page.py"}
"""Pages that need PyTorch, and their tests."""

PAGES = ["README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))]
MODULES = ["softgate"]
for info in pkgutil.walk_packages(softgate.__path__, "softgate."):
    if not info.name.startswith("softgate.ml.torch"):  # tests/ml/torch/test_page.py
        MODULES.append(info.name)


def test_the_walk_reaches_every_folder():
    assert {"softgate.plan.formats", "softgate.methods.hard", "softgate.sim.golden.model"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    if name.endswith(".__main__"):
        pytest.skip("importing it runs it")
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] == "softgate":
            raise
        pytest.skip(f"{error.name} is not installed")
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("page", [page for page in PAGES if page not in OF_TORCH])
def test_pages(page):
    assert doctest.testfile(str(ROOT / page), module_relative=False).failed == 0
