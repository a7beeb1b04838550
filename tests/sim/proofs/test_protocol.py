"""Sound units are proved; planted faults are refuted, by name and by a run; and other tools agree."""

import re
import subprocess
from functools import cache

import numpy as np
import pytest

from softgate import design
from softgate.hdl import Unit
from softgate.hdl.interfaces import ports
from softgate.hdl.manifest import Manifest, seal
from softgate.plan import FixedFormat, PlanBuilder
from softgate.sim.engines.compiled import compile_unit
from softgate.sim.engines.faults import ProtocolError
from softgate.sim.proofs.protocol import Proof, prove_manifest, prove_protocol
from softgate.support.yosys import pyosys_folder, run_yosys

pytestmark = pytest.mark.tools


@cache
def multiplying():
    """Return a unit with two multipliers: its words are few, as a proof takes longer the more there are."""
    return design("logistic", "SQ3.5", "UQ0.8", method="taylor", degree=2, segments=8)


@cache
def padded():
    """Return a unit of six bits and nine: an AXI4-Stream has padding."""
    return design("tanh", "SQ3.3", "SQ1.8", method="taylor", degree=1, segments=4)


LEMMAS = ["registers", "stall", "move", "order", "reset", "power-up"]
WITHOUT_RESET = LEMMAS[:4]


class Pair:
    """The manifest and the text of a unit, to be edited."""

    def __init__(self, folder, unit=None, **options):
        self.manifest = (unit or multiplying()).emit(folder, name="unit", **options)
        self.text = (folder / "unit.v").read_text()

    def edit(self, *edits):
        for old, new in edits:
            assert self.text.count(old) == 1, (old, self.text)
            self.text = self.text.replace(old, new)
        return self

    def prove(self):
        return prove_manifest(self.manifest, self.text)


@pytest.fixture
def stream(tmp_path):
    return Pair(tmp_path, interface="stream", stages=7)


@pytest.fixture
def axis(tmp_path):
    return Pair(tmp_path, padded(), interface="axis", tlast=True, stages=3)


def test_no_lemmas_prove_nothing():
    assert Proof(()).verdict == "unknown"


@pytest.mark.parametrize(
    ("options", "lemmas"),
    [
        ({"interface": "pipeline"}, WITHOUT_RESET),
        ({"interface": "stream"}, LEMMAS),
        ({"interface": "axis"}, LEMMAS),
        ({"interface": "axis", "tlast": True}, LEMMAS),
        ({"interface": "pipeline", "stages": 0}, WITHOUT_RESET),
        ({"interface": "stream", "stages": 0}, LEMMAS),
        ({"interface": "axis", "tlast": True, "stages": 1}, LEMMAS),
        ({"interface": "stream", "stages": 40}, LEMMAS),
    ],
    ids=str,
)
def test_sound_units_are_proved(options, lemmas, tmp_path):
    proof = Pair(tmp_path, **options).prove()
    assert proof.verdict == "proved"
    assert [fact.name for fact in proof.facts] == lemmas
    assert all(fact.proved and fact.statement and not fact.detail for fact in proof.facts)
    assert proof.counterexample is None


OTHERS = {
    "saturated": padded,
    "wide": lambda: design("logistic", "SQ4.12", "UQ0.16", method="taylor", degree=3, segments=16),
    "ramp": lambda: design("hard_tanh", "SQ3.5", "SQ1.7"),
    "best": lambda: design("logistic", "SQ4.4", "UQ0.8"),
}


@pytest.mark.parametrize("unit", OTHERS)
def test_other_units_are_proved(unit, tmp_path):
    assert Pair(tmp_path, OTHERS[unit](), interface="axis", tlast=True).prove().verdict == "proved"


def test_what_the_lemmas_say(axis):
    said = {fact.name: fact.statement for fact in axis.prove().facts}
    assert said["registers"] == "every register moves at the rising edge of aclk, and nothing else holds anything"
    assert said["stall"] == "while s_axis_tready is low, every register keeps what it holds"
    assert said["move"].startswith(
        "s_axis_tready is high whenever m_axis_tready is or m_axis_tvalid is not, and never while m_axis_tvalid waits;"
    )
    assert said["order"].startswith(
        "unless stopped, m_axis_tdata answers what came in 3 clocks before, and that alone;"
    )
    assert said["order"].endswith("; m_axis_tvalid and m_axis_tlast with it")
    assert said["reset"].startswith("after a reset, m_axis_tvalid is low")
    assert said["power-up"].startswith("at power-up, m_axis_tvalid is low")


@pytest.fixture
def few_attempts(monkeypatch):
    """Let a search for a run that does not exist give up soon."""
    monkeypatch.setattr("softgate.sim.proofs.counterexample_search._ATTEMPTS", 100)


@pytest.mark.parametrize("rank", [1, 3])
def test_a_valid_bit_that_is_unknown_at_power_up_fails(axis, rank, few_attempts):
    axis.edit((f"    initial valid_r{rank} = 0;\n", ""))
    proof = axis.prove()
    assert {fact.name: fact.detail for fact in proof.facts if not fact.proved} == {
        "power-up": f"not so: m_axis_tvalid is high {3 - rank} clocks after"
    }
    assert proof.verdict == "unknown"  # after a reset, all is well


def freed(move):
    """Return the edit that takes a register's move out of the condition of its block."""
    return f"            {move}\n", f"        end\n        {move}\n        if (advance) begin\n"


def before_advance(text):
    """Return the edit that puts text before the enable."""
    return "    wire advance = ", f"    {text}\n    wire advance = "


# The edit, the lemma that fails and why, and what the run that is found shows.
STREAM_FAULTS = {
    "a valid bit without enable": (
        [("else if (advance) valid_r3 <= valid_r2;", "else valid_r3 <= valid_r2;")],
        ("stall", "valid_r3"),
        r"y is \d+ for transfer \d+|y_valid is low, though transfer \d+ is due|y_valid is high, though",
    ),
    "a data register without enable": (
        [freed("distance_r2 <= distance_r1;")],
        ("stall", "distance_r2"),
        r"y is \d+ for transfer \d+",
    ),
    "an input that is always ready": (
        [("assign x_ready = advance;", "assign x_ready = 1'b1;")],
        ("move", "x_ready is high while y_valid waits"),
        r"y is \d+ for transfer \d+|y_valid is low, though transfer \d+ is due",
    ),
    "an output that comes only when it is asked for": (
        [("wire advance = y_ready | ~valid_r7;", "wire advance = y_ready;")],
        ("move", "x_ready is low with nothing at y_valid"),
        r"y_valid is low, though transfer \d+ is due",
    ),
    "an output that falls when it has to wait": (
        [("assign y_valid = valid_r7;", "assign y_valid = valid_r7 & y_ready;")],
        ("move", "y_valid depends on y_ready"),
        r"y_valid is low, though transfer 1 is due",
    ),
    "a transfer repeated after a stall": (
        [
            before_advance("reg was; reg [7:0] old; always @(posedge clk) was <= advance;"),
            before_advance("always @(posedge clk) if (advance) old <= signed_value_r7;"),
            ("assign y = signed_value_r7;", "assign y = was ? signed_value_r7 : old;"),
        ],
        ("stall", "was"),
        r"y changes while it waits for y_ready|y is \d+ for transfer \d+",
    ),
    "two transfers swapped in a stall": (
        [
            ("            distance_r1 <= distance;\n", ""),
            ("            distance_r2 <= distance_r1;\n", ""),
            before_advance("always @(posedge clk) distance_r1 <= advance ? distance : distance_r2;"),
            before_advance("always @(posedge clk) distance_r2 <= distance_r1;"),
        ],
        ("stall", "distance_r1"),
        r"y is \d+ for transfer \d+",
    ),
    "a reset that leaves a valid bit": (
        [("if (rst) valid_r3 <= 1'b0;", "if (rst) valid_r3 <= valid_r2;")],
        ("reset", "y_valid is high 4 clocks after"),
        r"y_valid is high, though there is nothing to answer",
    ),
    "a rank too few on one path": (
        [("$signed({{9{distance_r3[4]}}, distance_r3})", "$signed({{9{distance_r2[4]}}, distance_r2})")],
        ("order", "y depends on more than that"),
        r"y is \d+ for transfer \d+",
    ),
}  # fmt: skip

AXIS_FAULTS = {
    "tlast one rank short": (
        [("m_axis_tlast = last_r3", "m_axis_tlast = last_r2")],
        ("order", "m_axis_tlast is not s_axis_tlast, 3 clocks before"),
        r"m_axis_tlast is (\d) for transfer \d+.*, and should be (?!\1)",
    ),
    "tlast that does not wait": (
        [freed("last_r2 <= last_r1;")],
        ("stall", "last_r2"),
        r"m_axis_tlast is (\d) for transfer \d+.*, and should be (?!\1)",
    ),
    "a reset of the wrong level": (
        [("reset = ~aresetn", "reset = aresetn")],
        ("reset", "m_axis_tvalid is high"),
        r"m_axis_tvalid is low, though transfer 1 is due",
    ),
    "padding that gets in": (
        [("x = s_axis_tdata[5:0]", "x = s_axis_tdata[5:0] ^ {5'd0, s_axis_tdata[6]}")],
        ("order", "m_axis_tdata depends on more than that"),
        r"m_axis_tdata is -?\d+ for transfer \d+",
    ),
}  # fmt: skip


def check_refuted(pair, edits, lemma, complaint):
    name, reason = lemma
    proof = pair.edit(*edits).prove()
    failed = {fact.name: fact.detail for fact in proof.facts if not fact.proved}
    assert reason in failed[name], failed
    assert proof.verdict == "refuted"
    assert re.match(complaint, proof.counterexample.complaint), proof.counterexample.complaint
    table = proof.counterexample.table().splitlines()
    assert len(table) == 1 + len(proof.counterexample.moments) < 40
    assert table[1].endswith("reset")


@pytest.mark.parametrize("fault", STREAM_FAULTS)
def test_faults_of_a_stream_are_refuted(fault, stream):
    check_refuted(stream, *STREAM_FAULTS[fault])


@pytest.mark.parametrize("fault", AXIS_FAULTS)
def test_faults_of_an_axis_are_refuted(fault, axis):
    check_refuted(axis, *AXIS_FAULTS[fault])


@pytest.mark.parametrize(
    ("edits", "lemma", "complaint"),
    [
        (
            [("if (en) signed_value_r3 <= signed_value", "signed_value_r3 <= signed_value")],
            "stall",
            "y changes while it waits for en",
        ),
        (
            [("assign y = signed_value_r3", "assign y = en ? signed_value_r3 : 8'd0")],
            "move",
            "y is 0 for transfer 1, and should be",
        ),
        ([("assign y = signed_value_r3", "assign y = signed_value")], "order", "y is "),
    ],
)
def test_faults_of_a_pipeline_are_refuted(edits, lemma, complaint, tmp_path):
    proof = Pair(tmp_path, interface="pipeline", stages=3).edit(*edits).prove()
    assert lemma in [fact.name for fact in proof.facts if not fact.proved]
    assert proof.counterexample.complaint.startswith(complaint)


def test_a_wrong_latency_is_refuted(tmp_path, few_attempts):
    pair = Pair(tmp_path, padded(), interface="stream", stages=3)
    later = Manifest.load(tmp_path / "unit.json").as_dict() | {"latency": 4}
    proof = prove_manifest(Manifest.from_dict(seal(later)), pair.text)
    assert proof.verdict == "refuted"
    assert proof.counterexample.complaint == "transfer 1 comes out after 3 clocks, not 4"


@pytest.mark.parametrize(
    ("edit", "detail"),
    [
        ((") begin\n        if (rst) valid_r3", ", posedge rst) begin\n        if (rst) valid_r3"), "valid_r3 is no"),
        (("assign y = signed_value_r7;", "wire [7:0] z;\n    assign y = signed_value_r7 | z;"), "check -assert"),
        (before_advance("reg odd; always @(posedge clk) odd <= ~odd;"), None),
    ],
    ids=["asynchronous", "undriven", "not read"],
)  # fmt: skip
def test_what_is_neither_proved_nor_refuted(edit, detail, stream, few_attempts):
    proof = stream.edit(edit).prove()
    if detail is None:  # what nothing reads does not count
        assert proof.verdict == "proved"
    else:
        assert proof.verdict == "unknown"
        assert detail in proof.facts[0].detail
        assert len(proof.facts) == 1


def test_a_free_register_that_does_no_harm_is_unknown(stream, few_attempts):
    old, new = before_advance("reg [1:0] odd; always @(posedge clk) odd <= odd == 2'd2 ? 2'd0 : odd + 2'd1;")
    proof = stream.edit((old, new + "(odd == 2'd3) & y_ready | ")).prove()
    assert proof.verdict == "unknown"
    assert [fact.detail for fact in proof.facts if fact.name == "stall"] == ["not so: odd"]


def test_a_unit_without_a_clock_is_refused(tmp_path):
    pair = Pair(tmp_path, padded(), interface="comb")
    with pytest.raises(ValueError, match="a unit without a clock has no protocol to prove"):
        pair.prove()


def test_proofs_as_json(axis):
    proof = axis.edit(("m_axis_tlast = last_r3", "m_axis_tlast = last_r2")).prove()
    data = proof.as_dict()
    assert data["verdict"] == "refuted"
    assert [lemma["name"] for lemma in data["lemmas"]] == LEMMAS
    assert data["counterexample"]["complaint"] == proof.counterexample.complaint
    assert set(data["counterexample"]["clocks"][0]) == {port.name for port in axis.manifest.ports} - {"aclk"}


def mutants(text):
    """Yield texts with one thing changed in how registers move: enables, ranks, resets, conditions, ports."""
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        moved = re.match(r" +(\w+_r\d+) <= (\w+);\n", line)
        if moved and lines[number - 1].strip() != "else":
            out = f"        end\n{line}        if (advance) begin\n"
            yield "".join([*lines[:number], out, *lines[number + 1 :]])
    ranks = sorted(set(re.findall(r"\b(\w+_r)(\d+)\b", text)))
    for stem, rank in ranks:
        for other in (int(rank) - 1, int(rank) + 1):
            if (stem, str(other)) in ranks:
                for place in re.finditer(rf"(?<=[<(&|~= ]){stem}{rank}\b(?! <=)(?!;\n *reg)", text):
                    if "reg" not in text[text.rindex("\n", 0, place.start()) : place.start()]:
                        yield f"{text[: place.start()]}{stem}{other}{text[place.end() :]}"
    for old, new in [
        ("advance)", "1'b1)"),
        ("advance)", "m_axis_tready)"),
        ("if (reset)", "if (1'b0)"),
        ("<= 1'b0;", "<= 1'b1;"),
        ("m_axis_tready | ~valid", "m_axis_tready & ~valid"),
        ("m_axis_tready | ~valid", "m_axis_tready | valid"),
        ("m_axis_tready | ~valid_r2", "m_axis_tready | ~valid_r2 | ~valid_r1"),
        ("m_axis_tready | ~valid_r2", "m_axis_tready"),
        ("= advance;", "= 1'b1;"),
        ("= advance;", "= m_axis_tready;"),
        ("= advance;", "= advance & s_axis_tvalid;"),
    ]:
        for place in re.finditer(re.escape(old), text):
            yield f"{text[: place.start()]}{new}{text[place.end() :]}"


def harmless(pair, text):
    """Tell whether a unit answers under many stalls as it does without, as far as that can be seen."""
    unit = compile_unit(text, "unit", ports=pair.manifest.ports, latency=pair.manifest.latency)
    random = np.random.default_rng(1)
    columns = random.integers(-32, 32, 400), random.integers(0, 2, 400)
    try:
        still = unit.run(*columns)
        return all(
            np.array_equal(a, b)
            for seed in range(40)
            for a, b in zip(still, unit.run(*columns, stalls=seed), strict=True)
        )
    except ProtocolError:
        return False


@pytest.mark.parametrize(
    "share",
    [pytest.param(slice(None, None, 6), id="sample"), pytest.param(slice(None), marks=pytest.mark.slow, id="all")],
)
def test_no_harmful_mutant_is_proved(share, tmp_path):
    pair = Pair(tmp_path, padded(), interface="axis", tlast=True, stages=2)
    texts = list(dict.fromkeys(mutants(pair.text)))
    assert len(texts) > 25
    proved = refuted = 0
    for text in texts[share]:
        facts = prove_protocol(text, "unit", pair.manifest.ports, pair.manifest.latency)
        if all(fact.proved for fact in facts):
            assert harmless(pair, text), text
            proved += 1
        else:
            refuted += prove_manifest(pair.manifest, text).verdict == "refuted"
    # What is neither is a mutant that the lemmas are too strict for.
    assert refuted > 0.8 * (len(texts[share]) - proved)


# The classical proof, for small units: the transfer that `pick` points at is watched, and comes out in its turn.
MONITOR = """
module monitor(input clk, input rst, input [2:0] x, input x_valid, input y_ready, input pick, output fault);
  wire x_ready, y_valid;
  wire [2:0] y;
  unit u(
    .clk(clk), .rst(rst), .x(x), .x_valid(x_valid), .x_ready(x_ready), .y(y), .y_valid(y_valid), .y_ready(y_ready)
  );
  reg fresh = 1, watching = 0, done = 0, waiting = 0;
  reg [2:0] watched = 0, before = 0;
  reg [3:0] flight = 0, ahead = 0, idle = 0;
  wire taken = x_valid & x_ready & ~rst, given = y_valid & y_ready & ~rst;
  always @(posedge clk) begin
    fresh <= 0;
    waiting <= y_valid & ~y_ready & ~rst;
    before <= y;
    idle <= rst | y_valid | flight == 0 ? 0 : idle + 1;
    flight <= rst ? 0 : flight + taken - given;
    if (rst) {watching, done} <= 0;
    else if (taken & pick & ~watching & ~done) begin watching <= 1; watched <= x; ahead <= flight - given; end
    else if (watching & given) begin ahead <= ahead - 1; if (ahead == 0) {watching, done} <= 1; end
  end
  assign fault = ~rst & ~fresh & (y_valid & flight == 0 | watching & y_valid & ahead == 0 & y != watched
    | waiting & (~y_valid | y != before) | flight > STAGES | idle >= STAGES);
endmodule
"""


def model_check(text, stages, folder):
    """Return what property-directed reachability (ABC's pdr) says of the monitor around an identity of three bits."""
    (folder / "unit.v").write_text(text + MONITOR.replace("STAGES", str(stages)))
    run_yosys(
        "read_verilog unit.v\nhierarchy -check -top monitor\nproc\nflatten\nsetundef -init -zero\ndffunmap\ntechmap\n"
        "dffunmap\naigmap\nopt_clean\nwrite_aiger -zinit unit.aig",
        cwd=folder,
    )
    command = [str(pyosys_folder() / "yosys-abc"), "-c", "read_aiger unit.aig; pdr -T 120"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    return re.search(r"Property proved|was asserted in frame", said)[0] == "Property proved"


def identity(stages):
    fmt = FixedFormat.parse("UQ3.0")
    b = PlanBuilder()
    return Unit(b.build(y=(b.input("x", fmt), fmt)), interface="stream", stages=stages)


@pytest.mark.parametrize("stages", [1, 2, 3])
def test_a_model_checker_agrees(stages, tmp_path):
    unit = identity(stages)
    text = unit.verilog("unit")
    edits = {
        "advance = y_ready | ~": "advance = 1'b1 | ~",
        f"y_valid = valid_r{stages}": f"y_valid = valid_r{stages} & y_ready",
        "x_ready = advance": "x_ready = 1'b1",
        "valid_r1 <= 1'b0": "valid_r1 <= valid_r1",
        "(advance)": "(1'b1)",
        "x_r1 <= x": "x_r1 <= x_valid ? x : 3'd0",  # not what the lemmas allow, but no harm
    }
    assert proves(unit, text)
    assert model_check(text, stages, tmp_path)
    for old, new in edits.items():
        for place in re.finditer(re.escape(old), text):
            mutant = f"{text[: place.start()]}{new}{text[place.end() :]}"
            if proves(unit, mutant):
                assert model_check(mutant, stages, tmp_path), mutant
            else:
                assert "x_valid ?" in new or not model_check(mutant, stages, tmp_path), mutant


def proves(unit, text):
    listed = ports(unit.plan, "stream")
    return all(fact.proved for fact in prove_protocol(text, "unit", listed, unit.latency))
