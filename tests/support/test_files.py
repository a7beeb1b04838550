import errno
import os
import stat
import tempfile

import pytest

from softgate.support import files
from softgate.support.files import created_folder, naming, scratch_folder, sha256_text, working_in, write_atomically


def full():
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_an_error_without_a_file_gets_its_name(tmp_path):
    with pytest.raises(OSError, match="No space left on device") as error, naming(tmp_path / "file"):
        raise full()
    assert error.value.filename == str(tmp_path / "file")


def test_what_is_aside_is_not_named(tmp_path):
    aside, other = tmp_path / "aside", tmp_path / "other"
    with pytest.raises(FileNotFoundError) as error, naming(tmp_path / "file", aside):
        aside.read_text()
    assert error.value.filename == str(tmp_path / "file")
    with pytest.raises(FileNotFoundError) as error, naming(tmp_path / "file", aside):
        other.read_text()
    assert error.value.filename == str(other)


def test_an_error_that_is_a_sentence_stays_one(tmp_path):
    with pytest.raises(FileExistsError, match=r"^it is in the way$"), naming(tmp_path):
        raise FileExistsError("it is in the way")


def test_a_scratch_folder_goes(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with scratch_folder() as folder:
        (folder / "file").write_text("text")
    with pytest.raises(ZeroDivisionError), scratch_folder():
        1 / 0  # noqa: B018
    with pytest.raises(KeyboardInterrupt), scratch_folder():
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [None, ValueError("the file ends too early"), full()])
def test_what_comes_of_a_full_disk_is_not_used(tmp_path, monkeypatch, error):
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: (_ for _ in ()).throw(full()))
    with pytest.raises(OSError, match="No space left on device") as told, working_in(tmp_path):
        if error:
            raise error
    assert told.value.filename == str(tmp_path)


def test_a_disk_that_has_room_changes_nothing(tmp_path):
    with working_in(tmp_path):
        pass
    with pytest.raises(ValueError, match="wrong"), working_in(tmp_path):
        raise ValueError("wrong")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_on_a_full_disk_is_one(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_refuse_full", lambda _: pytest.fail("asked"))
    with pytest.raises(KeyboardInterrupt), working_in(tmp_path):
        raise KeyboardInterrupt


def test_a_folder_made_for_nothing_goes_with_those_above(tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(ZeroDivisionError), created_folder(tmp_path / "there/a/b/c"):
        1 / 0  # noqa: B018
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]
    with pytest.raises(ZeroDivisionError), created_folder(tmp_path / "there"):
        1 / 0  # noqa: B018
    assert (tmp_path / "there").is_dir()


def test_a_folder_with_something_in_it_stays(tmp_path):
    with pytest.raises(ZeroDivisionError), created_folder(tmp_path / "a/b"):
        (tmp_path / "a/file").write_text("another's")
        1 / 0  # noqa: B018
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "file"]


def test_a_folder_that_cannot_be_made_leaves_none_above(tmp_path):
    with pytest.raises(OSError), created_folder(tmp_path / "a" / ("b" * 300)):
        pytest.fail("entered")
    assert list(tmp_path.iterdir()) == []


def test_hash_of_a_text():
    assert sha256_text("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_writing_replaces_the_whole_file(tmp_path):
    path = tmp_path / "file"
    path.write_text("the old one, which is longer")
    write_atomically({path: "µ\n"})
    assert path.read_bytes() == b"\xc2\xb5\n"
    assert list(tmp_path.iterdir()) == [path]


def test_writing_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically({tmp_path / "other": "fine", path: "new \ud800"})
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_written_files_have_the_permissions_of_new_ones(tmp_path):
    before = os.umask(0o027)
    try:
        write_atomically({tmp_path / "file": "text"})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640
