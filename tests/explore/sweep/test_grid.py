import json
import re
from pathlib import Path

import pytest

from softgate.explore.sweep.grid import GridError, count_points, read_grid
from softgate.explore.sweep.point import Point
from softgate.functions import from_thresholds


@pytest.fixture
def read(tmp_path):
    def call(text, seeds=(1,)):
        path = tmp_path / "grid.toml"
        path.write_text(text)
        return read_grid(path, seeds=seeds).points

    return call


BASE = """
[grid]
function = "logistic"
formats = ["SQ4.4", "UQ0.8"]
"""


def test_a_point_is_every_value_in_its_one_form(read):
    (point,) = read(
        """
        [grid]
        function = "hard_sigmoid"
        formats = ["ap_fixed<8,4>", "ap_ufixed<8,0>"]
        method = "hard"
        variant = "torch"
        offset = 0.25
        max_error = 1e-3
        saturate = true
        interface = "stream"
        target = "ecp5"
        frequency = 150
        """,
        seeds=(3, 4),
    )
    assert point.as_dict() == {
        "options": {},
        "function": "hard_logistic",
        "input": "SQ4.4",
        "output": "UQ0.8",
        "method": "hard",
        "parameters": {"variant": "keras3", "offset": "1/4"},
        "max_error": "0.001",
        "saturate": True,
        "interface": "stream",
        "target": "ecp5",
        "frequency": 150.0,
        "seeds": [3, 4],
    }
    assert Point.from_dict(json.loads(json.dumps(point.as_dict()))) == point


def test_what_is_left_out_has_its_default(read):
    (point,) = read(BASE, seeds=())
    assert point.method is point.max_error is point.frequency is None
    assert (point.parameters, point.saturate, point.interface, point.target, point.seeds) == (
        {},
        False,
        "pipeline",
        "ecp5",
        (),
    )


def test_the_cross_product_in_order(read):
    points = read(
        """
        [grid]
        segments = [1, 4]
        degree = "2..3"
        function = ["logistic", "tanh"]
        input = ["SQ4.4", "SQ4.8"]
        output = "SQ2.7"
        """
    )
    assert [(p.function, p.input, p.parameters["segments"], p.parameters["degree"]) for p in points] == [
        (function, source, segments, degree)
        for function in ("logistic", "tanh")
        for source in ("SQ4.4", "SQ4.8")
        for segments in ("1", "4")
        for degree in ("2", "3")
    ]


def test_pairs_of_formats(read):
    points = read(BASE.replace('["SQ4.4", "UQ0.8"]', '[["SQ4.4", "UQ0.8"], ["SQ4.8", "UQ0.12"]]'))
    assert [(point.input, point.output) for point in points] == [("SQ4.4", "UQ0.8"), ("SQ4.8", "UQ0.12")]


def test_parameters_by_their_other_names(read):
    """They are kept under the one that the function itself has, so that two grids make the same points."""
    base = '[grid]\nfunction = "{}"\nformats = ["SQ4.4", "SQ5.4"]\n'
    (point,) = read(base.format("silu") + "alpha = 1.702\n")
    assert point.parameters == {"beta": "851/500"}
    assert point == read(base.format("silu") + 'beta = "1.702"\n')[0]


def test_functions_of_arrays_by_their_packed_values(read):
    packed = [from_thresholds(values).as_dict()["values"] for values in ([0.5, 2.0], [0.5, 3.0])]
    points = read(f'[grid]\nfunction = "thresholds"\nformats = ["SQ4.4", "UQ2.0"]\nvalues = {json.dumps(packed)}\n')
    assert [point.parameters for point in points] == [{"values": each} for each in packed]
    assert len({point.name for point in points}) == 2


def test_several_grids_are_joined_and_a_point_is_there_once(read):
    table = '[[grid]]\nfunction = "logistic"\nformats = ["SQ4.4", "UQ0.8"]\ndegree = {}\n'
    points = read(table.format("[1, 2, 2]") + table.format('"2..4"') + table.format('["1..2", 7]'))
    assert [point.parameters["degree"] for point in points] == ["1", "2", "3", "4", "7"]


def test_names_of_points_depend_on_their_values_alone(read):
    one, two = read(BASE + "degree = [1, 2]\nsegments = 4")
    assert one.name != two.name
    again, _ = read(BASE.replace("SQ4.4", "ap_fixed<8,4>") + 'segments = "4..4"\ndegree = ["1..2"]')
    assert again.name == one.name
    assert len(one.name) == 16
    assert read(BASE + "degree = 1\nsegments = 4", seeds=())[0].name != one.name


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        ("degree = 2", [1, 3, 4, 5, 6]),
        ("degree = [2, 5]", [1, 3, 4, 6]),
        ('degree = { ">=" = 3 }', [1, 2]),
        ('degree = { ">" = 2, "<" = 5 }', [1, 2, 5, 6]),
        ('degree = { "<=" = 4, "!=" = 2 }', [2, 5, 6]),
        ('degree = { "!=" = [1, 2] }', [1, 2]),
        ('degree = 2\ninput = "ap_fixed<8,4>"', [1, 3, 4, 5, 6]),
        ('degree = 2\ninput = "SQ4.8"', [1, 2, 3, 4, 5, 6]),
        ('input_bits = 8\noutput_bits = { ">" = 7 }\ndegree = { ">" = 1 }', [1]),
        ('function = "tanh"', [1, 2, 3, 4, 5, 6]),
        ('variant = "torch"', [1, 2, 3, 4, 5, 6]),
        ('frequency = { "<" = 1000 }', [1, 2, 3, 4, 5, 6]),
        ('max_error = { "!=" = "2ulp" }', [1, 2, 3, 4, 5, 6]),
        ("saturate = false\ndegree = 1", [2, 3, 4, 5, 6]),
    ],
)
def test_conditions_leave_points_out(read, condition, left):
    other = '[[grid]]\nfunction = "hard_logistic"\nformats = ["SQ4.4", "UQ0.8"]\nvariant = "keras2"\n'
    points = read(BASE.replace("[grid]", "[[grid]]") + 'degree = "1..6"\n' + other + f"[[exclude]]\n{condition}\n")
    found = [int(point.parameters["degree"]) for point in points if "degree" in point.parameters]
    assert found == left


def test_any_of_several_conditions_leaves_a_point_out(read):
    points = read(BASE + 'degree = "1..6"\n[[exclude]]\ndegree = { "<" = 3 }\n[[exclude]]\ndegree = [5, 9]\n')
    assert [point.parameters["degree"] for point in points] == ["3", "4", "6"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("grid = ", "is not TOML: Invalid value (at"),
        ("", "there is no [grid] with axes such as function, formats and degree"),
        ("[gird]\n", "a grid file has no table 'gird'; did you mean grid?"),
        ("grid = 3", "grid must be a table, written as [grid] or [[grid]]"),
        ("[grid]\n", "grid: there is no function"),
        ('[grid]\nfunction = "tanh"\ninput = "SQ4.4"', "grid: there is no output; give input and output, or formats"),
        (BASE + 'input = "SQ4.4"', "grid: formats stands for input and output together; give either it or them"),
        (BASE.replace("logistic", "logistc"), "grid: there is no function 'logistc'; did you mean logistic?"),
        (BASE.replace('"logistic"', "[]"), "grid: function is an empty list"),
        (BASE.replace('"logistic"', "3"), "grid: function must be a name such as atan, not 3"),
        (BASE.replace("SQ4.4", "Q4.4"), "grid: format 'Q4.4'"),
        (
            BASE.replace('["SQ4.4", "UQ0.8"]', '["SQ4.4"]'),
            "grid: a pair of formats is written as [input, output], such",
        ),
        (BASE.replace('["SQ4.4", "UQ0.8"]', '"SQ4.4"'), "grid: a pair of formats is written as [input, output], such"),
        (BASE + 'method = "tailor"', "grid: there is no method 'tailor'; did you mean taylor?"),
        (BASE + 'interface = "streams"', "grid: there is no interface 'streams'; did you mean stream?"),
        (BASE + 'target = "ecp"', "grid: there is no target 'ecp'; did you mean ecp5?"),
        (BASE + "frequency = 0", "grid: frequency must be a number of MHz from 1 to 2000, not 0"),
        (BASE + "frequency = true", "grid: frequency must be a number of MHz from 1 to 2000, not True"),
        (BASE + 'max_error = "1 lsb"', "grid: invalid error budget '1 lsb': write 1ulp, 0.5ulp, 1e-4 or 2^-12"),
        (BASE + "max_error = true", "grid: an error budget is written as text such as 1ulp, 0.5ulp"),
        (BASE + "saturate = 1", "grid: saturate must be true or false, not 1"),
        (
            BASE + "degre = 1",
            "grid: 'degre' is neither an axis nor a parameter of function logistic; did you mean degree?",
        ),
        (
            '[grid]\nfunction = "silu"\nformats = ["SQ4.4", "SQ5.4"]\nalpha = 1\nbeta = 2\n',
            "grid: beta is given by two of its names, one of them beta: leave one out",
        ),
        (
            '[grid]\nfunction = ["silu", "elu"]\nformats = ["SQ4.4", "SQ5.4"]\nalpha = 1\n',
            "grid: 'alpha' is neither an axis nor a parameter of each function silu, elu; ",
        ),
        (BASE + 'variant = "torch"', "grid: 'variant' is neither an axis nor a parameter of function logistic; "),
        (BASE + "degree = [1, 99]", "grid: degree must be a whole number from 0 to 12, not 99"),
        (BASE + "degree = 1.5", "grid: degree must be a whole number from 0 to 12, not 1.5"),
        (BASE + 'degree = "3..1"', "grid: the range '3..1' has no numbers in it"),
        (BASE + 'degree = "1..x"', "grid: degree must be a whole number from 0 to 12, not '1..x'"),
        (BASE + 'method = "hard"\ndegree = 1', "a parameter of function logistic with method hard"),
        (
            BASE.replace('"logistic"', '["hard_logistic", "tanh"]') + 'variant = "torch"',
            "a parameter of each function hard_logistic, tanh; ",
        ),
        (
            BASE.replace('"logistic"', '["hard_logistic", "tanh"]') + "degree = 1",
            "(what has other parameters goes into a [[grid]] of its own)",
        ),
        (
            BASE.replace('"logistic"', '"hard_logistic"') + "degree = 1",
            "a parameter of function hard_logistic; choose one of",
        ),
        (BASE.replace("[grid]", "[[grid]]") * 2 + "degree = []", "grid 2: degree is an empty list"),
        (BASE + "[exclude]\n", "exclude: it is empty, and would leave everything out"),
        (BASE + "degree = 1\n[[exclude]]\ndegre = 1", "exclude 1: the grid has no axis 'degre' to leave points out by"),
        (BASE + "[[exclude]]\nsegments = 1", "exclude 1: the grid has no axis 'segments' to leave points out by"),
        (
            BASE + '[[exclude]]\nfunction = "tahn"',
            "exclude 1: there is no function 'tahn'; did you mean tanh?",
        ),
        (BASE + "[[exclude]]\nfunction = []", "exclude 1: the list of values for function is empty"),
        (BASE + "[[exclude]]\nfunction = {}", "exclude 1: no comparison is given for function"),
        (
            BASE + '[[exclude]]\nfunction = { "<" = "tanh" }',
            "exclude 1: function cannot be compared by <; only numbers can",
        ),
        (
            BASE + '[[exclude]]\ninput_bits = { "=" = 8 }',
            "exclude 1: input_bits has no comparison '='; choose one of <,",
        ),
        (
            BASE + '[[exclude]]\ninput_bits = { "<" = "many" }',
            "exclude 1: input_bits must be compared with a number, not 'many'",
        ),
        (
            BASE + "degree = 1\n[[exclude]]\ndegree = 20",
            "exclude 1: degree must be a whole number from 0 to 12",
        ),
        (BASE + "[exclude]\ninput_bits = 8", "no point is left: what is under exclude leaves out all 1"),
        (
            BASE + 'degree = "1..10"\nsegments = "1..1000"\nmax_error = [' + ", ".join(map(str, range(1, 102))) + "]",
            "the grid has 1,010,000 points; at most 1,000,000 are possible",
        ),
    ],
)
def test_a_wrong_file_is_told_in_one_sentence(read, tmp_path, text, message):
    with pytest.raises(GridError) as error:
        read(text)
    assert str(error.value).startswith(str(tmp_path / "grid.toml"))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_grid(tmp_path / "none.toml", seeds=())
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(GridError, match="is not TOML"):
        read_grid(tmp_path / "bytes.toml", seeds=())


EXAMPLES = sorted((Path(__file__).parents[3] / "examples" / "sweeps").glob("*.toml"))


def test_the_examples_are_grids():
    points = {path.stem: len(read_grid(path, seeds=(1,)).points) for path in EXAMPLES}
    assert len(points) == 5
    assert points["taylor"] == 200
    assert all(count > 10 for count in points.values())


def test_the_documented_grid(read):
    page = (Path(__file__).parents[3] / "docs" / "sweeps.md").read_text()
    blocks = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    points = read("\n".join(blocks))
    assert len(points) == 2 * 2 * 3 * 3 - 2 * 3 - 2 * 2 * 3 + 2


@pytest.mark.parametrize(
    "conditions",
    [
        "",
        "[[exclude]]\ndegree = 1\n",
        "[[exclude]]\ninput_bits = { '<' = 10 }\nsegments = [1, 4]\n",
        "[[exclude]]\ndegree = 1\n[[exclude]]\noutput = 'SQ1.7'\n[[exclude]]\ndsp = 0\nfunction = 'tanh'\n",
    ],
)
def test_points_are_counted_without_making_them(read, tmp_path, conditions):
    text = """
    [[grid]]
    function = ["tanh", "logistic"]
    method = "taylor"
    formats = [["SQ4.4", "SQ2.7"], ["SQ4.8", "SQ2.11"]]
    degree = "1..3"
    segments = [1, 4, 16]
    dsp = [0, 1]

    [[grid]]
    function = "tanh"
    input = ["SQ3.3", "SQ3.8"]
    output = ["SQ1.7", "SQ1.8"]
    monotonic = [true, false]
    """
    points = read(text + conditions)
    assert count_points(tmp_path / "grid.toml") == len(points)


def test_a_grid_of_any_size_is_counted(tmp_path):
    path = tmp_path / "grid.toml"
    path.write_text(
        "[grid]\nfunction = 'tanh'\nformats = ['SQ4.4', 'SQ1.7']\n"
        + "".join(f"{name} = '1..256'\n" for name in ("latency", "dsp", "bram", "frequency"))
        + "[[exclude]]\nlatency = { '>' = 250 }\n"
    )
    assert count_points(path) == 256**3 * 250
    with pytest.raises(GridError, match="the grid has 4,294,967,296 points; at most 1,000,000 are possible"):
        read_grid(path, seeds=())


def test_a_derivative_is_an_axis(read):
    points = read(BASE + 'with_derivative = ["UQ0.8", "ap_ufixed<10,0>"]')
    assert [point.options for point in points] == [{"with_derivative": "UQ0.8"}, {"with_derivative": "UQ0.10"}]
    assert points[1].keywords["with_derivative"] == "UQ0.10"
    assert " --with-derivative UQ0.10 " in points[1].emit_command()
