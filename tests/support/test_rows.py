from softgate.support.rows import Row, markdown


def test_no_rows_are_no_table():
    assert list(markdown("unit", [])) == []


def test_rows_of_other_figures_are_another_table():
    rows = [Row("a", {"LUT4": "1", "Fmax": "2"}), Row("b", {"LUT4": "3", "Fmax": "4"}), Row("c", {"segments": "5"})]
    assert list(markdown("peer", rows)) == [
        "| peer | LUT4 | Fmax |",
        "|---|---|---|",
        "| a | 1 | 2 |",
        "| b | 3 | 4 |",
        "",
        "| peer | segments |",
        "|---|---|",
        "| c | 5 |",
    ]
