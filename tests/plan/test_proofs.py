import pytest
from hypothesis import given
from strategies import plans

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.operations import Constant, Multiply, Narrow, Range, Subtract
from softgate.plan.plan import Output, Plan, Step
from softgate.plan.proofs import ProofError, verify_narrowings

parse = FixedFormat.parse


def parabola(low, high, proof):
    """Return a plan of ``x (128 - x)``, which goes from 0 to 64 * 64, narrowed."""
    b = PlanBuilder()
    x = b.input("x", parse("UQ7.0"))
    rest = b.let("rest", Subtract(b.let("top", Constant(128)), x))
    tight = b.let("tight", Narrow(b.let("product", Multiply(x, rest)), low, high, proof))
    return b.build(y=(tight, parse("UQ16.0")))


@pytest.mark.parametrize(
    ("parts", "high"),
    [
        (1, 127 * 128),
        (2, 127 * 64),
        (4, 95 * 64),
        (64, 65 * 64),
        (128, 64 * 64),
    ],
)
def test_the_tightest_claim_holds_and_no_tighter_one(parts, high):
    assert verify_narrowings(parabola(0, high, f"partition {parts}")) == 1
    with pytest.raises(ProofError) as raised:
        verify_narrowings(parabola(0, high - 1, f"partition {parts}"))
    assert str(raised.value).startswith(f"step 'tight' claims [0, {high - 1}], but may be in [")


def test_the_message_names_the_part():
    with pytest.raises(ProofError) as raised:
        verify_narrowings(parabola(1, 64 * 64, "partition 128"))
    assert str(raised.value) == "step 'tight' claims [1, 4096], but may be in [0, 0] for x in [0, 0]"


def test_later_claims_build_on_earlier_ones():
    b = PlanBuilder()
    x = b.input("x", parse("UQ7.0"))
    rest = b.let("rest", Subtract(b.let("top", Constant(128)), x))
    product = b.let("product", Multiply(x, rest))
    first = b.let("first", Narrow(product, 0, 4096, "partition 128"))
    second = b.let("second", Narrow(b.let("twice", Multiply(first, "top")), 0, 4096 * 128, "partition 1"))
    assert verify_narrowings(b.build(y=(second, parse("UQ20.0")))) == 2


def test_a_plan_without_claims():
    b = PlanBuilder()
    x = b.input("x", parse("UQ7.0"))
    assert verify_narrowings(b.build(y=(x, parse("UQ7.0")))) == 0


@given(plans(max_inputs=1))
def test_random_claims_that_the_builder_made_hold(plan):
    count = sum(isinstance(step.operation, Narrow) for step in plan.steps)
    assert verify_narrowings(plan) == count


@pytest.mark.parametrize("proof", ["", "partition", "partition 0", "partition -1", "partition 65537", "by eye 4"])
def test_unknown_proofs(proof):
    with pytest.raises(ProofError) as raised:
        verify_narrowings(parabola(0, 1 << 14, proof))
    assert str(raised.value) == f"step 'tight' names the proof {proof!r}; it must be 'partition N', with N up to 65536"


@pytest.mark.parametrize("parts", [3, 256])
def test_a_partition_that_does_not_divide_is_no_proof(parts):
    with pytest.raises(ProofError, match=f"the 128 codes of x cannot be split into {parts} equal parts"):
        verify_narrowings(parabola(0, 1 << 14, f"partition {parts}"))


def test_a_partition_needs_one_input():
    b = PlanBuilder()
    x, z = b.input("x", parse("UQ4.0")), b.input("z", parse("UQ4.0"))
    plan = b.build(y=(b.let("tight", Narrow(b.let("product", Multiply(x, z)), 0, 225, "partition 1")), parse("UQ8.0")))
    with pytest.raises(ProofError, match="a partition proof needs a plan with one input"):
        verify_narrowings(plan)


@pytest.mark.parametrize(("low", "high"), [(20, 40), (0, 64), (70, 100), (33, 33)])
def test_a_range_of_inputs_tightens_a_claim(low, high):
    b = PlanBuilder()
    x = b.input("x", parse("UQ7.0"), within=Range(low, high))
    rest = b.let("rest", Subtract(b.let("top", Constant(128)), x))
    product = b.let("product", Multiply(x, rest))
    parts = Range(low, high).block.size
    values = [code * (128 - code) for code in range(low, high + 1)]

    def claiming(bottom, top):
        return Plan(
            (
                *b.build(y=(product, parse("UQ16.0"))).steps,
                Step("tight", Narrow(product, bottom, top, f"partition {parts}")),
            ),
            (Output("y", "tight", parse("UQ16.0")),),
        )

    assert verify_narrowings(claiming(min(values), max(values))) == 1
    for bottom, top in ((min(values) + 1, max(values)), (min(values), max(values) - 1)):
        if bottom <= top:
            with pytest.raises(ProofError, match="step 'tight' claims"):
                verify_narrowings(claiming(bottom, top))
