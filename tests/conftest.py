import signal

import pytest
from hypothesis import Phase, settings

settings.register_profile("softgate", derandomize=True, deadline=None, database=None)
# For those who only want to know whether a test fails, and not at how small an example.
settings.register_profile("unshrunk", settings.get_profile("softgate"), phases=[Phase.explicit, Phase.generate])
settings.load_profile("softgate")


@pytest.fixture(autouse=True, scope="session")
def shared_cache(tmp_path_factory):
    """Let no test read or write the user's own cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTGATE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True, scope="session")
def interruptible():
    """Let Ctrl-C reach the processes of tests, even if a shell started the tests in the background and ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
