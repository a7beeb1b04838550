import os

import pytest
from damages import DAMAGES

from softgate.explore.flows.machine_code import machine_code_folder, sealed

PACKAGE = "yowasp_nextpnr_some"


class Yowasp:
    """What YoWASP does with its cache: it takes what is there."""

    def __init__(self, folder):
        self.module = folder / PACKAGE / "nextpnr.wasm" / "0123abcd"
        self.compiled = 0

    def run(self):
        if not self.module.exists():
            self.compiled += 1
            self.module.parent.mkdir(parents=True, exist_ok=True)
            self.module.write_bytes(b"machine code " * 1000 + bytes([self.compiled]))
        return self.module.read_bytes()


@pytest.fixture
def yowasp(tmp_path):
    return Yowasp(tmp_path)


def test_what_was_made_here_is_made_once(yowasp, tmp_path):
    for _ in range(3):
        with sealed(tmp_path, PACKAGE):
            yowasp.run()
    assert yowasp.compiled == 1


def test_what_was_made_elsewhere_is_made_again(yowasp, tmp_path):
    yowasp.run()
    with sealed(tmp_path, PACKAGE):
        yowasp.run()
    assert yowasp.compiled == 2


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name != "another entry"])
def test_what_is_damaged_is_made_again(yowasp, tmp_path, damage):
    with sealed(tmp_path, PACKAGE):
        yowasp.run()
    DAMAGES[damage](yowasp.module)
    spared = damage == "unreadable" and os.access(yowasp.module, os.R_OK)  # the super-user reads what is unreadable
    for _ in range(2):
        with sealed(tmp_path, PACKAGE):
            assert yowasp.run()[-1] == yowasp.compiled == (1 if spared else 2)


def test_a_damaged_digest_is_none(yowasp, tmp_path):
    with sealed(tmp_path, PACKAGE):
        yowasp.run()
    (seal,) = tmp_path.glob("*/*/*.sha256")
    for content in (b"", b"\xff", b"0" * 64):
        seal.write_bytes(content)
        with sealed(tmp_path, PACKAGE):
            yowasp.run()
    assert yowasp.compiled == 4


def test_what_is_interrupted_is_not_sealed(yowasp, tmp_path):
    with pytest.raises(KeyboardInterrupt), sealed(tmp_path, PACKAGE):
        yowasp.run()
        raise KeyboardInterrupt
    with sealed(tmp_path, PACKAGE):
        yowasp.run()
    assert yowasp.compiled == 2


def test_the_folder_is_yowasps_where_that_can_be_used(tmp_path, monkeypatch):
    pytest.importorskip("platformdirs")
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path / "ours"))
    monkeypatch.setenv("YOWASP_CACHE_DIR", str(tmp_path / "chosen"))
    assert machine_code_folder() == tmp_path / "chosen"
    monkeypatch.delenv("YOWASP_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert machine_code_folder() == tmp_path / "YoWASP"
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert machine_code_folder() == tmp_path / "ours/YoWASP"
