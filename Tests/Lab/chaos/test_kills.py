"""A peer is killed two hundred times while it writes."""
import os

import pytest
from shard_kills import kill_often

pytestmark = pytest.mark.chaos


def test_a_killed_peers_file_opens_and_lacks_a_tenth_of_a_second_at_most(tmp_path):
    kills = kill_often(tmp_path, int(os.environ.get("HERD_KILLS", "200")))
    ages = sorted(kill.oldest * 1000 for kill in kills)
    share = sum(kill.lost for kill in kills) / sum(kill.answered for kill in kills)
    print(f"\n{len(ages)} kills: the oldest lost row was {ages[-1]:.0f} ms old, 95 of 100 at most {ages[int(len(ages) * 0.95)]:.0f} ms, "
          f"the median {ages[len(ages) // 2]:.0f} ms; {share:.2%} of {sum(kill.answered for kill in kills):,} rows lost")
    assert ages[-1] <= 100
