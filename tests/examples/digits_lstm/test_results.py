from pathlib import Path

from examples.digits_lstm.results import Result, by_gates, read, table, write

EXAMPLES = Path(__file__).parents[3] / "examples"

RESULTS = [
    Result("float", 0, 0, 98.0, 98.5),
    Result("softgate, 6 bits", 30, 0, 97.5, 98.0),
    Result("float", 0, 1, 96.0, 97.5),
    Result("softgate, 6 bits", 30, 1, 95.0, 97.0),
]


def test_results_are_written_and_read_again(tmp_path):
    write(RESULTS, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text().splitlines()[:2] == [
        "gates,luts,seed,swapped,trained",
        "float,0,0,98.000,98.500",
    ]
    assert read(tmp_path / "a.csv") == RESULTS


def test_results_are_gathered_by_gates():
    assert by_gates(RESULTS) == {"float": RESULTS[::2], "softgate, 6 bits": RESULTS[1::2]}


def test_the_table_has_means_and_their_distance_from_float():
    assert table(RESULTS).splitlines()[2:] == [
        "| float |  | 97.0 % | 98.0 % (+1.0 ± 0.7) |",
        "| softgate, 6 bits | 30 | 96.2 % (-0.8 ± 0.4) | 97.5 % (+0.5 ± 0.7) |",
    ]


def test_one_seed_has_no_spread():
    assert table(RESULTS[:2]).splitlines()[3] == "| softgate, 6 bits | 30 | 97.5 % (-0.5) | 98.0 % (+0.0) |"


def test_the_table_of_the_readme_is_that_of_the_results_beside_it():
    assert table(read(EXAMPLES / "digits_lstm" / "results.csv")) in (EXAMPLES / "README.md").read_text()
