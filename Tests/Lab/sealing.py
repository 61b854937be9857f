"""Closed fleets in the lab: keys, what is on the wire, and who puts something on it."""
from __future__ import annotations

import json
import socket
import struct
import subprocess
from pathlib import Path

from herdlab import BINARY, MESH, Host, Lab, Output, wait_until


def fleet(lab: Lab, host: Host, *words: str, text: str | None = None, code: int = 0) -> str:
    """`herd-peer fleet …` on a host, for that host's peer."""
    r = subprocess.run(
        lab.command("exec", host.name, "--", str(BINARY), "fleet", *words, "--data-dir", str(lab.data / host.name)),
        input=text or "", capture_output=True, text=True, timeout=120)
    assert r.returncode == code, f"fleet {' '.join(words)} on {host.name}: {r.returncode} {r.stdout} {r.stderr}"
    return r.stdout if code == 0 else r.stderr


def close(lab: Lab, hosts: list[Host], name: str = "home") -> str:
    """One key for these hosts, made by the first; the join token."""
    fleet(lab, hosts[0], "init", "--name", name)
    token = fleet(lab, hosts[0], "token").strip()
    for host in hosts[1:]:
        fleet(lab, host, "join", "-", text=token + "\n")
    return token


def keys(host: Host, stage: str | None = None) -> list[int]:
    """The ids of this peer's keys."""
    return [k["id"] for k in host.mesh().get("keys", []) if stage in (None, k["stage"])]


def refused(host: Host) -> dict[str, int]:
    """Datagrams that this peer dropped, by reason."""
    return host.mesh().get("refused", {})


class Wire:
    """What goes over a host's link, until `stop`."""

    def __init__(self, host: Host, name: str):
        self.path = host.lab.logs.parent / f"{host.name}-{name}.frames"
        self.output = Output(host, "wire.py", "capture", str(self.path))
        wait_until(f"the wire of {host.name}", 10, lambda: self.output.lines)
        self.frames: list[bytes] = []

    def stop(self) -> Wire:
        self.output.process.stdin.close()
        self.output.finish(20)
        data = self.path.read_bytes()
        self.path.unlink()
        at = 0
        while at + 4 <= len(data):
            (size,) = struct.unpack_from(">I", data, at)
            self.frames.append(data[at + 4:at + 4 + size])
            at += 4 + size
        return self

    def holds(self, text: str) -> bool:
        """The text occurs on the wire, within a packet or over the seams of a TCP stream."""
        needle = text.encode()
        if any(needle in frame for frame in self.frames):
            return True
        return any(needle in stream for stream in self.streams())

    def ip(self, protocol: int):
        for frame in self.frames:
            if frame[12:14] == b"\x08\x00" and len(frame) >= 34 and frame[23] == protocol:
                packet = frame[14:14 + int.from_bytes(frame[16:18], "big")]
                yield packet, packet[(packet[0] & 15) * 4:]

    def tcp(self):
        """(both ends, payload) of each segment in the order of the wire."""
        for packet, segment in self.ip(6):
            payload = segment[(segment[12] >> 4) * 4:]
            if payload:
                yield packet[12:20] + segment[:4], payload

    def datagrams(self, target: str, port: int = MESH) -> list[tuple[tuple[str, int], bytes]]:
        """(source, payload) of the datagrams to a peer."""
        found = []
        for packet, udp in self.ip(17):
            source, to = struct.unpack_from(">HH", udp)
            if to == port and socket.inet_ntoa(packet[16:20]) == target:
                found.append(((socket.inet_ntoa(packet[12:16]), source), bytes(udp[8:])))
        return found

    def streams(self, port: int | None = None) -> list[bytes]:
        """Each direction of each TCP connection that was seen, of one port or of all."""
        found: dict[bytes, bytearray] = {}
        for key, payload in self.tcp():
            if port is None or struct.pack(">H", port) in (key[8:10], key[10:12]):
                found.setdefault(key, bytearray()).extend(payload)
        return [bytes(stream) for stream in found.values()]


def put_on_wire(host: Host, verb: str, options: dict) -> Output:
    """Runs `wire.py replay` or `forge` in a host."""
    path = Path(host.lab.logs.parent / f"{host.name}-{verb}.json")
    path.write_text(json.dumps(options))
    return Output(host, "wire.py", verb, str(path))
