from dataclasses import replace

import pytest
from specified import outputs, specify
from weighed import built, chosen, how, measured

from softgate import BudgetError
from softgate.accuracy.admissible import admissible
from softgate.explore.choose import chooser as module
from softgate.explore.choose import finalists
from softgate.explore.choose.chooser import choose, choose_of
from softgate.explore.choose.weighing import require_tools
from softgate.hdl.scheduling.clocked_schedule import TimingError
from softgate.methods import find_method

METHODS = [find_method(name) for name in ("table", "bipartite", "polynomial")]
SMALL = specify("tanh", "SQ3.3", "SQ1.5", "1ulp")
MEDIUM = specify("tanh", "SQ4.6", "SQ1.9", "1ulp")


@pytest.fixture
def few_moves(monkeypatch):
    """Make the search for networks short, and longer with more effort."""
    efforts = {
        "quick": [{"moves": 300}],
        "normal": [{"moves": 301}],
        "high": [{"moves": 302}, {"moves": 303, "seed": 5}],
    }
    monkeypatch.setattr(find_method("network"), "efforts", efforts)


@pytest.fixture
def no_synthesis(monkeypatch):
    """Give candidates figures without measuring them."""
    monkeypatch.setattr(finalists, "measure", measured(lambda number: 50 + number, lambda _: 250.0))


@pytest.mark.parametrize(
    ("objective", "measure"),
    [
        ("luts", lambda each: each.luts),
        ("latency", lambda each: (each.latency, each.luts)),
        ("balanced", lambda each: each.luts * (each.latency + 1)),
        ("fmax", lambda each: (-each.fmax, each.luts)),
    ],
)
def test_the_best_for_each_objective(objective, measure):
    found = choose(MEDIUM, METHODS, *how(objective, dsp=0, bram=0))
    assert found.choice.weighed[0] == chosen(found)
    assert measure(chosen(found)) == min(map(measure, found.choice.weighed))
    low, high = admissible(MEDIUM)
    assert ((low <= outputs(MEDIUM, found.plan)) & (outputs(MEDIUM, found.plan) <= high)).all()


def test_objectives_differ():
    units = {objective: chosen(choose(MEDIUM, METHODS, *how(objective))) for objective in ("luts", "latency", "fmax")}
    assert units["latency"].latency < units["luts"].latency
    assert units["luts"].luts < units["latency"].luts
    assert units["fmax"].fmax > units["luts"].fmax


@pytest.mark.tools
def test_registers_are_where_they_were_weighed(tmp_path, few_moves, no_synthesis):
    """For few look-up tables, registers before and after tables are weighed against fewer of them."""
    found = choose(specify("tanh", "SQ4.4", "SQ1.7", "1ulp"), METHODS, *how("luts", "normal", frequency=200))
    both = [(each.method, each.parameters) for each in found.choice.weighed if not each.compact]
    assert any((each.method, each.parameters) in both for each in found.choice.weighed if each.compact)
    written = found.emit(tmp_path, **built("luts", frequency=200).keywords)
    assert written.latency == chosen(found).latency
    unit = found.unit(**built("luts", frequency=200).keywords)
    assert (unit.latency, unit.verilog().startswith("module")) == (chosen(found).latency, True)
    assert found.schedule(**built("luts", frequency=200).keywords) == unit.schedule


def test_blocks_whose_number_is_given_are_used():
    luts, blocks = {}, {}
    for dsp, bram in ((0, 0), (0, 1), (1, 1)):
        best = chosen(choose(MEDIUM, METHODS[::2], *how("luts", frequency=100, dsp=dsp, bram=bram)))
        luts[dsp, bram], blocks[dsp, bram] = best.luts, (best.dsp, best.bram)
    assert luts[0, 0] > 3 * luts[0, 1] > 4 * luts[1, 1]
    assert blocks == {(0, 0): (0, 0), (0, 1): (0, 1), (1, 1): (1, 1)}


@pytest.mark.tools
@pytest.mark.parametrize(
    ("specification", "weighing", "moves"),
    [
        (SMALL, how("luts"), [300]),
        (SMALL, how("luts", "normal"), [301]),
        (SMALL, how("balanced"), []),
        (SMALL, how("luts", target="xc7"), []),
        (MEDIUM, how("luts"), []),
    ],
)
def test_what_takes_a_while_is_for_few_look_up_tables(specification, weighing, moves, few_moves, no_synthesis):
    found = choose(specification, METHODS[:1], *weighing)
    networks = [each for each in found.choice.weighed if each.method == "network"]
    assert sorted({each.parameters["moves"] for each in networks}) == moves


@pytest.mark.tools
@pytest.mark.parametrize(("effort", "moves"), [("quick", [300]), ("normal", [301]), ("high", [302, 303])])
def test_effort_says_how_long_a_named_method_searches(effort, moves, few_moves, no_synthesis):
    for given, expected in (({}, moves), ({"moves": 7}, [7])):
        lines = []
        found = choose_of(SMALL, find_method("network"), given, *how("luts", effort), lines.append)
        assert found.parameters["moves"] in expected
        if found.choice is not None:
            assert sorted({each.parameters["moves"] for each in found.choice.weighed}) == expected
        assert lines[0] == (f"method network, 1 of {len(moves)}" if expected is moves else "method network")


@pytest.mark.parametrize(
    ("limits", "weighed"),
    [({}, False), ({"dsp": 0, "bram": 0}, False), ({"dsp": 1, "bram": 0}, True), ({"bram": 2}, True)],
)
def test_candidates_for_blocks_are_those_that_the_method_declares(limits, weighed, monkeypatch):
    polynomial = find_method("polynomial")
    granted = []
    parameters = {"products": "last", "degree": 2}

    def with_blocks(specification, dsp, bram):
        assert specification == SMALL
        granted.append((dsp, bram))
        return [parameters] if dsp or bram else []

    monkeypatch.setattr(polynomial, "with_blocks", with_blocks)
    found = choose(SMALL, [find_method("table"), polynomial], *how("luts", frequency=100, **limits))
    products = {each.parameters.get("products") for each in found.choice.weighed}
    assert products == ({None, "last"} if weighed else {None})
    assert granted == [(limits.get("dsp"), limits.get("bram"))]


@pytest.mark.parametrize(("target", "weighed"), [("ecp5", True), ("ice40-hx8k", False), (None, False)])
def test_candidates_for_adders_are_those_that_the_method_declares(target, weighed, monkeypatch):
    polynomial = find_method("polynomial")
    asked = []

    def with_complementing_adders(specification):
        asked.append(specification)
        return [{"folding": "sums"}]

    monkeypatch.setattr(polynomial, "with_complementing_adders", with_complementing_adders)
    for found in (
        choose(SMALL, [find_method("table"), polynomial], *how("luts", target=target)),
        choose_of(SMALL, polynomial, {}, *how("luts", target=target)),
    ):
        foldings = {each.parameters.get("folding") for each in found.choice.weighed if each.method == "polynomial"}
        assert foldings == ({None, "sums"} if weighed else {None})
    assert asked == [SMALL] * 2 * weighed


def test_a_clock_that_no_candidate_keeps():
    with pytest.raises(TimingError, match="ecp5 reaches about"):
        choose(SMALL, METHODS, *how(frequency=1900))
    with pytest.raises(TimingError, match="latency 1 is too short"):
        choose(MEDIUM, [find_method("polynomial")], *how(frequency=200, latency=1))


def test_candidates_that_cannot_keep_it_are_told():
    found = choose(MEDIUM, METHODS, *how(frequency=200, latency=3))
    refused = [each for each in found.choice.weighed if each.refused]
    assert {each.method for each in refused} == {"polynomial"}
    assert all("latency 3 is too short for 200 MHz" in each.refused for each in refused)
    assert chosen(found).latency <= 3


def test_candidates_without_a_step_that_is_asked_for_are_told():
    """Tables have an entry, polynomials none."""
    found = choose(SMALL, METHODS[::2], *how(target=None, registers=["entry"]))
    refused = {each.method: each.refused for each in found.choice.weighed if each.refused}
    assert chosen(found).method == "table"
    assert refused.keys() == {"polynomial"}
    assert refused["polynomial"].startswith("the plan has no step 'entry' to put a register after")
    with pytest.raises(ValueError, match=r"^the plan has no step 'entry' to put a register after; "):
        choose(SMALL, METHODS[2:], *how(target=None, registers=["entry"]))


def test_the_best_of_a_method_with_parameters():
    given = {"folding": "code"}
    found = choose_of(MEDIUM, METHODS[0], given, *how("luts"))
    assert {each.parameters["folding"] for each in found.choice.weighed} == {"code"}
    assert chosen(found).luts == min(each.luts for each in found.choice.weighed)


@pytest.mark.parametrize(("given", "products"), [({}, {None, "whole"}), ({"degree": 2}, {None})])
def test_candidates_of_a_method_for_blocks_unless_there_are_parameters(given, products):
    found = choose_of(SMALL, METHODS[2], given, *how("luts", frequency=100, dsp=1, bram=1))
    assert {each.parameters.get("products") for each in found.choice.weighed} == products


def test_where_none_that_is_weighed_will_do_it_is_the_first_that_does(monkeypatch):
    first = next(METHODS[0].candidates(MEDIUM, METHODS[0].read({})))
    real = module.first_within_budget

    def alone(specification, method, candidates, progress):
        if len(candidates) == 1:
            raise BudgetError("it is not good enough")
        return real(specification, method, candidates, progress)

    monkeypatch.setattr(module, "first_within_budget", alone)
    found = choose_of(MEDIUM, METHODS[0], {}, *how())
    assert (found.parameters, found.choice) == (first.parameters, None)


def test_what_a_method_proves_saves_the_walk_over_what_is_not_taken(monkeypatch):
    taylor = find_method("taylor")
    walked = []
    real = module.first_within_budget

    def counted(specification, method, candidates, progress):
        walked.append(len(candidates))
        return real(specification, method, candidates, progress)

    monkeypatch.setattr(module, "first_within_budget", counted)
    assert choose_of(MEDIUM, taylor, {}, *how()).errors.largest < 1
    assert walked == [1]
    walked.clear()
    choose_of(specify("tanh", "SQ4.6", "SQ1.9", "1ulp", monotonic=True), taylor, {}, *how())
    assert walked[0] > 1  # whether outputs are monotonic is not proved


def test_effort_needs_something_to_measure_with():
    with pytest.raises(ValueError) as raised:
        require_tools(*how(effort="normal", target=None))
    assert str(raised.value) == (
        "effort normal synthesises candidates, which nothing does for target generic; name another target, such as "
        "ecp5, or choose effort quick"
    )


def test_a_method_without_a_unit():
    assert choose(specify("tanh", "SQ3.5", "SQ1.7", "1e-4"), METHODS, *how()) is None


def test_what_is_not_within_the_budget_is_not_taken(monkeypatch):
    first = choose(SMALL, METHODS, *how())
    real = module.first_within_budget

    def strict(specification, method, candidates, progress):
        if dict(candidates[0].parameters) == first.parameters:
            raise BudgetError("it is not good enough")
        return real(specification, method, candidates, progress)

    monkeypatch.setattr(module, "first_within_budget", strict)
    second = choose(SMALL, METHODS, *how())
    assert second.parameters == second.choice.weighed[1].parameters == chosen(second).parameters
    assert second.choice.weighed[0] == replace(chosen(first), chosen=False, refused="it is not good enough")
