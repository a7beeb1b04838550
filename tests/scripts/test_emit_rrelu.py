"""``softgate emit rrelu_training`` and the other commands on it, a composite without parts."""

import json

import pytest

RRELU = ["emit", "rrelu_training", "-i", "SQ3.4", "-o", "SQ3.3"]


def test_commands(run, tmp_path):
    code, out, _ = run(
        *RRELU, "--lower", "1/8", "--upper", "1/3", "--seed", "2", "--slope-bits", "5", "--out", tmp_path
    )
    assert code == 0
    assert "  period     the slopes repeat after 2305843009213693951 transfers" in out
    path = tmp_path / "rrelu_training.json"
    data = json.loads(path.read_text())
    assert (data["parts"], data["arguments"]["seed"]) == ([], 2)
    code, out, _ = run("show", path)
    assert code == 0
    assert "  slope_point      11" in out
    code, out, _ = run("explain", path)
    assert code == 0
    assert "a stall or a gap none, and a reset begins again at seed 2" in out


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "prove"])
def test_check_and_prove(run, tmp_path, command):
    run(*RRELU, "--slope-bits", "5", "--out", tmp_path)
    code, out, _ = run(command, tmp_path / "rrelu_training.json")
    assert code == 0, out
    assert {"check": "ok   period", "prove": "ok   gap"}[command] in out


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (["--upper", "1/9"], "slopes must be from 0 to 1 with lower below upper, not from 1/8 to 1/9"),
        (["--seed", "-1"], "seed must be from 0 to 65535, not -1"),
        (["--interface", "comb"], "there is no interface of a unit with state 'comb'"),
        (["--max-error", "1ulp"], "No such option"),
    ],
)
def test_refusals(run, tmp_path, changed, message):
    code, out, err = run(*RRELU, "--out", tmp_path, *changed)
    assert (code, out) == (2, "")
    assert message in err
    assert not list(tmp_path.iterdir())
