import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from softgate.accuracy.specification import Specification
from softgate.functions import create_function
from softgate.hdl.scheduling.schedule import even_schedule, register_after
from softgate.methods import find_method
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.plan.drawing import draw_plan
from softgate.plan.plan import Output, Plan, Step
from softgate.sim.golden.model import golden

SVG = "{http://www.w3.org/2000/svg}"
ADVANCE = 0.62  # no common monospace font is wider, per character and font size


def method_plan(function, method, output, parameters=None, **function_parameters):
    specification = Specification(
        create_function(function, **function_parameters), FixedFormat.parse("SQ4.12"), FixedFormat.parse(output)
    )
    return next(iter(find_method(method).candidates(specification, parameters or {}))).plan


def every_operation():
    b = PlanBuilder()
    x, z = (
        b.input("x", FixedFormat.parse("SQ4.4")),
        b.input("z", FixedFormat.parse("SQ4.4"), 'the "other" <input> & so'),
    )
    shared = b.let("shared", op.Constant(3, 4))
    once = b.let("once", op.Constant(-5, 4))
    twice = b.let("twice", op.Constant(7, 4))
    folded = b.let("folded", op.Add(twice, twice))
    total = b.let("total", op.Add(b.let("shifted_x", op.Add(x, shared)), folded))
    difference = b.let("difference", op.Subtract(once, total))
    absolute = b.let("absolute", op.Absolute(difference))
    zeros = b.let("zeros", op.LeadingZeros(absolute, 12))
    moved = b.let("moved", op.ShiftBy("left", x, zeros))
    field = b.let("field", op.Bits(moved, 2, 6, 4, signed=True))
    masked = b.let("masked", op.Bitwise("and", field, z))
    index = b.let("index", op.Bits(x, 4, 2))
    entry = b.let("entry", op.Lookup(index, (3, 1, -4, 1), 4))
    less = b.let("less", op.Compare("le", masked, shared))
    either = b.let("either", op.Select(less, entry, b.let("alternative", op.Constant(1, 4))))
    square = b.let("square", op.Multiply(either, either))
    rounded = b.let("rounded", op.Round(square, 4, "half_even"))
    wide = b.let("wide", op.ShiftLeft(rounded, 3))
    narrow = b.let("narrow_again", op.Narrow(b.let("back", op.ShiftRight(wide, 3)), 0, 15, "partition 1"))
    y = b.let("limited", op.Clamp(narrow, -8, 7))
    fmt = FixedFormat.parse("SQ4.4")
    return b.build(y=(y, fmt), sign=(less, FixedFormat.parse("UQ1.0")), limit=(shared, fmt), same=(y, fmt))


PLANS = {
    "hard_tanh": method_plan("hard_tanh", "hard", "SQ1.15"),
    "hard_logistic": method_plan("hard_logistic", "hard", "UQ0.16", variant="keras3"),
    "tanh": method_plan("tanh", "taylor", "SQ1.15", {"degree": 3, "segments": 16}),
    "logistic": method_plan("logistic", "taylor", "UQ0.16", {"degree": 5, "segments": 1}),
    "many_tables": method_plan("tanh", "taylor", "SQ1.15", {"degree": 8, "segments": 4}),
    "every_operation": every_operation(),
}


def tables_first(plan):
    """A schedule with a register rank after the tables, all of which are in stage 0."""
    return register_after(plan, [step.name for step in plan.steps if isinstance(step.operation, op.Lookup)])


@cache
def drawing(name, ranks, with_values):
    """One drawing of `PLANS`; title and values of awkward lengths go with some."""
    plan = PLANS[name]
    options = {"values": golden(plan).trace(*(5 for _ in plan.inputs)), "title": "a < b"} if with_values else {}
    if ranks:
        schedule = tables_first(plan) if ranks == "tables first" else even_schedule(plan, ranks)
        options |= {"stages": schedule.stages, "latency": schedule.latency}
    return draw_plan(plan, **options)


WAYS = ((0, False), (0, True), (1, False), (6, True), ("tables first", False))

every_drawing = pytest.mark.parametrize(
    ("name", "ranks", "with_values"), [(name, *way) for name in PLANS for way in WAYS]
)


@dataclass
class Drawn:
    x: int
    y: int
    width: int
    height: int
    element: ElementTree.Element

    @property
    def right(self):
        return self.x + self.width

    @property
    def bottom(self):
        return self.y + self.height


class Picture:
    def __init__(self, text):
        self.root = ElementTree.fromstring(text)
        groups = [group for group in self.root.iter(f"{SVG}g") if "box" in group.get("class").split()]
        self.names = [group.get("data-name") for group in groups]
        self.boxes = {}
        for group in groups:
            rect = group.find(f"{SVG}rect")
            place = (int(rect.get(key)) for key in ("x", "y", "width", "height"))
            self.boxes[group.get("data-name")] = Drawn(*place, group)

    def of_class(self, name):
        return [element for element in self.root.iter() if name in (element.get("class") or "").split()]

    def title(self, element):
        return element.find(f"{SVG}title").text


def subpaths(net):
    """The pieces of a net's path, each a list of corner points; curves count as their ends."""
    for piece in net.get("d").split("M")[1:]:
        numbers = re.findall(r"[VHC]?[-\d ]+", piece)
        points = [tuple(map(int, numbers[0].split()))]
        for command in numbers[1:]:
            values = list(map(int, command[1:].split()))
            x, y = points[-1]
            points.append({"V": (x, values[0]), "H": (values[0], y), "C": tuple(values[-2:])}[command[0]])
        yield points


@every_drawing
def test_every_step_and_output_is_drawn_once(name, ranks, with_values):
    picture = Picture(drawing(name, ranks, with_values))
    plan = PLANS[name]
    assert sorted(picture.names) == sorted([s.name for s in plan.steps] + [o.name for o in plan.outputs])


@every_drawing
def test_same_plan_gives_same_text(name, ranks, with_values):
    assert drawing.__wrapped__(name, ranks, with_values) == drawing(name, ranks, with_values)


@pytest.mark.tools
def test_text_does_not_depend_on_the_process():
    """Sets of strings come in another order in every process."""
    program = (
        "import sys; from softgate.plan import Plan; from softgate.plan.drawing import draw_plan;"
        "sys.stdout.write(draw_plan(Plan.from_json(sys.stdin.read())))"
    )
    plan = every_operation()
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", program],
            input=plan.to_json(),
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert run.stdout == draw_plan(plan)


@every_drawing
def test_boxes_lie_apart_and_inside_the_picture(name, ranks, with_values):
    picture = Picture(drawing(name, ranks, with_values))
    for a, b in combinations(picture.boxes.values(), 2):
        assert a.right <= b.x or b.right <= a.x or a.bottom <= b.y or b.bottom <= a.y
    for box in picture.boxes.values():
        assert box.x >= 0 and box.right <= int(picture.root.get("width"))
        assert box.y >= 0 and box.bottom <= int(picture.root.get("height"))


@every_drawing
def test_text_fits_its_box(name, ranks, with_values):
    picture = Picture(drawing(name, ranks, with_values))
    for box in picture.boxes.values():
        for text in box.element.iter(f"{SVG}text"):
            half = len(text.text) * int(text.get("font-size")) * ADVANCE / 2
            assert box.x <= int(text.get("x")) - half and int(text.get("x")) + half <= box.right
            assert box.y < int(text.get("y")) - int(text.get("font-size")) // 2 and int(text.get("y")) < box.bottom


@every_drawing
def test_nets_connect_what_the_plan_connects(name, ranks, with_values):
    picture = Picture(drawing(name, ranks, with_values))
    expected = {(operand, step.name) for step in PLANS[name].steps for operand in step.operation.operands}
    expected |= {(output.step, output.name) for output in PLANS[name].outputs}
    drawn = {(net.get("data-from"), to) for net in picture.of_class("net") for to in net.get("data-to").split()}
    assert drawn == expected
    for net in picture.of_class("net"):
        source, pieces = picture.boxes[net.get("data-from")], list(subpaths(net))
        starts, ends = {points[0] for points in pieces}, {points[-1] for points in pieces}
        assert starts & {(source.x + source.width // 2, source.bottom), (source.x, source.y + source.height // 2)}
        for to in net.get("data-to").split():
            user = picture.boxes[to]
            assert any(user.x <= x <= user.right and user.y <= y < user.bottom for x, y in ends)


@every_drawing
def test_nets_do_not_run_through_boxes(name, ranks, with_values):
    picture = Picture(drawing(name, ranks, with_values))
    for net in picture.of_class("net"):
        for points in subpaths(net):
            for (x, y), (to_x, to_y) in pairwise(points):
                for box in picture.boxes.values():
                    beside = max(x, to_x) <= box.x or min(x, to_x) >= box.right
                    assert beside or max(y, to_y) <= box.y or min(y, to_y) >= box.bottom


@pytest.mark.parametrize("ranks", [0, 1, 3, 6, 40])
@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_ranks_and_their_registers(plan, ranks):
    schedule = even_schedule(plan, ranks)
    picture = Picture(draw_plan(plan, stages=schedule.stages, latency=schedule.latency))
    heights = [int(rank.get("d").split()[1].split("H")[0]) for rank in picture.of_class("rank")]
    assert len(heights) == ranks
    assert heights == sorted(set(heights))
    bits = [re.search(r", (\d+) bits?$", picture.title(mark)) for mark in picture.of_class("register")]
    assert sum(int(match[1]) for match in bits) == schedule.register_bits
    for step in plan.steps:
        box = picture.boxes[step.name]
        if step.name not in schedule.constants:
            assert sum(height < box.y for height in heights) == schedule.stages[step.name]
            assert sum(height < box.bottom for height in heights) == schedule.stages[step.name]


def test_boxes_tell_operation_width_and_point():
    picture = Picture(draw_plan(every_operation()))
    shown = {name: [t.text for t in box.element.iter(f"{SVG}text")] for name, box in picture.boxes.items()}
    assert shown["x"] == ["x", "SQ4.4 s8 2^-4"]
    assert shown["sign"] == ["sign", "UQ1.0"]
    assert shown["once"] == ["once = -5", "s4 2^-4"]
    assert shown["difference"] == ["−", "difference", "s9 2^-4"]  # noqa: RUF001
    assert shown["field"] == ["[7:2]", "field", "s6 2^-4"]
    assert shown["entry"] == ["table", "entry", "4 entries s3 2^-4"]
    assert shown["less"] == ["a ≤ b", "less", "u1 2^0"]
    assert shown["moved"] == ["a << b", "moved", "s20 2^-4"]
    assert shown["rounded"] == ["round >> 4", "rounded", "half even u1 2^-4"]
    assert shown["limited"] == ["clamp", "limited", "-8..7 u1 2^-4"]


def test_tooltips_hold_operation_range_and_note():
    picture = Picture(draw_plan(every_operation()))
    tooltip = picture.title(picture.boxes["z"].element)
    assert tooltip == 'z = input(format=SQ4.4)\ns8 2^-4, range [-128, 127]\nthe "other" <input> & so'


def test_pins_are_named_where_order_matters():
    picture = Picture(draw_plan(every_operation()))
    assert sorted(text.text for text in picture.of_class("pin")) == ["+", "0", "1", "a", "a", "b", "b", "sel", "−"]  # noqa: RUF001


def test_values_are_shown_as_code_and_number():
    plan = PLANS["tanh"]
    picture = Picture(draw_plan(plan, values=golden(plan).trace(5000)))
    shown = {text.text for text in picture.of_class("value")}
    assert {"5000 = 1.2207", "27521 = 0.839874", "904"} <= shown
    assert len(picture.of_class("value")) == len(plan.steps)


def test_a_constant_stands_beside_its_only_user():
    picture = Picture(draw_plan(PLANS["tanh"]))
    user, constant = picture.boxes["flipped"], picture.boxes["middle"]
    assert constant.x > user.right
    assert abs((user.y + user.bottom) - (constant.y + constant.bottom)) <= 2


def test_tables_stand_above_their_adders():
    boxes = Picture(draw_plan(PLANS["tanh"])).boxes
    assert boxes["p1_product"].bottom < boxes["c1"].y < boxes["p1_sum"].y


@every_drawing
def test_no_row_is_long(name, ranks, with_values):
    picture = Picture(drawing(name, ranks, with_values))
    beside = {net.get("data-from") for net in picture.of_class("net") if "H" in net.get("d")}
    rows = Counter(box.y + box.bottom for step, box in picture.boxes.items() if step not in beside)
    assert max(rows.values()) <= 4


def test_tables_of_one_stage_are_wrapped_into_rows():
    picture = Picture(drawing("many_tables", "tables first", False))
    assert len({picture.boxes[f"c{index}"].y for index in range(9)}) == 3
    assert int(picture.root.get("width")) < 800


def test_unread_steps_are_drawn():
    fmt = FixedFormat.parse("SQ1.3")
    steps = (Step("x", op.Input(fmt)), Step("idle", op.Constant(1)), Step("unread", op.Absolute("x")))
    picture = Picture(draw_plan(Plan(steps, (Output("y", "x", fmt),))))
    assert set(picture.boxes) == {"x", "idle", "unread", "y"}


def test_inputs_may_come_after_the_first_rank():
    fmt = FixedFormat.parse("SQ1.3")
    picture = Picture(
        draw_plan(Plan((Step("x", op.Input(fmt)),), (Output("y", "x", fmt),)), stages={"x": 1}, latency=2)
    )
    assert len(picture.of_class("rank")) == 2
    assert len(picture.of_class("register")) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"latency": 2}, "latency of 2 needs the stages"),
        ({"stages": {"x": 0}, "latency": 1}, "stages lacks step 'scaled'"),
        ({"stages": {"x": 0, "scaled": 2, "limited": 1}, "latency": 2}, "'limited' is in stage 1, outside 2 to 2"),
        ({"stages": {"x": 0, "scaled": 0, "limited": 3}, "latency": 2}, "'limited' is in stage 3, outside 0 to 2"),
        ({"values": {"x": 1}}, "values lacks the code of step 'scaled'"),
    ],
)
def test_incomplete_stages_and_values_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        draw_plan(PLANS["hard_tanh"], **options)
