from fractions import Fraction

import pytest
from run_time_units import at_run_time

from softgate.plan.operations import Range


def test_it_describes_both_inputs():
    specification = at_run_time("SQ4.4", "SQ1.7", "SQ4.4", saturate=False)
    assert specification.domain == "SQ4.4, slope in SQ1.7"
    assert specification.combinations == 1 << 16
    assert specification.codes == specification.outputs == Range(-128, 127)
    assert list(specification.ports) == ["slope"]
    assert specification.turns == [Fraction(0)]


@pytest.mark.parametrize(
    ("formats", "match"),
    [
        (("SQ4.4", "SQ2.7", "SQ4.4"), "but prelu.* of SQ4.4, slope in SQ2.7 goes from -15.9375 to 16; choose a format"),
        (("SQ4.4", "UQ0.7", "UQ3.4"), "^output format UQ3.4 holds 0 to 7.9375, but .* goes from -7.9375 to 7.9375; "),
        (("SQ4.4", "SQ1.7", "SQ3.5"), "goes from -7.9375 to 8; "),
    ],
)
def test_values_beyond_the_output_are_refused_unless_accepted(formats, match):
    with pytest.raises(ValueError, match=match):
        at_run_time(*formats, saturate=False)
    at_run_time(*formats)


def test_a_slope_without_negative_inputs_is_refused():
    with pytest.raises(
        ValueError, match=r"^slope makes no difference to prelu of UQ4.4, which has no x below 0; give x"
    ):
        at_run_time("UQ4.4", "SQ1.7", "SQ5.4")


def test_unknown_ends_are_refused():
    with pytest.raises(ValueError, match=r"^ends must be exact or free, not 'loose'$"):
        at_run_time("SQ4.4", "SQ1.7", "SQ4.4", ends="loose")
