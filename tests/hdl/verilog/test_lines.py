from softgate.hdl.verilog.lines import block, comment, fill, indent, join


def test_comments():
    assert comment("above\n\nbelow") == ["// above", "//", "// below"]
    assert comment("") == []


def test_items_fill_lines_of_100_characters():
    assert fill(["a" * 60, "b" * 39, "c" * 2]) == ["a" * 60 + " " + "b" * 39, "cc"]
    assert fill(["a" * 60, "b" * 40]) == ["a" * 60, "b" * 40]
    assert fill(["a" * 120, "b"]) == ["a" * 120, "b"]


def test_blocks_in_a_chain():
    first, second = block("if (a)", ["x <= 1;", "", "y <= 1;"]), block("else", ["x <= 0;"])
    assert first == ["if (a) begin", "    x <= 1;", "", "    y <= 1;", "end"]
    assert join([], first) == first
    assert join(first, second) == [*first[:-1], "end else x <= 0;"]
    assert join(second, ["else y <= 0;"]) == ["else x <= 0;", "else y <= 0;"]


def test_empty_lines_are_not_indented():
    assert indent(["x", ""]) == ["    x", ""]
