import os
import stat
import subprocess
import sys
import threading

import pytest
from damages import DAMAGES

from softgate.support import cache
from softgate.support.cache import cache_folder, cached, content_key

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_content_key_knows_where_one_part_ends():
    assert content_key(["ab", "c"]) != content_key(["a", "bc"])
    assert content_key(["ab"]) != content_key(["ab", ""])
    assert content_key([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_an_entry_is_built_once(folder):
    builds = []

    def build():
        builds.append(1)
        return CONTENT

    assert [cached("a", build) for _ in range(3)] == [CONTENT] * 3
    assert len(builds) == 1
    assert [path.name for path in folder.iterdir()] == ["a"]


def test_an_empty_entry_is_an_entry(folder):
    assert cached("a", bytes) == b""
    assert cached("a", lambda: b"built again") == b""


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_made_again(folder, damage):
    cached("a", lambda: CONTENT)
    entry = folder / "a"
    good = entry.read_bytes()
    DAMAGES[damage](entry)
    # The super-user reads what is unreadable: then it is as good as it was.
    spared = damage == "unreadable" and os.access(entry, os.R_OK)
    fresh = CONTENT if spared else b"fresh" + CONTENT
    assert cached("a", lambda: fresh) == fresh
    assert cached("a", lambda: b"once more") == fresh
    assert stat.S_ISREG(os.lstat(entry).st_mode)
    assert spared == (entry.read_bytes() == good)
    assert [path.name for path in folder.iterdir()] == ["a"]


def test_an_unreadable_entry_is_made_again(folder, monkeypatch):
    """Whoever runs this: the super-user may read everything."""
    cached("a", lambda: CONTENT)
    real = os.open

    def refusing(path, *rest, **options):
        if os.path.basename(path) == "a":
            raise PermissionError(13, "Permission denied", path)
        return real(path, *rest, **options)

    monkeypatch.setattr(os, "open", refusing)
    assert cached("a", lambda: b"fresh") == b"fresh"
    monkeypatch.undo()
    monkeypatch.setenv("SOFTGATE_CACHE", str(folder))
    assert cached("a", lambda: b"once more") == b"fresh"


def test_an_entry_is_on_the_disk_before_it_has_its_name(folder, monkeypatch):
    done = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, real=real, name=name: (done.append(name), real(*a))[1])
    cached("a", lambda: CONTENT)
    assert done == ["fsync", "replace"]


def test_a_failed_build_leaves_nothing(folder):
    with pytest.raises(ZeroDivisionError):
        cached("a", lambda: b"%d" % (1 // 0))
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("at", ["fsync", "replace", "fchmod"])
def test_what_cannot_be_kept_is_given_all_the_same(folder, monkeypatch, at):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, at, full)
    assert [cached("a", lambda: CONTENT) for _ in range(2)] == [CONTENT] * 2
    assert list(folder.iterdir()) == []


def test_an_interrupt_while_writing_leaves_nothing(folder, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cached("a", lambda: CONTENT)
    assert list(folder.iterdir()) == []


def test_many_may_build_at_once(folder):
    meeting, found = threading.Barrier(8), []

    def build():
        meeting.wait(30)
        return CONTENT

    threads = [threading.Thread(target=lambda: found.append(cached("a", build))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [CONTENT] * 8
    assert [path.name for path in folder.iterdir()] == ["a"]


def test_entries_have_the_usual_permissions(folder):
    cached("a", lambda: CONTENT)
    (folder / "plain").write_bytes(b"")
    assert (folder / "a").stat().st_mode == (folder / "plain").stat().st_mode


def test_the_folder_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.delenv("SOFTGATE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "softgate"
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"
    monkeypatch.delenv("SOFTGATE_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for nothing in ("", "relative/path"):
        monkeypatch.setenv("XDG_CACHE_HOME", nothing)
        assert cache_folder() == tmp_path / "home/.cache/softgate"


@pytest.mark.parametrize("variable", ["SOFTGATE_CACHE", "XDG_CACHE_HOME"])
@pytest.mark.parametrize("what", ["file", "file/below", "dangling", "/proc", "/dev/full"])
def test_a_folder_that_cannot_be_used_is_replaced_by_a_temporary_one(tmp_path, monkeypatch, variable, what):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "dangling").symlink_to(tmp_path / "file" / "nowhere")
    monkeypatch.delenv("SOFTGATE_CACHE", raising=False)
    monkeypatch.setenv(variable, str(tmp_path / what))
    folder = cache_folder()
    assert folder == cache_folder() == cache._temporary_folder()
    name = f"{variable}-{what.replace('/', '-')}"
    assert cached(name, lambda: CONTENT) == cached(name, lambda: b"again") == CONTENT


def test_whoever_has_no_home_has_a_temporary_folder(monkeypatch):
    for variable in ("SOFTGATE_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)

    def homeless(_):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("pathlib.Path.expanduser", homeless)
    assert cache_folder() == cache._temporary_folder()


@pytest.mark.tools
def test_the_temporary_folder_goes_with_the_process():
    script = "from softgate.support.cache import cache_folder; print(cache_folder())"
    environment = os.environ | {"SOFTGATE_CACHE": "/dev/null/cache"}
    result = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert not os.path.exists(result.stdout.strip())
