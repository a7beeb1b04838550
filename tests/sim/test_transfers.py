import numpy as np
import pytest

from softgate.hdl.interfaces import interface_ports
from softgate.plan import FixedFormat
from softgate.sim.transfers import add_last, input_words, output_words

SIX = {"x": FixedFormat.parse("SQ6.0")}
NINE = {"y": FixedFormat.parse("SQ9.0")}
CODES = np.arange(-32, 32)


def ports(interface="axis", **options):
    return interface_ports(interface, SIX, NINE, **options)


def test_tlast_is_the_same_on_both_sides():
    sent, received = add_last(ports(tlast=True), [CODES], [2 * CODES])
    assert [column.tolist() for column in sent[:1] + received[:1]] == [CODES.tolist(), (2 * CODES).tolist()]
    assert sent[1].tolist() == received[1].tolist()
    assert set(sent[1].tolist()) == {0, 1}
    assert add_last(ports(tlast=True), [CODES], [CODES], seed=2)[0][1].tolist() != sent[1].tolist()


@pytest.mark.parametrize("interface", ["comb", "pipeline", "stream", "axis"])
def test_without_tlast_nothing_is_added(interface):
    sent, received = add_last(ports(interface), [CODES], [CODES])
    assert len(sent) == len(received) == 1


def test_inputs_have_rubbish_above_their_codes():
    words = [word for (word,) in input_words(ports(), [CODES])]
    assert [word % 64 for word in words] == [code % 64 for code in range(-32, 32)]
    assert {word >> 6 for word in words} == {0, 1, 2, 3}
    assert [word for (word,) in input_words(ports("stream"), [CODES])] == [code % 64 for code in range(-32, 32)]


def test_outputs_are_extended_by_their_sign():
    assert list(output_words(ports(), [np.array([-1, 1, -256])])) == [(0xFFFF,), (1,), (0xFF00,)]
    assert list(output_words(ports("stream"), [np.array([-1])])) == [(0x1FF,)]


def test_fields_of_a_port_are_one_word():
    ports = interface_ports(
        "axis",
        {"a": FixedFormat.parse("SQ3.4"), "c": FixedFormat.parse("UQ2.4")},
        {"total": FixedFormat.parse("SQ4.4"), "far": FixedFormat.parse("UQ3.4")},
    )
    ((word,),) = input_words(ports, [np.array([-2]), np.array([5])])
    assert (word & 0x7F, word >> 8 & 0x3F, word >> 16) == (0x7E, 5, 0)
    padding = {word & 0xC080 for (word,) in input_words(ports, [np.full(200, -2), np.full(200, 5)])}
    assert padding == {0, 0x80, 0x4000, 0x8000, 0x4080, 0x8080, 0xC000, 0xC080}
    assert list(output_words(ports, [np.array([-1]), np.array([127])])) == [(0x7FFF,)]


def test_words_of_several_ports_are_side_by_side():
    two = interface_ports("comb", SIX | {"w": FixedFormat.parse("UQ64.0")}, NINE)
    columns = [np.array([-1, 5]), np.array([2**64 - 1, 0], np.uint64)]
    assert list(input_words(two, columns)) == [(63, 2**64 - 1), (5, 0)]
