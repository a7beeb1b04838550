"""``softgate emit`` and ``softgate check`` on recurrent cells."""

import json

import pytest

CELLS = {
    "lstm_cell": ["--z", "SQ3.2", "--gate", "UQ0.4", "--cell", "SQ3.2", "--hidden", "SQ1.3"],
    "gru_cell": ["--z", "SQ3.2", "--gate", "UQ0.4", "--hidden", "SQ1.3"],
    "gru_gates": ["--z", "SQ3.2", "--gate", "UQ0.4", "--hidden", "SQ1.3"],
    "gru_update": ["--z", "SQ3.2", "--gate", "UQ0.4", "--hidden", "SQ1.3"],
}


@pytest.mark.tools
@pytest.mark.parametrize(
    ("name", "more", "promises"),
    [
        (
            "lstm_cell",
            ["--peepholes", "--clip", "2", "--order", "iofc", "--gates", "torch"],
            ["cell", "hidden", "stored"],
        ),
        ("gru_cell", ["--interface", "axis", "--products", "logic"], ["hidden"]),
        ("gru_gates", ["--rh", "SQ1.2", "--interface", "axis"], ["update", "reset"]),
        ("gru_update", ["--max-error", "2ulp"], ["hidden"]),
    ],
)
def test_emit_and_check(run, tmp_path, name, more, promises):
    code, out, _ = run("emit", name, *CELLS[name], *more, "--out", tmp_path, "--json")
    assert code == 0
    assert [promise["name"] for promise in json.loads(out)["contract"]] == promises
    code, out, _ = run("check", tmp_path / f"{name}.json")
    assert code == 0, out
    code, out, _ = run("show", tmp_path / f"{name}.json")
    assert code == 0
    assert ("update: logistic" if name == "gru_gates" else "candidate: tanh") in out


@pytest.mark.parametrize(
    ("name", "changed", "message"),
    [
        ("lstm_cell", ["--cell", "UQ4.2"], "cell must be signed, such as SQ4.8, not UQ4.2"),
        ("lstm_cell", ["--clip", "5"], "clip must be a multiple of 1/4 up to 15/4, which SQ3.2 holds, not 5"),
        ("lstm_cell", ["--gates", "linear"], "there is no kind of gates 'linear'"),
        ("lstm_cell", ["--max-error", "0.5ulp"], "no LSTM cell with these formats keeps 0.5ulp for c'"),
        ("lstm_cell", ["--peepholes", "UQ2.2"], "peepholes must be signed, such as SQ4.8, not UQ2.2"),
        ("gru_cell", ["--gate", "SQ1.1"], "gate must have 2 fraction bits or more, for values from 0 to 1, not SQ1.1"),
        ("gru_cell", ["--hidden", "hidden"], "hidden"),
        ("gru_cell", ["--clip", "1"], "No such option"),
        ("gru_gates", ["--gate", "SQ1.4"], "gate must be unsigned with at most 1 integer bit, such as UQ0.12"),
        ("gru_update", ["--max-error", "0.5ulp"], "no GRU update with these formats keeps 0.5ulp for h'"),
    ],
)
def test_refusals(run, tmp_path, name, changed, message):
    code, out, err = run("emit", name, *CELLS[name], *changed, "--out", tmp_path)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())
