"""What happens to a machine while its peer runs: it is put to sleep, it gets another address."""
import time

from herdlab import MESH, Output, wait_until

MODEL = "common"


class Login:
    """systemd-logind's stand-in on a host."""

    def __init__(self, host):
        self.output = Output(host, "login.py")
        wait_until("the stand-in for logind", 10, lambda: self.lines("ready"))

    def lines(self, key: str) -> list[dict]:
        return [line for line in self.output.lines if key in line]

    def say(self, word: str) -> float:
        at = time.monotonic()
        self.output.process.stdin.write(word + "\n")
        return at


def test_a_machine_that_goes_to_sleep_says_so(make_lab, figures):
    lab = make_lab(3)
    h1, h2, h3 = lab.hosts
    logins = {host: Login(host) for host in lab.hosts}
    for host in lab.hosts:
        host.start_engine(MODEL)
        host.start_peer()
    router = lab[lab.settle()]
    lab.settle_models(MODEL)
    others = [host for host in lab.hosts if host is not router]
    login = logins[router]
    wait_until("the peer holds a lock", 10, lambda: login.lines("lock"))
    assert login.lines("lock")[0]["asked"][0] == "sleep" and login.lines("lock")[0]["asked"][3] == "delay"

    began = login.say("sleep")
    free = wait_until("the lock is let go", 10, lambda: login.lines("free"), pause=0.005)[0]
    figures.within("sleep held up for the goodbye", free["t"] - began, bar=0.5)
    router.ask.close()
    lab.run("pause", router.name, "--cut-link")

    def asleep(host) -> bool:
        return any(m["node_id"] == router.name and m["status"] == "unreachable" and m.get("reason") == "asleep"
                   for m in host.mesh()["members"])

    wait_until("the others know that it sleeps", 10, lambda: all(asleep(host) for host in others), pause=0.01)
    figures.within("the others know that it sleeps after", time.monotonic() - began, bar=2)
    wait_until("they have a router", 10, lambda: lab.agree(others), pause=0.01)
    figures.within("another router after the announcement", time.monotonic() - began, bar=2.5)
    for host in others:
        assert host.chat(MODEL).status == 200

    time.sleep(5)
    lab.run("resume", router.name)
    began = login.say("wake")
    wait_until("it is back", 20, lambda: lab.agree(lab.hosts), pause=0.02)
    figures.within("one fleet after the sleep", time.monotonic() - began, bar=10)
    wait_until("it holds a lock again", 10, lambda: len(login.lines("lock")) == 2)
    for login in logins.values():
        login.output.stop()


def test_a_sleep_that_is_called_off_costs_nothing(make_lab):
    lab = make_lab(2)
    h1, h2 = lab.hosts
    login = Login(h2)
    for host in lab.hosts:
        host.start_peer()
    lab.settle()
    wait_until("the peer holds a lock", 10, lambda: login.lines("lock"))
    login.say("sleep")
    wait_until("the lock is let go", 10, lambda: login.lines("free"))
    wait_until("it counts as asleep", 10, lambda: "h2" in h1.members("unreachable"))
    login.say("wake")
    lab.settle()
    assert h1.members() == ["h1", "h2"]
    login.output.stop()


def test_an_address_that_changes_is_followed(make_lab, figures):
    lab = make_lab(3)
    h1, h2, h3 = lab.hosts
    for host in lab.hosts:
        host.start_engine(MODEL, *(["rare"] if host is h3 else []))
        host.start_peer()
    lab.settle()
    lab.settle_models(MODEL, "rare")
    load = h1.load(MODEL, rate=5, seconds=25)
    time.sleep(2)
    # What a DHCP client does with a new lease. The address is outside of the lab's own.
    h3.shell("ip addr del 10.77.0.3/24 dev eth0 && ip addr add 10.77.0.203/24 dev eth0")
    began = time.monotonic()

    def followed(host) -> bool:
        return any(m["node_id"] == "h3" and m["status"] == "alive" and m["address"] == f"10.77.0.203:{MESH}"
                   for m in host.mesh()["members"])

    wait_until("the others know the new address", 30, lambda: followed(h1) and followed(h2), pause=0.02)
    figures.within("a new address is known everywhere after", time.monotonic() - began, bar=5)
    lab.settle()
    records = load.finish(90)
    failed = [r for r in records if not r["complete"]]
    # What ran over a connection of the old address has lost it; nothing that came later may fail.
    assert all(r["t"] < began for r in failed) and len(failed) <= 2, failed[:3]
    answer = h1.chat("rare")
    assert (answer.status, answer.node) == (200, "h3"), answer
