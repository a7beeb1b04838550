import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "decisions"
DECISIONS = {path.name[:3]: path for path in sorted(FOLDER.glob("*.md")) if path.name != "README.md"}
ROW = re.compile(r"\| \[(?P<title>.*)\]\((?P<file>\d{3}-[a-z0-9-]+\.md)\) \| (?P<status>.*) \|")
STATUS = re.compile(r"accepted|(?:accepted, amended|superseded) by \[(?P<by>\d{3})\]\((?P=by)-[a-z0-9-]+\.md\)")

WITHOUT_CODE: set[str] = set()
"""Decisions about how people work, which no file carries out."""

NAMED = re.compile(r"decisions? (\d{3})", re.IGNORECASE)


def index():
    rows = [ROW.fullmatch(line) for line in (FOLDER / "README.md").read_text().splitlines() if line.startswith("| [")]
    assert all(rows)
    return [row.groupdict() for row in rows]


@functools.cache
def named():
    """Return the numbers that each Python and data file of the tree names, but for this file."""
    outside = {".venv", "build", "dist", "docs", ".git"}
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name not in outside]
    paths = [path for folder in folders for kind in ("*.py", "*.toml") for path in folder.rglob(kind)]
    return {path: set(NAMED.findall(path.read_text())) for path in paths if path != Path(__file__).resolve()}


def test_every_decision_has_a_number_of_its_own():
    assert sorted(path.name for path in FOLDER.glob("*.md")) == [
        *(path.name for path in DECISIONS.values()),
        "README.md",
    ]


def test_the_index_lists_every_decision_by_its_heading():
    headings = [(path.read_text().splitlines()[0], path.name) for path in DECISIONS.values()]
    assert [(f"# {row['title']}", row["file"]) for row in index()] == headings
    assert all(heading.startswith(f"# {name[:3]}: ") for heading, name in headings)


def test_a_status_is_one_of_three_and_names_a_later_decision():
    for row in index():
        status = STATUS.fullmatch(row["status"])
        assert status, row
        if by := status["by"]:
            assert f"({DECISIONS[by].name})" in row["status"]
            assert by > row["file"][:3]


@pytest.mark.parametrize("number", DECISIONS)
def test_the_code_names_the_decision(number):
    assert any(number in found for found in named().values()) is (number not in WITHOUT_CODE)


def test_the_code_names_no_other_decisions():
    assert {path for path, found in named().items() if not found <= set(DECISIONS)} == set()
