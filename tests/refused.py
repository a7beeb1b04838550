"""Assertions about refusals: one sentence each, and hints that are accepted when they are tried."""

import re

from softgate.plan import parse_format
from softgate.plan.output_modes import split_modes

__all__ = ["check_sentence", "hinted_formats"]

_FORMAT = re.compile(
    r"(?<![\w<'])(?:[SU]Q-?\d+\.-?\d+|u?int\d+:[\w./^-]+:-?\d+|(?:ap_|ac_)?u?(?:fixed|int)<[\w,-]+>"
    r"|[su]fix\d+_En\d+|quantized_bits\([\d,]+\))"
)


def check_sentence(message, *named):
    """Hold a message to one sentence of a line, which names what is wrong."""
    assert "\n" not in message
    assert "Traceback" not in message
    assert not re.search(r"[.!?] [A-Z]", message), message
    assert not message.endswith(".")
    assert 15 < len(message) < 400, message
    for each in named:
        assert each in message, message


def hinted_formats(message):
    """Return the formats that a message proposes, each of which must be accepted as that of an output."""
    _, found, proposal = message.partition("write ")
    hinted = _FORMAT.findall(proposal if found else message.partition("such as ")[2])
    for each in hinted:
        parse_format(split_modes(each)[0])
    return hinted
