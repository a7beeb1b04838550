import sys
from abc import ABC, abstractmethod

import pytest

from softgate.support.registry import find_named, load_classes


class Base(ABC):
    name = ""
    aliases = ()

    @abstractmethod
    def use(self): ...


MODULES = {
    "second": """
from test_registry_base import Base
__all__ = ["Second", "Unfinished", "helper"]
class Second(Base):
    name = "b"
    aliases = ("bee",)
    def use(self): ...
class Unfinished(Base):
    name = "c"
def helper(): ...
""",
    "third": """
from test_registry_base import Base
from .second import Second
__all__ = ["Third"]
class Third(Base):
    name = "a"
    def use(self): ...
class Hidden(Third):
    name = "d"
""",
}


@pytest.fixture
def found(tmp_path, monkeypatch):
    folder = tmp_path / "registry_of_a_test"
    folder.mkdir()
    for name, text in {"__init__": "", **MODULES}.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "test_registry_base", sys.modules[__name__])
    yield load_classes(folder.name, [str(folder)], Base)
    for name in ("registry_of_a_test", *(f"registry_of_a_test.{each}" for each in MODULES)):
        sys.modules.pop(name, None)


def test_exported_concrete_classes_are_found_once_and_in_order(found):
    assert [cls.name for cls in found] == ["a", "b"]


def test_names_and_aliases(found):
    assert find_named("thing", "A", found).__name__ == "Third"
    assert find_named("thing", "bee", found).__name__ == "Second"
    with pytest.raises(ValueError, match=r"^there is no thing 'c'; choose one of a, b, bee$"):
        find_named("thing", "c", found)
    with pytest.raises(TypeError, match="thing"):
        find_named("thing", 5, found)
