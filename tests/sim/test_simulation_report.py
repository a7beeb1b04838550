from softgate.sim.simulation_report import SimulationReport, TestResult, read_results

RESULTS = """<testsuites><testsuite>
  <testcase name="latency" time="0.5"/>
  <testcase name="reset" time="0"><skipped/></testcase>
  <testcase name="gaps" time="1.25"><failure message="wrong output"/></testcase>
  <testcase name="stalls" time="2"><error>no handle x</error></testcase>
</testsuite></testsuites>"""


def report(*statuses):
    return SimulationReport("icarus", tuple(TestResult("gaps", status, "", 0.1) for status in statuses), 1, None, 0.1)


def test_a_report_passes_if_there_are_tests_and_all_passed():
    assert report("passed", "passed").passed
    assert not report("passed", "failed").passed
    assert not report().passed


def test_results_are_read_without_the_skipped(tmp_path):
    (tmp_path / "results.xml").write_text(RESULTS)
    assert list(read_results(tmp_path / "results.xml")) == [
        TestResult("latency", "passed", "", 0.5),
        TestResult("gaps", "failed", "wrong output", 1.25),
        TestResult("stalls", "failed", "no handle x", 2.0),
    ]
