import pytest

from softgate import BudgetError
from softgate.hdl.scheduling.clocked_schedule import TimingError
from softgate.scripts.synth_command import LimitError
from softgate.sim.cocotb_runner import SimulationError
from softgate.support.exceptions import SoftgateError
from softgate.support.tools import MissingToolError, ToolError


@pytest.mark.parametrize(
    ("kind", "code"),
    [(BudgetError, 1), (TimingError, 1), (LimitError, 1), (SimulationError, 1), (ToolError, 2), (MissingToolError, 2)],
)
def test_exit_codes(kind, code):
    assert issubclass(kind, SoftgateError)
    assert kind.exit_code == code
