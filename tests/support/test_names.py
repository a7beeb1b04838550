import pytest

from softgate.support.names import check_identifier


@pytest.mark.parametrize("name", ["x", "_", "A9_b", "Module"])
def test_names_that_stand_for_themselves(name):
    assert check_identifier(name, "step name") == name


@pytest.mark.parametrize("name", ["", "2x", "a-b", "a b", "é", "x\n", "$x"])
def test_what_is_no_identifier(name):
    with pytest.raises(ValueError, match=r"^step name .* is not a Verilog identifier: letters, digits and underscores"):
        check_identifier(name, "step name")


@pytest.mark.parametrize("name", ["reg", "wire", "logic", "always_ff", "unique0"])
def test_keywords_of_verilog_and_systemverilog(name):
    message = f"^module name '{name}' is a keyword of Verilog or SystemVerilog; choose another, such as {name}_unit$"
    with pytest.raises(ValueError, match=message):
        check_identifier(name, "module name")


@pytest.mark.parametrize("name", [None, 5, b"x"])
def test_what_is_no_text(name):
    with pytest.raises(TypeError, match=r"^step name must be text, not "):
        check_identifier(name, "step name")
