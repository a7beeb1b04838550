import sqlite3

import pytest

from softgate.explore.sweep.grid import Grid
from softgate.explore.sweep.point import Point
from softgate.explore.sweep.recorder import Recorder
from softgate.explore.sweep.row import STATUSES
from softgate.explore.sweep.store import DATABASE, StoreError, open_store

POINT = Point("tanh", "SQ4.4", "SQ1.7", None, {"degree": "2"}, "1ulp", True, "stream", "ecp5", 150.0, (1,))


@pytest.fixture
def recorder(tmp_path):
    with Recorder(tmp_path / "out") as recorder:
        recorder.begin(Grid("[grid] # as written", (POINT,)))
        yield recorder


def test_a_store_is_read_while_it_is_written(recorder, tmp_path):
    with open_store(tmp_path / "out") as store:
        assert list(store.rows()) == []
        (row,) = store.rows(*STATUSES)
        assert (row.status, row.saturate, row.frequency, row.seeds) == ("waiting", True, 150.0, [1])
        assert store.grid == "[grid] # as written"
        recorder.failed(POINT, "no luck")
        (row,) = store.rows()
        assert (row.status, row.reason) == ("failed", "no luck")
        assert store.counts() == {"failed": 1}
        for read in (store.manifest, store.verilog):
            with pytest.raises(StoreError, match=f"point {POINT.name} has no unit: it is failed"):
                read(row)


def test_a_store_is_not_written_by_who_reads_it(recorder, tmp_path):
    with open_store(tmp_path / "out") as store, pytest.raises(sqlite3.OperationalError, match="readonly"):
        store._connection.execute("DELETE FROM points")


def test_a_finished_store_is_one_file(tmp_path):
    with Recorder(tmp_path) as recorder:
        recorder.begin(Grid("", (POINT,)))
        assert len(list(tmp_path.iterdir())) == 3
    assert [path.name for path in tmp_path.iterdir()] == [DATABASE]


def test_two_sweeps_do_not_share_a_folder(recorder, tmp_path):
    with pytest.raises(StoreError, match=r"a sweep is running in .*out'; wait for it, or choose another --out"):
        Recorder(tmp_path / "out")
    recorder.failed(POINT, "not disturbed")
    with Recorder(tmp_path / "other") as other:
        other.begin(Grid("", (POINT,)))


def test_the_folder_is_free_again_afterwards(tmp_path):
    for _ in range(2):
        with Recorder(tmp_path) as recorder:
            recorder.begin(Grid("", (POINT,)))


def test_a_folder_without_a_sweep(tmp_path):
    with pytest.raises(StoreError, match=r"there is no sweep in .*; start one with softgate sweep GRID --out"):
        open_store(tmp_path)
    (tmp_path / DATABASE).write_text("no database, but long enough to be taken for one" * 100)
    with pytest.raises(StoreError, match=r"cannot use .*sweep.sqlite': file is not a database"):
        open_store(tmp_path)
    with pytest.raises(StoreError, match=r"cannot use .*sweep.sqlite': file is not a database"):
        Recorder(tmp_path)


def test_another_layout_is_refused(tmp_path):
    Recorder(tmp_path).close()
    with sqlite3.connect(tmp_path / DATABASE) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    connection.close()
    for use in (open_store, Recorder):
        with pytest.raises(StoreError, match="has layout 99; this softgate uses layout 2"):
            use(tmp_path)


def test_a_database_of_another_program_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / DATABASE) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()
    for use in (open_store, Recorder):
        with pytest.raises(StoreError, match="no such table: meta"):
            use(tmp_path)


def test_what_cannot_be_written_is_told(recorder, tmp_path):
    recorder._connection.execute("PRAGMA query_only = 1")
    with pytest.raises(StoreError, match=r"cannot write .*sweep.sqlite': attempt to write a readonly database"):
        recorder.failed(POINT, "x")
