"""Digits are shifted out of one register, and later products take them with a delay."""

import re

from serial_plans import rows

from softgate.hdl.module_text import module_text
from softgate.hdl.scheduling.turns import schedule_in_turns
from softgate.hdl.targets import target


def text(interval):
    return module_text(schedule_in_turns(rows(), target("ecp5"), interval), "pipeline", "unit")


def test_digits_are_loaded_once():
    loaded = re.findall(r"digits_(\d) <= turn\[0\] \? (\w+) : (\S+);", text(3))
    assert loaded == [("2", "field2", "2'd0"), ("1", "field1", "digits_2"), ("0", "field0", "digits_1")]


def test_the_later_product_takes_them_late():
    late = re.findall(r"digits_late(\d+) <= (\w+);", text(3))
    assert late[:2] == [("1", "digits_0"), ("2", "digits_late1")]
    assert f"digits_late{len(late)}[0] ?" in text(3)


def test_in_a_shared_unit_they_are_0_in_the_turns_of_others():
    assert re.search(r"rows_0_full_digit\d+ <= .*turn.* \? digits_late\d+ : 2'd0;", text(8))
