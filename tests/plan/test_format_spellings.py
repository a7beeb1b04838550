import pytest

from softgate.plan.format_spellings import Bits, fault_of, possible, read_spelling


@pytest.mark.parametrize(
    ("text", "signed", "integer", "fraction"),
    [
        ("SQ4.12", True, 4, 12),
        ("uq-3.8", False, -3, 8),
        ("fixed<16,6>", True, 6, 10),
        ("ufixed< 8, 0 >", False, 0, 8),
        ("ap_fixed<8,12>", True, 12, -4),
        ("ap_int<8>", True, 8, 0),
        ("ap_uint<4>", False, 4, 0),
        ("ac_fixed<16,4,true>", True, 4, 12),
        ("ac_fixed<16,4>", True, 4, 12),
        ("ac_fixed<16, 4, false>", False, 4, 12),
        ("ac_int<8,false>", False, 8, 0),
        ("ac_int<8>", True, 8, 0),
        ("sfix16_En12", True, 4, 12),
        ("ufix8", False, 8, 0),
        ("sfix8_E3", True, 11, -3),
        ("ufix8_En10", False, -2, 10),
        ("quantized_bits(8,0)", True, 1, 7),
        ("quantized_bits(6, 2, alpha=1)", True, 3, 3),
        ("quantized_relu(8,0)", False, 0, 8),
    ],
)
def test_spellings(text, signed, integer, fraction):
    assert read_spelling(text) == Bits(signed, integer, fraction)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fixed16", "format 'fixed16' is invalid: write SQ4.12"),
        ("", "format '' is invalid"),
        ("ap_fixed<16,6,AP_RND,AP_SAT>", "of a unit may have: write ap_fixed<16,6>"),
        (
            "ac_fixed<16,6,false,AC_RND>",
            "of a unit may have: write ac_fixed<16,6,false>",
        ),
        ("ap_int<-8>", "is invalid"),
        ("quantized_bits(8,0,1)", "is invalid"),
        ("SQ\N{ARABIC-INDIC DIGIT ONE}2.4", "is invalid"),
        ("Q64.64", "format 'Q64.64' has more than 64 bits; write one such as SQ4.12"),
        ("Q0.0", "format 'Q0.0' is ambiguous: write SQ1.0 if the sign comes on top (1 bit)"),
        ("Q0.64", "write UQ0.64 if there is no sign (64 bits)"),
    ],
)
def test_refusals(text, message):
    with pytest.raises(ValueError) as raised:
        read_spelling(text)
    assert message in str(raised.value)


def test_a_hint_names_only_formats_that_there_are():
    assert possible({Bits(True, 65, 0): " a", Bits(True, 1, 2): " b"}) == "SQ1.2 b (3 bits)"


@pytest.mark.parametrize(
    ("integer", "fraction", "fault"),
    [
        (4, 12, None),
        (65, -64, None),
        (-64, 65, None),
        (1, 0, None),
        (0, 0, "has 0 bits; 1 to 64 are possible"),
        (4, -12, "has -8 bits; 1 to 64 are possible"),
        (1, 64, "has 65 bits; 1 to 64 are possible"),
        (-65, 66, "has its binary point 65 places outside its 1 bit; at most 64 are possible"),
    ],
)
def test_bits_that_no_format_has(integer, fraction, fault):
    assert fault_of(integer, fraction) == fault
