"""What health says of the network between hosts: cut in two, and with UDP blocked; and that it says so no more when it is mended."""
from herdlab import MESH, findings, wait_until


def test_a_network_that_blocks_udp_and_one_that_is_cut(make_lab):
    lab = make_lab(3)
    h1, h2, h3 = lab.hosts
    for host in lab.hosts:
        # The third one never rules: cut off, it has no router.
        host.start_peer(*(["--router-priority", "0"] if host is h3 else []))
    lab.settle()
    for host in lab.hosts:
        assert not any(findings(host, check) for check in ("no_router", "partition_suspected", "udp_blocked", "node_offline"))
    h2.shell("nft add table inet wall; nft add chain inet wall in '{ type filter hook input priority 0; }'; "
             + "; ".join(f"nft add rule inet wall in udp {side} {MESH} drop" for side in ("dport", "sport")))
    try:
        found = wait_until("h1 finds that UDP is blocked", 60, lambda: findings(h1, "udp_blocked"), pause=0.2)[0]
        assert found["node_id"] == "h2" and found["severity"] == "info"
        assert not findings(h1, "node_offline"), "it is still there, over TCP"
        assert h1.ask("GET", "/dashboard/api/health?refresh=1").json["shards"]["answered"] == 3
    finally:
        h2.shell("nft delete table inet wall")
    # UDP is tried again twice a minute; meanwhile something else breaks.
    lab.run("partition", "h1,h2", "h3")
    lost = wait_until("h3 suspects it", 60, lambda: findings(h3, "partition_suspected"), pause=0.2)[0]["data"]
    assert sorted(lost["unreachable"]) == ["h1", "h2"] and lost["roster"] == 3
    assert wait_until("h3 misses a router", 60, lambda: findings(h3, "no_router"), pause=0.2)[0]["severity"] == "warning"
    assert wait_until("h1 misses h3", 60, lambda: findings(h1, "node_offline"), pause=0.2)[0]["node_id"] == "h3"
    assert not findings(h1, "partition_suspected") and not findings(h1, "no_router"), "the larger side goes on"
    lab.run("heal")
    for host, check in ((h3, "no_router"), (h3, "partition_suspected"), (h1, "node_offline"), (h1, "shard_unreachable"),
                        (h1, "udp_blocked")):
        wait_until(f"{check} is over at {host.name}", 60, lambda: not findings(host, check), pause=0.2)
    lab.settle()
