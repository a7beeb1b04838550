import threading
import time
from concurrent.futures import ThreadPoolExecutor

from softgate.accuracy.ball_arithmetic import uses_ball_arithmetic


def test_calls_of_several_threads_do_not_overlap():
    inside, most = 0, 0
    together = threading.Barrier(4)

    @uses_ball_arithmetic
    def enter(number):
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.01)
        inside -= 1
        return number

    def call(number):
        together.wait()
        return enter(number)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(call, range(4))) == [0, 1, 2, 3]
    assert most == 1


def test_a_call_may_call_another():
    @uses_ball_arithmetic
    def countdown(number):
        return countdown(number - 1) if number else "done"

    assert countdown(3) == "done"
