"""Who watches a peer does not keep it from stopping."""
import http.client
import signal
import time
from urllib.parse import urlsplit

import pytest

from loopback import Loopback


@pytest.fixture
def loopback(tmp_path):
    one = Loopback(tmp_path)
    yield one
    one.stop()


@pytest.mark.parametrize("path", ["/dashboard/events", "/api/usage-stream"])
def test_a_peer_stops_while_somebody_watches(loopback, path):
    url = loopback.peer("watched")
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status == 200 and answer.readline().startswith(b"data: ")
    process = loopback.programs[-1].process
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert process.wait(60) == 0
    assert time.monotonic() - began < 12
    answer.read()  # The stream has an end.
