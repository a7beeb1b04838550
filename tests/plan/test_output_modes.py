import pytest

from softgate.plan.output_modes import Modes, split_modes


@pytest.mark.parametrize(
    ("text", "bare", "modes"),
    [
        ("ap_fixed<16,6,AP_RND,AP_SAT>", "ap_fixed<16,6>", Modes("half_up", True)),
        ("ap_ufixed< 8, 0, AP_TRN >", "ap_ufixed<8,0>", Modes("floor")),
        ("fixed<16,6,RND_CONV,SAT_SYM>", "fixed<16,6>", Modes("half_even", True, True)),
        ("ac_fixed<16,4,false,AC_RND_INF>", "ac_fixed<16,4,false>", Modes("half_away")),
        ("ac_fixed<16,4,true,AC_TRN_ZERO,AC_SAT>", "ac_fixed<16,4,true>", Modes("zero", True)),
        ("ap_fixed<16,6,AP_RND,AP_SAT,0>", "ap_fixed<16,6>", Modes("half_up", True)),
        ("ap_fixed<16,6>", "ap_fixed<16,6>", Modes()),
        ("ac_fixed<16,4,true>", "ac_fixed<16,4,true>", Modes()),
        ("SQ4.12", "SQ4.12", Modes()),
    ],
)
def test_modes(text, bare, modes):
    assert split_modes(text) == (bare, modes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ap_fixed<16,6,AP_RND,AP_WRAP>", "has the overflow AP_WRAP, for which no unit is made; choose SAT or SAT_SYM"),
        ("ap_fixed<16,6,AP_RND_ZERO>", "rounds by AP_RND_ZERO, for which no unit is made; choose one of RND, RND_INF"),
        ("ap_fixed<16,6,magic>", "rounds by magic, for which no unit is made"),
        ("ap_fixed<16,6,>", "rounds by nothing, for which no unit is made"),
        ("ap_fixed<16,6,AP_RND,>", "has the overflow nothing, for which no unit is made"),
        ("ap_fixed<16,6,2,1>", "rounds by 2, for which no unit is made"),
        ("ac_fixed<16,6,true,true>", "rounds by true, for which no unit is made"),
        ("ap_fixed<16,6,AP_SAT>", "in the place of a rounding: write ap_fixed<16,6,AP_RND,AP_SAT>"),
        ("fixed<16,6,SAT_SYM>", "in the place of a rounding: write fixed<16,6,RND,SAT_SYM>"),
        ("ap_fixed<16,6,AP_RND,AP_SAT,3>", "has 3 after its modes, bits that only wrapping has a use for: write ap_"),
    ],
)
def test_modes_without_units(text, message):
    with pytest.raises(ValueError) as raised:
        split_modes(text)
    assert message in str(raised.value)
