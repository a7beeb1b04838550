"""Without PyTorch: a sentence, and nothing else of softgate asks for it."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def test_a_sentence_says_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "torch" or "ml.torch" in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModuleNotFoundError, match=r"needs PyTorch, which is not installed: pip install 'softgate\[tor"):
        import softgate.ml.torch  # noqa: F401


def test_nothing_else_imports_pytorch():
    outside = [
        path
        for path in ROOT.rglob("*.py")
        if not {".venv", "build", "tests", "examples", "benchmarks"} & set(path.relative_to(ROOT).parts)
        and (ROOT / "ml" / "torch") not in path.parents
    ]
    assert len(outside) > 100
    for path in outside:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(part == "torch" for name in names for part in name.split(".")), path
