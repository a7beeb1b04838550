from fractions import Fraction

import numpy as np
import pytest
from small_cells import every_code, random_codes, real_lstm, small_lstm

from softgate.accuracy.composites import find_composite

ASKED = {"z": "SQ4.8", "gate": "UQ0.12", "cell": "SQ4.8", "hidden": "SQ1.11"}

PEEPHOLES = [
    {"peepholes": "z"},
    {"peepholes": "SQ1.4", "gates": "keras3", "gate": "UQ1.5", "clip": "2"},
    {"peepholes": "SQ2.0", "z": "SQ2.3", "cell": "SQ2.4"},
]


def asked(**other):
    return find_composite("lstm_cell").read(**ASKED | other)


def limits(unit):
    """The promised errors, if every part takes all of its budget."""
    parts = unit.parts(unit.words())
    errors = {name: part.budget.limit * part.output_format.ulp for name, part in parts.items()}
    return {promise.name: promise.limit for promise in unit.contract(unit.words(), errors)}


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"max_error": "2ulp", "hidden_error": "2^-6", "clip": "2.5", "order": "iofc", "products": "logic"},
        {"gates": "torch", "peepholes": "SQ2.8"},
    ],
)
def test_what_is_asked_round_trips(other):
    unit = asked(**other)
    assert find_composite("lstm_cell").read(**unit.as_dict()) == unit


def test_bounds_of_faithful_parts():
    gate, state = Fraction(1, 4096), Fraction(1, 512)
    found = limits(asked())
    # 8 for f, 1 + 2^-11 for i, 2 for g, and the rounding.
    assert found["cell"] == float(gate * (8 + 1 + Fraction(1, 2048) + 2) + state)
    # UQ0.11, in which o is, lacks the logistic of 8.
    lacking = 1 / (1 + np.exp(-(8 - 2**-8))) - (1 - 2**-11)
    assert found["stored"] == pytest.approx(2 * 2**-10 + 2**-12 + lacking, abs=1e-6)
    # Where tanh is steep, c' is small: most of the error of o, e^2 / (4 d) + e d, is hidden behind the d of c'.
    e, d = 2**-10 + lacking, found["cell"]
    assert found["hidden"] == pytest.approx(d + e**2 / (4 * d) + e * d + 2**-10 + 2**-12, abs=5e-6)


@pytest.mark.parametrize(("budget", "hidden"), [("0.0047", "0.006"), ("2ulp", "2^-6"), ("2^-5", "2^-4")])
def test_parts_take_what_the_budgets_allow(budget, hidden):
    unit = asked(max_error=budget, hidden_error=hidden)
    found = limits(unit)
    allowed = [
        float(b.limit) * (float(fmt.ulp) if b.ulp else 1)
        for b, fmt in ((unit.max_error, unit.cell), (unit.hidden_error, unit.hidden))
    ]
    assert 0.95 * allowed[0] < found["cell"] <= allowed[0]
    assert 0.95 * allowed[1] < found["hidden"] <= allowed[1]
    assert unit.shortfall(unit.contract(unit.words(), dict.fromkeys(unit.parts(unit.words()), Fraction(1, 4096)))) == ""


def test_peepholes_have_the_format_of_z_unless_they_have_their_own():
    assert str(asked(peepholes="z").peepholes) == "SQ4.8"
    assert str(asked(peepholes="SQ2.8").peepholes) == "SQ2.8"
    assert list(asked(peepholes="z").inputs) == ["i", "f", "g", "o", "p_i", "p_f", "p_o", "c"]
    assert list(asked(peepholes="z", order="iofc").inputs) == ["i", "o", "f", "g", "p_i", "p_o", "p_f", "c"]


def test_bounds_with_peepholes():
    plain, found = limits(asked(gate="UQ1.12")), limits(asked(gate="UQ1.12", peepholes="SQ2.8"))
    # Half an ulp of z moves a gate by a quarter of it, which is more than what the logistic does beyond 8.
    sums = 2**-11
    assert found["cell"] - plain["cell"] == pytest.approx(sums * (8 + 1 + 2**-11), rel=1e-6)
    assert found["stored"] - plain["stored"] == pytest.approx(sums, rel=1e-6)
    # o sees c', of which p_o may be twice as large: e is the error of o, d that of c'.
    d, gate = found["cell"], 1 + 2**-10
    e = 2**-10 + sums + 2 / 4 * d
    assert found["hidden"] == pytest.approx(gate * 2**-10 + gate * d + e**2 / (4 * gate * d) + e * d + 2**-12, rel=1e-6)


def test_what_a_gate_does_beyond_its_arguments_counts():
    found = limits(asked(z="SQ2.8", gate="UQ1.12", peepholes="SQ2.8"))
    plain = limits(asked(z="SQ2.8", gate="UQ1.12"))
    assert found["stored"] - plain["stored"] == pytest.approx(1 / (1 + np.exp(2 - 2**-8)), rel=1e-6)
    found, plain = limits(asked(gates="hard", peepholes="SQ2.8")), limits(asked(gates="hard"))
    assert found["stored"] - plain["stored"] == pytest.approx(2**-11, rel=1e-6)


def test_a_shortfall_is_told():
    unit = asked(max_error="2ulp")
    contract = unit.contract(unit.words(), dict.fromkeys(unit.parts(unit.words()), Fraction(1, 256)))
    assert unit.shortfall(contract).endswith("more than 2ulp")


def test_what_a_gate_format_lacks_counts():
    lacking, holding = asked(z="SQ6.6"), asked(z="SQ6.6", gate="UQ1.12")
    assert limits(lacking)["cell"] - limits(holding)["cell"] == pytest.approx(9 / 4096, rel=1e-3)


@pytest.mark.parametrize(
    "other", [{}, {"gates": "keras2", "clip": "2"}, {"gate": "UQ1.4", "hidden": "SQ2.4"}, *PEEPHOLES]
)
def test_every_input_is_within_the_promises(other):
    unit = small_lstm(**other)
    promised = {promise.name: promise.limit for promise in unit.contract}
    cell, hidden = float(unit.asked.cell.ulp), float(unit.asked.hidden.ulp)
    weights = {name: 1 for name in unit.asked.inputs if name.startswith("p_")}
    for codes in (
        every_code(unit, o=7, g=5, **weights),
        every_code(unit, f=15, i=-16, **weights),
        random_codes(unit, 200_000),
    ):
        h, c_next = unit.golden(**codes)
        real_h, real_c = real_lstm(unit, codes)
        stored_h, _ = real_lstm(unit, codes, stored=c_next)
        assert np.abs(c_next * cell - real_c).max() <= promised["cell"]
        assert np.abs(h * hidden - real_h).max() <= promised["hidden"]
        assert np.abs(h * hidden - stored_h).max() <= promised["stored"]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"z": "UQ4.8"}, r"z must be signed, such as SQ4\.8, not UQ4\.8"),
        ({"z": "SQ12.12"}, "z must have at most 20 bits, not 24 as SQ12.12 has"),
        ({"cell": "SQ12.-2"}, "cell must have its binary point within its bits or beside them"),
        ({"gate": "UQ0.1"}, "gate must have 2 fraction bits or more, for values from 0 to 1, not UQ0.1"),
        ({"clip": "8"}, r"clip must be a multiple of 1/256 up to 2047/256, which SQ4\.8 holds, not 8"),
        ({"clip": "-1"}, "clip must be a multiple of 1/256"),
        ({"clip": "wide"}, "clip must be a number such as 8, not 'wide'"),
        ({"peepholes": "UQ2.8"}, r"peepholes must be signed, such as SQ4\.8, not UQ2\.8"),
        (
            {"peepholes": "SQ2.8", "max_error": "1ulp"},
            "no LSTM cell with these formats keeps 1ulp for c', half an ulp of which is for rounding, and 0.000488 of "
            "each gate for that of its sum",
        ),
        ({"order": "fgio"}, "there is no order of gates 'fgio'"),
        ({"gates": "softer"}, "there is no kind of gates 'softer'"),
        (
            {"max_error": "0.5ulp"},
            r"no LSTM cell with these formats keeps 0\.5ulp for c', .*give gate \(UQ0\.12\) more",
        ),
        ({"hidden_error": "1ulp"}, "no LSTM cell with these formats keeps 1ulp for h, to which c' adds 0.00464"),
    ],
)
def test_refusals(other, message):
    with pytest.raises(ValueError, match=message):
        asked(**other).words()


def test_missing_and_unknown_arguments():
    with pytest.raises(TypeError, match=r"lstm_cell needs hidden: format of the output h, such as SQ1\.11"):
        find_composite("lstm_cell").read(z="SQ4.8", gate="UQ0.12", cell="SQ4.8")
    with pytest.raises(TypeError, match="lstm_cell has no argument 'projection': it takes z, gate, cell, hidden,"):
        asked(projection=True)
    with pytest.raises(TypeError):
        asked(z=5)
    with pytest.raises(TypeError, match="peepholes format must be text"):
        asked(peepholes=True)


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.05, 0.25, 2])
@pytest.mark.parametrize(("peepholes", "cell", "hidden"), [(None, 0.0047, 0.006), ("SQ2.8", 0.0091, 0.0114)])
def test_a_hundred_thousand_states(spread, peepholes, cell, hidden):
    unit, random = small_lstm("SQ4.8", "UQ0.12", "SQ4.8", "SQ1.11", peepholes=peepholes), np.random.default_rng(5)
    promised = {promise.name: promise.limit for promise in unit.contract}
    codes = {
        name: np.clip(np.rint(random.normal(0, spread * fmt.max_code, 100_000)), fmt.min_code, fmt.max_code)
        for name, fmt in unit.asked.inputs.items()
    }
    codes = {name: each.astype(np.int64) for name, each in codes.items()}
    h, c_next = unit.golden(**codes)
    real_h, real_c = real_lstm(unit, codes)
    assert promised["cell"] <= cell
    assert promised["hidden"] <= hidden
    assert np.abs(c_next / 256 - real_c).max() <= promised["cell"]
    assert np.abs(h / 2048 - real_h).max() <= promised["hidden"]
