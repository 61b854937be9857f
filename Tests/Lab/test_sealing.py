"""A closed fleet: who is in, who is not, what a stranger on the network can read and do."""
import time

from herdlab import API, BINARY, MESH, end, wait_until
from sealing import Wire, close, fleet, keys, put_on_wire, refused

MODEL = "whisperer-of-secrets"
PROMPT = "the combination of the safe is 31-7-44"


def ask(host, stream):
    """A chat with the secret prompt; the node that served it and the answer's text."""
    answer = host.ask("POST", "/api/chat", {
        "model": MODEL, "messages": [{"role": "user", "content": PROMPT}], "stream": stream})
    assert answer.status == 200 and answer.lines[-1]["done"] is True, answer
    return answer.node, "".join(line["message"]["content"] for line in answer.lines)


def closed_lab(make_lab, count, members, **engines):
    lab = make_lab(count)
    hosts = lab.hosts[:members]
    token = close(lab, hosts)
    for name, model in engines.items():
        lab[name].start_engine(model)
    for host in hosts:
        host.start_peer()
    lab.settle(hosts)
    return lab, hosts, token


def test_a_closed_fleet_lets_no_stranger_read_join_or_repeat(make_lab, figures):
    lab, members, _ = closed_lab(make_lab, 4, 3, h3=MODEL)
    h1, h2, h3, stranger = lab.hosts
    lab.settle_models(MODEL)
    for host in members:
        mesh = host.mesh()
        assert mesh["open_fleet"] is False and mesh["fleet"] == "home"
        assert all(m["tls"] for m in mesh["members"] if m["node_id"] != host.name), mesh["members"]

    # Nothing of prompt, model or answer can be read between the machines, whole or streamed.
    wires = [Wire(h1, "sealed"), Wire(h3, "sealed"), Wire(stranger, "stranger")]
    texts = {}
    for stream in (False, True):
        for host in (h1, h2):
            node, text = ask(host, stream)
            assert node == "h3"
            texts[host.name, stream] = text
    assert h1.ask("POST", "/api/show", {"model": MODEL}).node == "h3"
    time.sleep(2)  # Some probes and reports, too.
    for wire in wires:
        wire.stop()
    for secret in (PROMPT, MODEL, *(t for t in texts.values() if len(t) > 8)):
        assert not any(wire.holds(secret) for wire in wires), secret
    to_h1, from_h1 = wires[0].datagrams(h1.address), wires[1].datagrams(h3.address)
    assert len(to_h1) > 10 and len(from_h1) > 10 and {d[0] for _, d in to_h1} == {0x48}
    links = wires[0].streams(MESH)
    assert any(stream[:2] in (b"\x16\x03", b"\x17\x03") for stream in links) and not any(b"HTTP/1." in s for s in links)
    # The same capture does see what is not sealed.
    control = Wire(h1, "control")
    h1.ask("POST", "/api/chat", {"model": MODEL, "messages": [{"role": "user", "content": PROMPT}], "stream": False},
           address=h3.address, port=API)
    assert control.stop().holds(PROMPT)

    # An open peer and one with a key of its own stay alone, though they know the address; plain HTTP gets no word.
    router = h1.mesh()["router"]
    for make in (lambda: None, lambda: fleet(lab, stranger, "init", "--name", "home")):
        make()
        stranger.start_peer("--router-url", h1.url)
        wait_until("the stranger is told why", 20, lambda: "fleet" in str(stranger.mesh().get("seeds")))
        end_of_try = time.monotonic() + 3
        while time.monotonic() < end_of_try:
            assert stranger.members() == ["h4"]
            assert all(host.members() == ["h1", "h2", "h3"] for host in members)
            time.sleep(0.2)
        end(stranger.peer)
    plain = stranger.ask("GET", "/herd/v1/mesh", address=h1.address, port=MESH, timeout=10)
    assert plain.status == 0 and plain.seconds < 3, plain
    assert h1.mesh()["refused_links"]["handshake"] >= 1

    # Datagrams said again, under the old address and from another; with another fleet's tag; with a changed bit.
    before = refused(h1)
    again = [(source, payload) for source, payload in to_h1][-150:]
    other_fleet = [(source, payload[:4] + bytes(b ^ 1 for b in payload[4:8]) + payload[8:]) for source, payload in again]
    changed = [(source, payload[:-1] + bytes([payload[-1] ^ 1])) for source, payload in again]
    for reason, datagrams in (("replayed", again), ("fleet", other_fleet), ("forged", changed)):
        texts = [(source, payload.hex()) for source, payload in datagrams]
        put = put_on_wire(stranger, "replay", {"target": h1.address, "port": MESH, "datagrams": texts}).finish(60)[-1]
        wait_until(f"every datagram is counted as {reason}", 10,
                   lambda: refused(h1).get(reason, 0) - before.get(reason, 0) >= put["sent"] * 0.95)
        figures.note(f"datagrams refused as {reason}", put["sent"])
    assert all(host.members() == ["h1", "h2", "h3"] and host.mesh()["router"] == router for host in members)
    assert stranger.address not in str([m["address"] for m in h1.mesh()["members"]])


def test_a_rotation_brings_a_sleeper_up_to_date_and_a_revocation_shuts_out(make_lab, figures):
    lab, members, token = closed_lab(make_lab, 3, 3)
    h1, h2, h3 = members
    (old,) = keys(h1)
    assert keys(h2) == keys(h3) == [old]
    # The router admits the others one by one, in the first second: without them all, two of three are no majority of the roster.
    wait_until("all are on the roster", 20, lambda: all(m["in_roster"] for h in members for m in h.mesh()["members"]))
    h3.stop_by("kill")
    wait_until("h3 is out of sight", 30, lambda: all("h3" in h.members("unreachable") for h in (h1, h2)))
    wait_until("two of three are quorate", 20, lambda: all((h.mesh()["router"] or {}).get("mode") == "quorate" for h in (h1, h2)))
    began = time.monotonic()
    shown = fleet(lab, h1, "rotate")
    figures.within("a rotation of the fleet's key among those in sight", time.monotonic() - began, bar=20)
    assert "Done" in shown and "h3" in shown, shown
    (new,) = keys(h1, "active")
    assert new != old and keys(h2, "active") == [new] and keys(h1, "retiring") == [old]

    lab.run("start", "h3")
    began = time.monotonic()
    h3.start_peer()
    wait_until("h3 has the new key", 40, lambda: keys(h3, "active") == [new], pause=0.1)
    figures.within("a machine that missed a rotation has the new key", time.monotonic() - began, bar=20)
    lab.settle()

    # Shut out: the others change the key and drop those that it has.
    if h1.router() == "h3":
        end(h3.peer)
        lab.settle([h1, h2])
        h3.start_peer()
        lab.settle()
    began = time.monotonic()
    fleet(lab, h1, "revoke", "h3")
    rest = [h1, h2]
    wait_until("h3 is out", 30, lambda: all("h3" not in h.members() for h in rest), pause=0.1)
    figures.within("a machine that was shut out is out", time.monotonic() - began, bar=20)
    wait_until("only the newest key is left", 30, lambda: all(len(keys(h)) == 1 and keys(h) != [new] for h in rest))
    assert keys(h1) == keys(h2)
    wait_until("it says so itself", 30, lambda: "shut out" in str(h3.status()) or "join" in str(h3.mesh().get("key_advice")))
    assert h3.members() == ["h3"]
    # Its old token lets it in no more.
    fleet(lab, h3, "join", "-", "--force", text=token)
    time.sleep(4)
    assert h3.members() == ["h3"] and all("h3" not in h.members() for h in rest)


def test_first_contact_by_address_and_a_token_from_a_mounted_file(make_lab):
    lab = make_lab(3)
    h1, h2, h3 = lab.hosts
    secret = lab.data / "token"
    secret.write_text(close(lab, [h1]))
    fleet(lab, h3, "init", "--name", "home")
    h1.start_engine(MODEL)
    h1.start_peer("--no-mdns")
    h2.start_peer("--no-mdns", "--router-url", h1.url, "--fleet-key-file", str(secret))
    h3.start_peer("--no-mdns", "--router-url", h1.url)
    lab.settle([h1, h2])
    assert keys(h1) == keys(h2) != []
    wait_until("h2 offers the model", 30, lambda: MODEL in h2.models())
    assert ask(h2, True)[0] == "h1"
    wait_until("status names the other fleet", 20, lambda: "fleet" in str(h3.mesh().get("seeds")))
    assert h3.members() == ["h3"] and h1.members() == h2.members() == ["h1", "h2"]
    assert "(closed)" in h2.shell(f"{BINARY} status | head -1")
