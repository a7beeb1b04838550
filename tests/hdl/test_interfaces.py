import pytest

from softgate.hdl.interfaces import INTERFACES, Field, Port, check_interface, interface_ports, ports
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op

parse = FixedFormat.parse
X, Y = {"x": parse("SQ4.4")}, {"y": parse("UQ0.12")}


def negation(*, x="x", y="y", step="negated"):
    b = PlanBuilder()
    zero = b.let("zero", op.Constant(0))
    return b.build(**{y: (b.let(step, op.Subtract(zero, b.input(x, parse("SQ4.0")))), parse("SQ5.0"))})


@pytest.mark.parametrize(
    ("interface", "names", "roles"),
    [
        ("comb", "x y", "data data"),
        ("pipeline", "clk en x y", "clock enable data data"),
        (
            "stream",
            "clk rst x x_valid x_ready y y_valid y_ready",
            "clock reset data valid ready data valid ready",
        ),
        (
            "axis",
            "aclk aresetn s_axis_tdata s_axis_tvalid s_axis_tready m_axis_tdata m_axis_tvalid m_axis_tready",
            "clock reset data valid ready data valid ready",
        ),
    ],
)
def test_ports_and_their_roles(interface, names, roles):
    listed = interface_ports(interface, X, Y)
    assert [port.name for port in listed] == names.split()
    assert [port.role for port in listed] == roles.split()


@pytest.mark.parametrize(
    ("interface", "protocol"), [("comb", "comb"), ("pipeline", "pipeline"), ("stream", "stream"), ("axis", "stream")]
)
def test_protocols(interface, protocol):
    assert interface_ports(interface, X, Y).protocol == protocol


def test_every_interface_is_described():
    assert list(INTERFACES) == ["comb", "pipeline", "stream", "axis"]
    assert all(INTERFACES.values())


@pytest.mark.parametrize(
    ("text", "width", "padding"),
    [("SQ1.0", 8, 7), ("SQ4.4", 8, 0), ("UQ0.9", 16, 7), ("SQ4.12", 16, 0), ("UQ1.16", 24, 7), ("SQ4.60", 64, 0)],
)
def test_axis_data_are_whole_bytes(text, width, padding):
    fmt = parse(text)
    listed = interface_ports("axis", {"x": fmt}, {"y": fmt})
    for direction, name in (("input", "s_axis_tdata"), ("output", "m_axis_tdata")):
        side = name[:6]
        whole = Port(name, direction, "data", width, fmt.signed, padding, member=(side, "tdata"))
        assert [port for port in listed if port.role == "data" and port.direction == direction] == [whole]
        assert listed.data(direction) == (Field(name, name, 0, width, fmt.signed, padding),)


def test_ports_are_found_by_role():
    listed = interface_ports("axis", X, Y, tlast=True)
    assert listed.of("clock").name == "aclk"
    assert listed.of("reset").active_low
    assert not interface_ports("stream", X, Y).of("reset").active_low
    assert listed.of("valid", "input").name == "s_axis_tvalid"
    assert listed.of("valid", "output").name == "m_axis_tvalid"
    assert listed.of("ready", "input").name == "m_axis_tready"
    assert [port.name for port in listed.inputs] == ["s_axis_tdata", "s_axis_tlast"]
    assert [port.name for port in listed.outputs] == ["m_axis_tdata", "m_axis_tlast"]
    assert listed.has("last")
    assert not interface_ports("axis", X, Y).has("last")


def test_several_data_ports_keep_their_order():
    listed = interface_ports("pipeline", {"b": parse("SQ4.0"), "a": parse("UQ2.0")}, Y)
    assert [port.name for port in listed.inputs] == [port.name for port in listed.data("input")] == ["b", "a"]


SEVERAL = {"x": parse("SQ4.4"), "slope": parse("SQ1.6")}, {"y": parse("UQ0.12"), "dy": parse("SQ1.4")}


def test_a_stream_of_several_has_a_port_for_each():
    listed = interface_ports("stream", *SEVERAL)
    names = "clk rst x slope x_valid x_ready y dy y_valid y_ready"
    assert [port.name for port in listed] == names.split()
    assert [port.member for port in listed if port.direction == "input" and port.role == "data"] == [
        ("x", "payload", "x"),
        ("x", "payload", "slope"),
    ]
    assert [field.label for field in listed.fields("output")] == ["y", "dy"]
    assert listed.output_names == "y or dy"


def test_fields_of_an_axi_stream_are_whole_bytes_lowest_first():
    listed = interface_ports("axis", *SEVERAL, tlast=True)
    assert [(port.name, port.width) for port in listed.inputs] == [("s_axis_tdata", 16), ("s_axis_tlast", 1)]
    assert listed.data("input") == (
        Field("x", "s_axis_tdata", 0, 8, True, 0),
        Field("slope", "s_axis_tdata", 8, 8, True, 1),
    )
    assert listed.data("output") == (
        Field("y", "m_axis_tdata", 0, 16, False, 4),
        Field("dy", "m_axis_tdata", 16, 8, True, 3),
    )
    assert [field.name for field in listed.fields("output")] == ["y", "dy", "m_axis_tlast"]
    assert [field.label for field in listed.fields("output")] == [
        "y in m_axis_tdata",
        "dy in m_axis_tdata",
        "m_axis_tlast",
    ]
    assert listed.output_names == "m_axis_tdata"


@pytest.mark.parametrize("name", ["x_valid", "x_ready", "rst"])
def test_fields_are_not_called_as_the_handshake(name):
    b = PlanBuilder()
    plan = b.build(y=(b.let("s", op.Add(b.input("x", parse("SQ4.0")), b.input(name, parse("SQ4.0")))), parse("SQ5.0")))
    with pytest.raises(ValueError, match=f"the plan has a step '{name}', which is a port of interface stream; rename"):
        check_interface("stream", plan)
    assert check_interface("axis", plan) == "axis"


def test_a_port_in_the_manifest():
    port = ports(negation(), "axis")[2]
    assert port.as_dict() == {"name": "s_axis_tdata", "direction": "input", "width": 8}


@pytest.mark.parametrize("interface", ["comb", "pipeline", "stream"])
def test_tlast_is_for_axis(interface):
    with pytest.raises(ValueError, match=f"tlast belongs to interface axis; interface {interface} has none"):
        ports(negation(), interface, tlast=True)


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        ({"step": "s_axis_tdata"}, "s_axis_tdata"),
        ({"x": "s_axis_tdata"}, "s_axis_tdata"),
        ({"y": "m_axis_tvalid"}, "m_axis_tvalid"),
        ({"step": "aresetn"}, "aresetn"),
        ({"step": "m_axis_tlast"}, "m_axis_tlast"),
    ],
)
def test_names_of_ports_are_taken(names, taken):
    plan = negation(**names)
    with pytest.raises(ValueError, match=f"the plan has a step '{taken}', which is a port of interface axis; rename"):
        check_interface("axis", plan)
    assert check_interface("stream", plan) == "stream"
