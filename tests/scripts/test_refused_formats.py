"""Formats that are refused, as input and as output of a unit and in Python: a sentence each, with hints that work."""

import pytest
from refused import check_sentence, hinted_formats

from softgate import requantize, rounded
from softgate.plan.output_modes import split_modes

UNKNOWN = "is invalid: write SQ4.12 (signed"
AFFINE = "is invalid: an affine format is written as its type, scale and zero point, such as int8:0.047:-3"
NO_NUMBER = "has a scale that is not a number,"
NO_ZERO = "has a zero point that is not a whole number,"
BITS = "; 1 to 64 are possible"
FAR = "at most 64 are possible"
MODES = "has modes of rounding or overflow, which only the output format of a unit may have: write "

EVERYWHERE = {
    UNKNOWN: """
        tanh None 16 4.12 16,4 S4.12 U0.16 S16.12 XQ4.12 SQ SQ4 SQ4. SQ.12 SQ4,12 SQ4.12.1 SQ4.12x SQ4-12 SQ+4.12 UQ
        Q Q4 Q4. Q.12 q15 fixed fixed<16> fixed<16,> fixed<,6> fixed<16,6 fixed(16,6) fixed<16;6> fixed<a,b>
        fixed<-8,4> fixed<8.5,4> ap_fixed ap_fixed<16> ap_fixed<> ap_sfixed<16,6> ap_int<-8> ap_int<8,4> ap_int<>
        ap_int8 ap_uint<x> int<8> uint<8> ac_fixed<16> ac_int<8,maybe> ac_int<8,1> sfix sfix16_12 sfix16_En sfix16_E
        sfix16_Ex ufix16_En-3 sfix16_S3 sfix16_En12_B2 fixdt(1,16,12) numerictype(1,16,12) quantized_bits
        quantized_bits() quantized_bits(8) quantized_bits(8,0 quantized_bits(8,0,1) quantized_bits(8,0,alpha=2)
        quantized_bits(8,0,alpha='auto') quantized_relu(8) quantized_relu(8,0,0.1) quantized_tanh(8)
        quantized_po2(8) binary() ternary() trunc<16,4> bfloat16 fp16 float32:0.1:0 e4m3 i8:0.1:0 u8:0.1:0
        qint8:0.1:0 sint8:0.1:0 int:0.1:0 uint:0.1:0 int-8:0.1:0
    """,
    AFFINE: """
        int8 INT8 uint8 int8: int8:: int8::3 int8:0.1:1:2 int8;0.1;0 int8,0.1,0 int8_t:0.1:0 int8(0.1,0) int8/0.1/0
    """,
    NO_NUMBER: """
        int8:x:0 int8:nan:0 int8:inf:0 int8:-inf:0 int8:0,1:0 int8:0x1p-3:0 int8:.:0 int8:e:0 int8:0.1.2:0
        int8:1/256/2:0 int8:1/0:0 int8:0^-1:0 int8:2^0.5:0 int8:%s:0 int8:2**-3:0 int8:None:0 int8:1e:0 int8:0.1f:0
    """,
    NO_ZERO: """
        int8:0.1: int8:0.1:x int8:0.1:1.5 int8:0.1:1e3 int8:0.1:--3 int8:0.1:+-3 int8:0.1:0x3
    """,
    "it must be above 0": """
        int8:0:0 int8:0.0:3 int8:-0:3 int8:0/5:3 int8:-0.1:3 int8:-1/2 uint4:-2^-3:1
    """,
    "it must be from 2^-64 to 2^64": """
        int8:1e-400:0 int8:1e-45:0 int8:5e-324:1 int8:2^-65 int8:1e90:0 int8:1e400:0 uint16:2^65:0
    """,
    "it must be from -2^31 to 2^31": """
        int8:0.1:2147483649 int8:0.1:-2147483649 int8:0.1:99999999999999999999
    """,
    BITS: """
        int0:0.1:0 int65:0.1:0 int999999999:0.1:0 int99999999999:0.1:0 SQ0.0 SQ-4.4 SQ65.0 SQ0.65 SQ40.40 SQ4.-12
        UQ0.0 UQ-1.1 fixed<0,0> fixed<0,4> ap_fixed<65,4> ap_int<0> ap_int<65> ac_fixed<0,4,true> ac_int<65> sfix0
        sfix65 sfix0_En4 quantized_bits(0,0) quantized_bits(65,0) quantized_relu(0,0)
    """,
    FAR: """
        SQ-70.71 SQ100.-90 fixed<16,100> ap_fixed<16,-100> ac_fixed<8,90,false> sfix16_En200 ufix8_E99
        quantized_bits(8,100)
    """,
    "is ambiguous: write ": """
        Q4.12 Q0.15 Q8.0 Q1.0 Q0.1 Q0.0 Q0.63 Q0.64 Q63.0 Q64.0
    """,
    "has more than 64 bits; write one such as SQ4.12": """
        Q65.0 Q0.65 Q40.40
    """,
}

INPUT_ONLY = {
    MODES: """
        ap_fixed<16,6,AP_RND> ap_fixed<16,6,AP_TRN,AP_SAT> fixed<16,6,RND,SAT> ac_fixed<16,6,true,AC_TRN>
        ap_ufixed<8,0,AP_RND,AP_SAT,0> ac_fixed<8,1,AC_RND>
    """,
}

OUTPUT_ONLY = {
    "for which no unit is made; choose one of RND, RND_INF, RND_CONV, TRN, TRN_ZERO": """
        ap_fixed<16,6,AP_RND_ZERO> ap_fixed<16,6,AP_RND_MIN_INF,AP_SAT> ap_fixed<16,6,AP_FOO> fixed<16,6,>
        ap_fixed<16,6,2,1> ap_fixed<16,6,AP_WRAP> ac_fixed<16,4,true,AC_RND_CONV_ODD> ac_fixed<16,4,maybe>
        ac_fixed<16,4,true,true> ac_fixed<16,4,1>
    """,
    "for which no unit is made; choose SAT or SAT_SYM, or leave it out": """
        ap_fixed<16,6,AP_RND,AP_WRAP> ap_fixed<16,6,AP_TRN,AP_WRAP> ap_fixed<16,6,AP_RND,AP_WRAP_SM>
        ap_fixed<16,6,AP_RND,AP_SAT_ZERO> ap_fixed<16,6,AP_RND,AP_FOO> ap_fixed<16,6,AP_RND,>
        ac_fixed<16,4,true,AC_RND,AC_WRAP> ap_ufixed<16,6,AP_RND,AP_WRAP,0>
    """,
    "in the place of a rounding: write ": """
        ap_fixed<16,6,AP_SAT> fixed<16,6,SAT_SYM> ap_fixed<16,6,AP_SAT,AP_RND>
    """,
    "bits that only wrapping has a use for: write ": """
        ap_fixed<16,6,AP_RND,AP_SAT,3> ap_fixed<16,6,AP_RND,AP_SAT,0,0>
    """,
}


WITH_BLANKS = {UNKNOWN: ["", " ", "SQ 4:12", "SQ\uff14.12", "fixed 16,6>"], AFFINE: ["int8 0.1 0"]}


def rows(*tables):
    """Return each text, of those that blanks separate, with its sentence."""
    return [(text, sentence) for table in tables for sentence, texts in table.items() for text in texts.split()]


OTHERS = [(text, sentence) for sentence, texts in WITH_BLANKS.items() for text in texts]


def message_of(run, *line):
    code, out, err = run("emit", "tanh", "--out", "nowhere", *line)
    assert (code, out) == (2, "")
    last = err.splitlines()[-1]
    assert last.startswith("Error: ")
    return last.removeprefix("Error: ")


def check(message, argument, sentence):
    check_sentence(message, sentence)
    assert message.startswith(f"{argument} format ")
    hinted_formats(message)


@pytest.mark.parametrize(("text", "sentence"), [*rows(EVERYWHERE, INPUT_ONLY), *OTHERS])
def test_as_input(text, sentence, run):
    message = message_of(run, "-i", text, "-o", "SQ1.7")
    check(message, "input", sentence)
    for argument, call in (
        ("input", lambda: rounded("tanh", text, "SQ1.7")),
        ("source", lambda: requantize([0], text, "SQ1.7")),
        ("target", lambda: requantize([0], "SQ1.7", text)),
    ):
        with pytest.raises(ValueError) as raised:
            call()
        assert str(raised.value) == message.replace("input", argument, 1)


@pytest.mark.parametrize(("text", "sentence"), [*rows(EVERYWHERE, OUTPUT_ONLY), *OTHERS])
def test_as_output(text, sentence, run):
    check(message_of(run, "-i", "SQ4.4", "-o", text), "output", sentence)


@pytest.mark.parametrize(("text", "sentence"), rows(OUTPUT_ONLY))
def test_modes_that_are_proposed_are_read(text, sentence):
    """Those after "write" as they stand, and each that may be chosen in the place of the one that is refused."""
    with pytest.raises(ValueError) as raised:
        split_modes(text)
    _, writes, proposed = str(raised.value).partition("write ")
    if writes:
        assert split_modes(proposed)[1].rounding
    rounding, found, _ = sentence.partition("choose one of ")
    for mode in sentence.removeprefix(rounding + found).split(", ") if found else []:
        assert split_modes(f"ap_fixed<16,6,AP_{mode}>")[1].rounding


@pytest.mark.parametrize(
    ("given", "message"),
    [
        *(
            (each, "format must be text such as 'SQ4.12', or (True, 4, 12), not ")
            for each in (3, 0.5, True, b"SQ4.4", [1])
        ),
        *(
            (each, "format must be text such as 'SQ4.12', or (True, 4, 12), not ")
            for each in ({}, object, (True, 4), ())
        ),
        ((True, 4, 4, 4), "format must be text such as 'SQ4.12', or (True, 4, 12), not "),
        ((1, 4, 4), "signed must be True or False, not 1"),
        (("int8", 0.1, 3), "signed must be True or False, not 'int8'"),
        ((True, 4.0, 4), "integer_bits must be an integer, not 4.0"),
        ((True, "4", 4), "integer_bits must be an integer, not '4'"),
        ((True, 4, None), "fraction_bits must be an integer, not None"),
        ((True, True, 4), "integer_bits must be an integer, not True"),
    ],
)
def test_other_kinds(given, message):
    for argument, call in (
        ("input", lambda: rounded("tanh", given, "SQ1.7")),
        ("output", lambda: rounded("tanh", "SQ4.4", given)),
        ("source", lambda: requantize([0], given, "SQ1.7")),
    ):
        with pytest.raises(TypeError) as raised:
            call()
        check_sentence(str(raised.value), message)
        assert str(raised.value).startswith(argument)


@pytest.mark.parametrize("given", [(True, 4, 80), (True, 0, 0), (False, -1, 1), (True, -70, 80)])
def test_tuples_of_other_values(given):
    with pytest.raises(ValueError) as raised:
        rounded("tanh", given, "SQ1.7")
    check_sentence(str(raised.value), "input format ", "are possible")
