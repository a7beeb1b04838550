import gc
import shlex
import shutil
import signal
import tempfile
from pathlib import Path

import compiled_headers
import hardware
import no_programs
import pytest
import shared_candidates
import shared_programs
from hypothesis import Phase, settings

from softgate.explore.choose import verified
from softgate.sim import check
from softgate.sim.engines.compiled import compile_unit

settings.register_profile("softgate", derandomize=True, deadline=None, database=None)
# For those who only want to know whether a test fails, and not at how small an example.
settings.register_profile("unshrunk", settings.get_profile("softgate"), phases=[Phase.explicit, Phase.generate])
settings.load_profile("softgate")

no_programs.install()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Let a test that bears no mark for it start no program, nor its fixtures (decision 030)."""
    no_programs.begin(item)
    shared_candidates.begin()
    try:
        return (yield)
    finally:
        no_programs.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Fail a test whose program was refused, though the code that it tests took that for an ordinary error."""
    outcome = yield
    if names := no_programs.refused():
        pytest.fail(f"{item.nodeid} starts a program, {names[0]}: mark it with pytest.mark.tools")
    return outcome


OBJECT_CACHE = Path(__file__).with_name("object_cache.sh")

STORE = pytest.StashKey[Path]()
"""A folder for what the tests of one run build and share, whichever of its processes they are in."""


def pytest_configure(config):
    inherited = getattr(config, "workerinput", {}).get("store")
    config.stash[STORE] = Path(inherited or tempfile.mkdtemp(prefix="softgate-tests-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Give pytest-xdist's workers the folder of the process that starts them."""
    node.workerinput["store"] = str(node.config.stash[STORE])


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Keep the garbage collector from what collection makes, which stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        shutil.rmtree(config.stash[STORE], ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def unrouted():
    """Keep designs for a clock from being placed and routed; `tests/explore/choose/test_verified.py` is about that."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verified, "_can_route", lambda _: False)
        yield


@pytest.fixture(autouse=True, scope="session")
def shared_cache(request):
    """Let no test read or write the user's own cache; what one builds, the others of the same run take."""
    with pytest.MonkeyPatch.context() as patch:
        store = request.config.stash[STORE]
        patch.setenv("SOFTGATE_CACHE", str(store / "cache"))
        compiled_headers.install(store / "headers", patch)
        shared_candidates.install(patch)
        shared_programs.install(store / "programs", patch)
        # A compiler takes longer than the rest of a check; `compiled_check` has it back.
        patch.setattr(check, "compile_unit", hardware.checked)
        patch.setenv("OBJCACHE", shlex.join(["sh", str(OBJECT_CACHE), str(store / "objects")]))
        yield


@pytest.fixture
def compiled_check(monkeypatch):
    """Let the check compile units, as users have it, where most tests interpret them (decision 011)."""
    monkeypatch.setattr(check, "compile_unit", compile_unit)


@pytest.fixture(autouse=True, scope="session")
def interruptible():
    """Let Ctrl-C reach the processes of tests, even if a shell started the tests in the background and ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
