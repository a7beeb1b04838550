import pytest

from softgate.support import shared_library
from softgate.support.shared_library import library_of
from softgate.support.tools import MissingToolError, ToolError

pytestmark = pytest.mark.tools

SOURCE = 'extern "C" __attribute__((visibility("default"))) int thrice(int x) { return 3 * x; }\n'


def test_a_function_is_compiled_once(tmp_path, monkeypatch):
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path))
    assert library_of(SOURCE).thrice(14) == 42
    monkeypatch.setattr(shared_library, "compile_library", lambda *_: pytest.fail("compiled again"))
    assert library_of(SOURCE).thrice(-1) == -3


def test_what_the_compiler_says_is_passed_on(tmp_path, monkeypatch):
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path))
    with pytest.raises(ToolError, match=r"g\+\+ could not compile the generated code: "):
        library_of("int f( {")
    assert not list(tmp_path.iterdir())


def test_a_missing_compiler_is_named(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingToolError, match=r"g\+\+ was not found"):
        library_of(SOURCE)
