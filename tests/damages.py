"""Damages to an entry of the cache."""

import os
import random
import shutil


def _written(change):
    def damage(path):
        content = path.read_bytes()
        path.write_bytes(change(content))

    return damage


def _flipped(seed):
    def change(content):
        place = random.Random(seed).randrange(8 * len(content))
        return bytes(byte ^ (1 << place % 8 if n == place // 8 else 0) for n, byte in enumerate(content))

    return _written(change)


def _replaced(make):
    def damage(path):
        path.unlink()
        make(path)

    return damage


def _folder(path):
    path.mkdir()
    (path / "file").write_text("in the way")


def _exchanged(path):
    """Put an entry here that is whole, but another one's."""
    other = path.with_name(f"other-{path.name}")
    from softgate.support.cache import cached

    cached(other.name, lambda: b"another content")
    shutil.move(other, path)


DAMAGES = {
    "empty": _written(lambda content: b""),
    "cut in half": _written(lambda content: content[: len(content) // 2]),
    "digest alone": _written(lambda content: content[:32]),
    "without the digest": _written(lambda content: content[32:]),
    "a byte short": _written(lambda content: content[:-1]),
    "a byte more": _written(lambda content: content + b"\0"),
    "zeros": _written(lambda content: bytes(len(content))),
    "a page of zeros at the end": _written(lambda content: content[:-4096] + bytes(min(4096, len(content)))),
    "text": _written(lambda content: b"hello"),
    "twice": _written(lambda content: 2 * content),
    "JSON": _written(lambda content: b"{}"),
    **{f"bit {seed}": _flipped(seed) for seed in range(4)},
    "first bit": _written(lambda content: bytes([content[0] ^ 1]) + content[1:]),
    "last bit": _written(lambda content: content[:-1] + bytes([content[-1] ^ 1])),
    "folder": _replaced(_folder),
    "empty folder": _replaced(lambda path: path.mkdir()),
    "dangling link": _replaced(lambda path: path.symlink_to(path.with_name("nowhere"))),
    "link to itself": _replaced(lambda path: path.symlink_to(path)),
    "link to a device": _replaced(lambda path: path.symlink_to("/dev/zero")),
    "pipe": _replaced(os.mkfifo),
    "unreadable": lambda path: path.chmod(0),
    "another entry": _exchanged,
}
"""Functions that damage a file that has a path, by what they do."""
