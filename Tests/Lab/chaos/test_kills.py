"""A peer is killed two hundred times while it writes."""
import os

import pytest
from shard_kills import kill_often

pytestmark = pytest.mark.chaos


def test_a_killed_peers_file_opens_and_lacks_a_tenth_of_a_second_at_most(tmp_path):
    lost = sorted(kill_often(tmp_path, int(os.environ.get("HERD_KILLS", "200"))))
    print(f"\n{len(lost)} kills: the oldest lost row was {lost[-1] * 1000:.0f} ms old, the median {lost[len(lost) // 2] * 1000:.0f} ms")
    assert lost[-1] <= 0.1
