"""The whole suite: every fault of the verification plan, under 50 requests a second. `make chaos` runs it; `make test` does not."""
import os

import pytest

from chaos import crowds, cuts, daemons, ends, stalls, weather

pytestmark = pytest.mark.chaos
LONG = float(os.environ.get("HERD_CHAOS_LONG", "600"))  # seconds of the long partition


def test_power_cut_of_the_router(make_lab, figures):
    ends.power_cuts(make_lab, figures, 20)


def test_power_cut_of_the_router_of_two(make_lab, figures):
    ends.power_cuts(make_lab, figures, 3, hosts=2)


def test_kill_of_the_routers_process(make_lab, figures):
    ends.process_kills(make_lab, figures, 10)


def test_hand_over_at_sigterm(make_lab, figures):
    ends.hand_overs(make_lab, figures, 10)


@pytest.mark.parametrize("seconds", [1, 3, 10])
def test_stall_of_the_router(make_lab, figures, seconds):
    stalls.stall(make_lab, figures, seconds)


def test_router_asleep_for_a_minute(make_lab, figures):
    stalls.sleeping_router(make_lab, figures, 60)


def test_cable_of_the_router_pulled(make_lab, figures):
    cuts.unplugged(make_lab, figures, 12)


def test_cable_pulled_with_a_static_address(make_lab, figures):
    cuts.unplugged(make_lab, figures, 12, "--keep-address")


def test_short_partition(make_lab, figures):
    cuts.partition(make_lab, figures, 20)


def test_long_partition(make_lab, figures):
    cuts.partition(make_lab, figures, LONG, mdns=(True, False))


def test_one_way_cut(make_lab, figures):
    cuts.cut(make_lab, figures, 12, "--one-way")


def test_pair_that_cannot_talk(make_lab, figures):
    cuts.cut(make_lab, figures, 12)


@pytest.mark.parametrize("percent", [5, 20])
def test_loss(make_lab, figures, percent):
    weather.bad_link(make_lab, figures, 15, "--loss", f"{percent}%", "--seed", "7")


def test_delay_and_jitter(make_lab, figures):
    weather.bad_link(make_lab, figures, 15, "--delay", "50ms", "--jitter", "20ms", "--seed", "7")


@pytest.mark.parametrize("of", ["router", "other"])
def test_address_change(make_lab, figures, of):
    weather.address_changes(make_lab, figures, of == "router")


@pytest.mark.parametrize("fault", ["stop", "restart", "kill", "hang"])
def test_avahi(make_lab, figures, fault):
    daemons.avahi(make_lab, figures, fault, 12)


def test_bus_gone(make_lab, figures):
    daemons.bus(make_lab, figures, 10)


def test_name_twins(make_lab, figures):
    crowds.name_twins(make_lab, figures)


def test_reboot_under_the_same_name(make_lab, figures):
    ends.reboots(make_lab, figures, 3)


def test_restart_storm(make_lab, figures):
    ends.restart_storm(make_lab, figures, 25)


def test_full_disk_of_the_router(make_lab, figures):
    daemons.full_disk_of_the_router(make_lab, figures, 12)


def test_full_disk_of_a_target(make_lab, figures):
    daemons.full_disk_of_a_target(make_lab, figures)


def test_sixteen_hosts(make_lab, figures):
    crowds.many(make_lab, figures)
