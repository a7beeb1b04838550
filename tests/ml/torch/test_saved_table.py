"""States: saved with table and specification, loaded into what they were saved of, refused by anything else."""

import re

import pytest

torch = pytest.importorskip("torch")
ml = pytest.importorskip("softgate.ml.torch")

pytestmark = pytest.mark.torch
nn = torch.nn


def model(output="SQ1.7", **keywords):
    return nn.Sequential(nn.Linear(2, 2), ml.Tanh(input="SQ4.4", output=output, **keywords))


def test_what_is_saved(tmp_path):
    state = model().state_dict()
    assert list(state) == ["0.weight", "0.bias", "1.table", "1._extra_state"]
    assert state["1.table"].dtype == torch.int8 and state["1.table"].shape == (256,)
    assert state["1._extra_state"] == {
        "function": "tanh",
        "input": "SQ4.4",
        "output": "SQ1.7",
        "table": "rounded half_even",
    }
    torch.save(state, tmp_path / "state.pt")
    again = torch.load(tmp_path / "state.pt", weights_only=True)
    other = model()
    assert str(other.load_state_dict(again)) == "<All keys matched successfully>"
    assert torch.equal(other[0].weight, again["0.weight"])


def test_a_state_of_another_specification_is_refused_by_both():
    message = (
        "1 was saved as tanh from SQ4.4 to SQ1.7 (rounded half_even), but is tanh from SQ4.4 to SQ1.3 "
        "(rounded half_even) here: make it from the same function, formats and unit"
    )
    for strict in (True, False):
        with pytest.raises(RuntimeError, match=re.escape(message)):
            model("SQ1.3").load_state_dict(model().state_dict(), strict=strict)


def test_a_unit_and_the_rounded_function_differ():
    with pytest.raises(RuntimeError, match=r"rounded half_even\), but is .* unit, plan [0-9a-f]{16}\) here"):
        model(max_error="1ulp").load_state_dict(model().state_dict())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"1.table": torch.zeros(256)}, "1 was saved with another table of tanh from SQ4.4 to SQ1.7"),
        ({"1._extra_state": {"function": "tanh"}}, "1 was saved as {'function': 'tanh'}, but is tanh"),
        ({"1.other": torch.zeros(1)}, 'Unexpected key(s) in state_dict: "1.other"'),
    ],
)
def test_states_that_were_changed(change, message):
    with pytest.raises(RuntimeError, match=re.escape(message)):
        model().load_state_dict({**model().state_dict(), **change})


def test_states_of_models_without_tables_are_loaded():
    plain = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    assert str(model().load_state_dict(plain.state_dict())) == "<All keys matched successfully>"
