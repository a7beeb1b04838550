from dataclasses import replace

from made_sweeps import make_point, make_sweep

from softgate.explore.report.jobs import Job, job_of
from softgate.explore.sweep.store import open_store
from softgate.functions import from_thresholds


def jobs(folder, *points, absolute=False):
    found = [(point, (40 + place, 100.0)) for place, point in enumerate(points)]
    with open_store(make_sweep(folder, found)) as store:
        return [job_of(row, absolute=absolute) for row in store.rows()]


def test_how_a_unit_does_its_job_is_its_own_affair(tmp_path):
    points = [make_point(degree=1, segments=4), make_point(max_error="1ulp", frequency=50.0)]
    assert jobs(tmp_path, *points) == [Job("tanh", "ecp5", "stream", "SQ3.2 to SQ1.4")] * 2


def test_what_sets_jobs_apart(tmp_path):
    points = [
        make_point(degree=1, segments=4),
        make_point("logistic", ("SQ3.2", "UQ0.4"), degree=1, segments=4),
        make_point(degree=1, segments=4, target="xc7"),
        make_point(degree=1, segments=4, interface="comb"),
        make_point(formats=("SQ3.3", "SQ1.4"), degree=1, segments=4),
        make_point(formats=("SQ3.2", "SQ1.5"), degree=1, segments=4),
        replace(make_point(degree=1, segments=4), options={"with_derivative": "UQ1.4"}),
    ]
    assert len(set(jobs(tmp_path, *points))) == len(points)


def test_variants_are_functions_of_their_own(tmp_path):
    points = [make_point("hard_logistic", ("SQ3.2", "UQ0.4"), variant=name) for name in ("taylor", "keras3")]
    assert [job.function for job in jobs(tmp_path, *points)] == [
        "hard_logistic(variant=taylor)",
        "hard_logistic(variant=keras3)",
    ]


def test_arrays_are_functions_of_their_own_by_their_hash(tmp_path):
    packed = [from_thresholds(values).as_dict()["values"] for values in ([0.5, 2.0], [0.5, 3.0])]
    points = [make_point("thresholds", ("SQ3.2", "UQ2.0"), values=each) for each in packed]
    names = [job.function for job in jobs(tmp_path, *points)]
    assert names[0] != names[1]
    assert all(name.startswith("thresholds(values=(2 values, sha256 ") for name in names)


def test_absolute_errors_compare_across_output_formats_alone(tmp_path):
    formats = [("SQ3.2", "SQ1.4"), ("SQ3.2", "SQ1.5"), ("SQ3.3", "SQ1.5")]
    found = jobs(tmp_path, *(make_point(formats=pair, degree=1, segments=4) for pair in formats), absolute=True)
    assert [job.formats for job in found] == ["SQ3.2", "SQ3.2", "SQ3.3"]
    assert found[0] == found[1]
