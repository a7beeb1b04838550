"""A candidate that fails does not end a search; it is said, so that tests fail, and nothing else is passed over."""

import warnings

import pytest
from specified import specify
from weighed import chosen, how

from softgate import BudgetError, design
from softgate.explore.choose import chooser as choosing
from softgate.explore.choose import first_within_budget as within_budget
from softgate.explore.choose.chooser import choose, choose_of
from softgate.explore.choose.first_within_budget import first_within_budget
from softgate.explore.choose.left_out import LeftOutWarning, candidates_of
from softgate.methods import RefusalError, find_method
from softgate.sim.golden.plan_evaluation import RangeError
from softgate.support.tools import MissingToolError

TABLE, POLYNOMIAL = find_method("table"), find_method("polynomial")
ASKED = specify("tanh", "SQ3.3", "SQ1.5", "1ulp")
TEXT = "a table unit of tanh, SQ3.3 to SQ1.5, failed and is left out; please report it"


def failing(error, after=0):
    """Return a method that makes some tables, and then fails."""

    class Failing(TABLE):
        @classmethod
        def candidates(cls, specification, given):
            yield from list(TABLE.candidates(specification, given))[:after]
            raise error

    return Failing


@pytest.mark.parametrize(
    "error", [ValueError("output 'y' is in [-1, 1]"), AssertionError(), KeyError("u"), IndexError()]
)
def test_a_method_that_fails_leaves_the_others(error):
    expected = choose(ASKED, [POLYNOMIAL], *how())
    with pytest.warns(LeftOutWarning) as warned:
        found = choose(ASKED, [failing(error), POLYNOMIAL], *how())
    assert [str(each.message) for each in warned] == [TEXT]
    assert found.plan == expected.plan


def test_what_came_before_a_failure_is_weighed():
    with pytest.warns(LeftOutWarning):
        found = choose_of(ASKED, failing(ValueError("x"), after=3), {}, *how())
    assert 0 < len(found.choice.weighed) <= 3


def test_a_method_that_fails_at_once_has_no_unit():
    with pytest.warns(LeftOutWarning), pytest.raises(BudgetError, match="no table unit of tanh"):
        choose_of(ASKED, failing(ValueError("x")), {}, *how())


def test_where_warnings_are_errors_a_failure_ends_the_search():
    with pytest.raises(LeftOutWarning) as raised:
        choose(ASKED, [failing(KeyError("u")), POLYNOMIAL], *how())
    assert isinstance(raised.value.__context__, KeyError)


def test_a_candidate_that_cannot_be_weighed_or_measured_is_left_out(monkeypatch):
    first, second = list(TABLE.candidates(ASKED, TABLE.read({})))[:2]

    def fail_at_first(real, error):
        def call(*given, **named):
            if any(getattr(each, "plan", each) == first.plan for each in given):
                raise error
            return real(*given, **named)

        return call

    with monkeypatch.context() as patch, pytest.warns(LeftOutWarning, match="failed and is left out"):
        patch.setattr(choosing, "weigh", fail_at_first(choosing.weigh, RuntimeError()))
        found = choose_of(ASKED, TABLE, {}, *how())
        assert chosen(found).parameters != first.parameters
    with monkeypatch.context() as patch, pytest.warns(LeftOutWarning, match="failed and is left out"):
        patch.setattr(within_budget, "plan_errors", fail_at_first(within_budget.plan_errors, RangeError("x")))
        found = first_within_budget(ASKED, TABLE, [first, second])
        assert (found.plan, found.tried) == (second.plan, 2)


def test_refusals_are_for_the_user_who_asked():
    refusing = failing(RefusalError("method table does not"))
    with pytest.raises(RefusalError, match="method table does not"):
        choose_of(ASKED, refusing, {}, *how())
    with pytest.raises(RefusalError, match="more than the 3 that table_bits allows"):
        design("tanh", "SQ3.3", "SQ1.5", method="table", table_bits=3)
    with pytest.raises(RefusalError, match=r"kept_bits must be less than the width of the output SQ1\.0, 1, not 1"):
        design("tanh", "SQ3.0", "SQ1.0", method="bipartite", kept_bits=1)
    assert list(candidates_of(refusing, ASKED, {}, optional=True)) == []
    assert choose(ASKED, [refusing, POLYNOMIAL], *how()).method == "polynomial"


@pytest.mark.parametrize("error", [MissingToolError("g++", "a compiler"), OSError("disk full"), KeyboardInterrupt()])
def test_what_is_no_fault_of_a_candidate_ends_the_search(error):
    with pytest.raises(type(error)):
        choose(ASKED, [failing(error), POLYNOMIAL], *how())


def test_parameters_that_are_wrong_are_said_before_anything_is_made():
    with pytest.raises(ValueError, match="folding"):
        list(candidates_of(TABLE, ASKED, {"folding": "x"}, optional=True))


# Units whose output is the same for every input, and has one bit, or two.
NARROW = [
    ("logistic", "SQ3.8", "UQ2.0"),
    ("logistic", "SQ3.0", "UQ1.0"),
    ("logistic", "SQ4.4", "UQ1.0"),
    ("tanh", "SQ3.0", "SQ1.0"),
    ("tanh_derivative", "SQ3.0", "SQ1.0"),
    ("logistic_derivative", "SQ4.4", "SQ1.0"),
    ("logistic", "SQ8.8", "UQ1.0"),
]


@pytest.mark.parametrize(("function", "source", "output"), NARROW)
def test_outputs_of_hardly_any_bits(function, source, output):
    """Every method makes what it makes within the format; one of one bit that is always 0, too."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for method in (None, "table", "bipartite", "polynomial", "identity", "taylor"):
            try:
                unit = design(function, source, output, method=method)
            except BudgetError:
                assert method == "bipartite"  # a table of one entry is no sum
                continue
            except RefusalError as refusal:
                assert method == "table" and "look" not in str(refusal)
                continue
            assert unit.errors.error_class != "within"
