import json
from pathlib import Path

from softgate.explore.sweep.row import COLUMNS, Row

TABLES = {
    "parameters": {"degree": "2"},
    "seeds": [1],
    "error": {"max_ulp": 0.5, "worst_input": {"code": 3}},
    "resources": {"LUT4": 1},
}


def made():
    """Return a row of what the database has: JSON for lists and tables, 1 for a flag, and nothing elsewhere."""
    tables = {name: json.dumps(TABLES.get(name, {})) for name, column in COLUMNS.items() if column.type == "JSON"}
    return Row.of_columns((tables | {"saturate": 1, "status": "done"}).get(name) for name in COLUMNS)


def test_columns_are_read():
    row = made()
    assert (row.status, row.saturate, row.parameters, row.seeds, row.fmax) == ("done", True, {"degree": "2"}, [1], None)
    assert list(row.as_dict()) == list(COLUMNS)


def test_a_row_without_tables_in_it():
    flat = made().flat()
    assert flat["error.max_ulp"] == 0.5
    assert flat["error.worst_input.code"] == 3
    assert flat["resources.LUT4"] == 1
    assert flat["parameters.degree"] == "2"
    assert flat["seeds"] == "1"
    assert not any(isinstance(value, dict | list) for value in flat.values())


def test_every_column_has_a_type_and_a_meaning():
    assert {column.type for column in COLUMNS.values()} == {"TEXT", "INTEGER", "REAL", "JSON"}
    assert all(column.meaning for column in COLUMNS.values())
    assert COLUMNS["fmax"] == ("REAL", "clock frequency reached, the median over the seeds", "MHz")
    assert COLUMNS["seeds"].type == COLUMNS["error"].type == "JSON"
    assert COLUMNS["latency"].type == COLUMNS["saturate"].type == "INTEGER"


def test_the_columns_are_documented():
    page = (Path(__file__).parents[3] / "docs" / "sweeps.md").read_text()
    table = page.partition("<!-- columns -->\n")[2].partition("<!-- end -->")[0]
    wanted = "".join(f"| `{name}` | {column.meaning} | {column.unit} |\n" for name, column in COLUMNS.items())
    assert table == f"| column | | unit |\n|---|---|---|\n{wanted}"
