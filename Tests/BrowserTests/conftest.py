"""Three peers with demo engines, and one Chromium that looks at them."""
import pytest

import chromium
from browsing import Fleet, need
from loopback import Loopback


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    need()
    one = chromium.Chromium(tmp_path_factory.mktemp("chromium"))
    yield one
    one.stop()


@pytest.fixture
def tab(browser):
    """A fresh tab. Afterwards its console must be empty."""
    one = browser.tab()
    one.look()
    yield one
    said = list(one.console)
    one.close()
    assert not said, f"the console says: {said}"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    need()
    one = None
    try:
        one = Fleet(tmp_path_factory.mktemp("fleet"))
        yield one
    finally:
        if one:
            one.loopback.stop()


@pytest.fixture(scope="session")
def alone(tmp_path_factory):
    """A peer without an engine, to which nothing ever happens; its URL."""
    need()
    loopback = Loopback(tmp_path_factory.mktemp("alone"))
    try:
        yield loopback.peer("alone")
    finally:
        loopback.stop()
