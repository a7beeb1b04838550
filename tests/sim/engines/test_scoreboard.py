import pytest

from softgate.hdl.composites.ports import vector_ports
from softgate.hdl.interfaces import interface_ports
from softgate.plan import FixedFormat
from softgate.sim.engines.scoreboard import scoreboard, word_text

FORMAT = {"x": FixedFormat.parse("SQ4.0")}, {"y": FixedFormat.parse("SQ4.0")}
STREAM = interface_ports("stream", *FORMAT)
TRANSFERS = [((word,), [(15 - word,)]) for word in range(8)]


def play(rows, ports=STREAM, latency=2, **options):
    """Return what a scoreboard says of rows: wishes, and the words of the outputs in that clock."""
    board = scoreboard(ports, latency, TRANSFERS, **options)
    said = []
    for wishes, *words in rows:
        board.drive(wishes)
        outputs = [port.name for port in ports if port.direction == "output"]
        said.append(board.judge(dict(zip(outputs, words, strict=True))))
    return said


RESET, NOTHING, OFFER, STALL = (True, False, False), (False, False, True), (False, True, True), (False, False, False)


def test_what_a_stream_is_driven_with():
    board = scoreboard(STREAM, 2, TRANSFERS)
    assert board.drive(RESET) == {"x": 15, "x_valid": 0, "y_ready": 0, "rst": 1}
    board.judge({"x_ready": 0, "y": 0, "y_valid": 0})
    assert board.drive(OFFER) == {"x": 0, "x_valid": 1, "y_ready": 1, "rst": 0}
    board.judge({"x_ready": 0, "y": 0, "y_valid": 0})
    assert board.drive(STALL) == {"x": 0, "x_valid": 1, "y_ready": 0, "rst": 0}  # an offer stands
    board.judge({"x_ready": 1, "y": 0, "y_valid": 0})
    assert board.drive(STALL) == {"x": 14, "x_valid": 0, "y_ready": 0, "rst": 0}
    assert board.drive(OFFER)["x"] == 1


def test_resets_follow_their_level():
    axis = interface_ports("axis", *FORMAT)
    board = scoreboard(axis, 2, [((0,), [(0,)])])
    assert board.drive(RESET)["aresetn"] == 0
    assert board.drive(NOTHING)["aresetn"] == 1


def test_a_sound_stream():
    # Wishes, x_ready, y, y_valid.
    rows = [(RESET, 1, 0, 0), (OFFER, 1, 0, 0), (OFFER, 1, 0, 0), (STALL, 0, 15, 1), (NOTHING, 1, 15, 1)]
    assert play([*rows, (NOTHING, 1, 14, 1), (NOTHING, 1, 3, 0)]) == [
        ("reset", ""),
        ("takes 1", ""),
        ("takes 2", ""),
        ("", ""),
        ("gives 1", ""),
        ("gives 2", ""),
        ("", ""),
    ]


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([(NOTHING, 1, 0, 1)], "y_valid is high, though there is nothing to answer"),
        ([(OFFER, 1, 0, 0), (RESET, 1, 0, 0), (NOTHING, 1, 15, 1)], "y_valid is high, though there is nothing"),
        ([(OFFER, 1, 0, 0), (NOTHING, 1, 0, 0), (NOTHING, 1, 0, 0)], "y_valid is low, though transfer 1 is due"),
        ([(OFFER, 1, 0, 0), (STALL, 0, 15, 1), (STALL, 0, 15, 0)], "y_valid falls while it waits for y_ready"),
        ([(OFFER, 1, 0, 0), (STALL, 0, 15, 1), (STALL, 0, 14, 1)], "y changes while it waits for y_ready"),
        ([(OFFER, 1, 0, 0), (NOTHING, 1, 7, 1)], "y is 7 for transfer 1, and should be -1"),
        ([(OFFER, 1, 0, 0), (OFFER, 1, 0, 0), (NOTHING, 1, 14, 1)], "y is -2 for transfer 1, the answer to 2, and"),
    ],
)
def test_faults_of_a_stream(rows, complaint):
    *before, last = play(rows)
    assert [said for _, said in before] == [""] * len(before)
    assert last[1].startswith(complaint)


def test_the_latency_counts_if_asked():
    rows = [(OFFER, 1, 0, 0), (NOTHING, 1, 15, 1)]
    assert play(rows)[-1] == ("gives 1", "")
    assert play(rows, timed=True)[-1][1] == "transfer 1 comes out after 1 clocks, not 2"


def test_a_stream_without_registers_answers_at_once():
    rows = [(RESET, 0, 0, 0), ((False, True, False), 0, 15, 1), (OFFER, 1, 15, 1), (OFFER, 1, 14, 1)]
    assert play(rows, latency=0)[1:] == [("", ""), ("takes 1, gives 1", ""), ("takes 2, gives 2", "")]


def test_a_pipeline():
    ports = interface_ports("pipeline", *FORMAT)
    on, off = (True,), (False,)
    assert play([(on, 0), (off, 15), (on, 15), (on, 14)], ports, 1) == [
        ("takes 1", ""),
        ("", ""),
        ("takes 2", ""),
        ("takes 3", ""),
    ]
    assert play([(on, 0), (off, 15), (off, 14)], ports, 1)[-1] == ("", "y changes while it waits for en")
    assert play([(on, 0), (on, 3)], ports, 1)[-1][1] == "y is 3 for transfer 1, and should be -1"
    assert play([(off, 3), (on, 15)], ports, 0) == [("", ""), ("takes 1", "")]
    board = scoreboard(ports, 1, TRANSFERS)
    assert board.drive(on) == {"x": 0, "en": 1}
    assert board.drive(off) == {"x": 15, "en": 0}


def test_codes_of_words():
    axis = interface_ports("axis", *FORMAT)
    source, target = axis.inputs[0], axis.outputs[0]
    assert word_text(source, 0b0110_1111) == "-1"  # four bits of padding
    assert word_text(target, 0b1111_1111) == "-1"
    assert word_text(target, 0b0000_1111) == "15"


# A vector of two elements, and one of one.
VECTORS = [((1, 0), []), ((2, 1), [(14, 0), (13, 1)]), ((3, 1), [(12, 1)])]


def test_elements_are_due_with_their_last():
    board = scoreboard(vector_ports("stream", *FORMAT), 2, VECTORS)
    said = []
    for wishes in [RESET, OFFER, *[NOTHING] * 4, OFFER, NOTHING, NOTHING]:
        board.drive(wishes)
        said.append(board.judge({"x_ready": 1, "y": 0, "y_last": 0, "y_valid": 0})[1])
    assert said == [""] * 8 + ["y_valid is low, though transfer 1 is due"]


def test_a_reset_drops_the_rest_of_a_vector():
    board = scoreboard(vector_ports("stream", *FORMAT), 2, VECTORS)
    sent = []
    for wishes in [OFFER, RESET, OFFER, RESET, OFFER]:
        sent.append(board.drive(wishes)["x"])
        board.judge({"x_ready": 1, "y": 0, "y_last": 0, "y_valid": 0})
    assert sent[0::2] == [1, 3, 1]


def test_a_vector_has_several_answers():
    board = scoreboard(vector_ports("stream", *FORMAT), 2, VECTORS)
    said = []
    for wishes, valid, y, last in [
        (OFFER, 0, 0, 0),
        (OFFER, 0, 0, 0),
        (OFFER, 1, 14, 0),
        (OFFER, 1, 13, 1),
        (NOTHING, 1, 12, 1),
        (OFFER, 0, 0, 0),
        (NOTHING, 1, 14, 0),
    ]:
        board.drive(wishes)
        said.append(board.judge({"x_ready": 1, "y": y, "y_last": last, "y_valid": valid}))
    notes = ["takes 1", "takes 2", "takes 3, gives 1", "takes 4, gives 2", "gives 3", "takes 5", "gives 4"]
    assert [note for note, _ in said] == notes
    assert [complaint for _, complaint in said] == [""] * 7


def test_an_answer_before_the_end_of_its_vector():
    board = scoreboard(vector_ports("stream", *FORMAT), 2, VECTORS)
    board.drive(OFFER)
    board.judge({"x_ready": 1, "y": 0, "y_last": 0, "y_valid": 0})
    board.drive(NOTHING)
    seen = {"x_ready": 1, "y": 14, "y_last": 0, "y_valid": 1}
    assert board.judge(seen)[1] == "y_valid is high, though there is nothing to answer"


def test_the_first_transfer_follows_a_reset():
    board = scoreboard(STREAM, 2, TRANSFERS, restarts=True)
    sent = []
    for wishes in [OFFER, OFFER, RESET, OFFER]:
        sent.append(board.drive(wishes)["x"])
        board.judge({"x_ready": 1, "y": 0, "y_valid": 0})
    assert sent == [0, 1, 13, 0]
