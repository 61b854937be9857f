"""The short form of the chaos suite: a few faults, a few times, with the histories judged. `make chaos` runs all of it."""
from chaos import cuts, ends, stalls


def test_the_routers_process_is_killed_again_and_again(make_lab, figures):
    ends.process_kills(make_lab, figures, 2)


def test_the_router_hands_over(make_lab, figures):
    ends.hand_overs(make_lab, figures, 2)


def test_a_stalled_router_rules_no_more(make_lab, figures):
    stalls.stall(make_lab, figures, 4)


def test_a_split_heals(make_lab, figures):
    cuts.partition(make_lab, figures, 8)
