"""Runs inside a lab host: listens on its wire, and puts forged or repeated packets on it. Standard library only.

    wire.py capture FILE              frames of eth0 into FILE, each behind its length in four bytes, until stdin is closed
    wire.py replay OPTIONS            sends captured datagrams again
    wire.py forge OPTIONS             sends datagrams with a right envelope and a wrong body

OPTIONS is one JSON object. One JSON line is printed when it is ready, one at the end.
"""
import json
import os
import random
import select
import socket
import struct
import sys
import time

ALL = 0x0003


def say(**value) -> None:
    print(json.dumps(value), flush=True)


def raw() -> socket.socket:
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL))
    s.bind(("eth0", 0))
    return s


def capture(path: str) -> None:
    s = raw()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    count = 0
    with open(path, "wb") as file:
        say(ready=True)
        while True:
            readable, _, _ = select.select([s, sys.stdin], [], [])
            if sys.stdin in readable:
                break
            frame = s.recv(70_000)
            file.write(struct.pack(">I", len(frame)) + frame)
            count += 1
    say(frames=count)


def checksum(data: bytes) -> int:
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame(mac: bytes, source: tuple[str, int], target: tuple[str, int], payload: bytes) -> bytes:
    """A UDP packet as if `source` had sent it; without a UDP checksum, which IPv4 allows."""
    udp = struct.pack(">HHHH", source[1], target[1], 8 + len(payload), 0) + payload
    head = struct.pack(
        ">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), random.randrange(65536), 0, 64, 17, 0, socket.inet_aton(source[0]),
        socket.inet_aton(target[0]))
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    return mac + b"\x02\x00\x00\x00\x00\x99" + b"\x08\x00" + head + udp


def mac_of(address: str) -> bytes:
    """The hardware address of a neighbour, as the kernel learns it."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for _ in range(100):
        s.sendto(b"?", (address, 9))
        for line in open("/proc/net/arp").read().splitlines()[1:]:
            words = line.split()
            if words[0] == address and words[3] != "00:00:00:00:00:00":
                return bytes.fromhex(words[3].replace(":", ""))
        time.sleep(0.05)
    raise SystemExit(f"{address} is not on this wire")


class Sender:
    """Sends to one target, as itself or under somebody else's address."""

    def __init__(self, target: tuple[str, int]):
        self.target, self.mac = target, mac_of(target[0])
        self.own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.raw = raw()
        self.refused = 0

    def send(self, payload: bytes, source: tuple[str, int] | None) -> None:
        try:
            if source:
                self.raw.send(frame(self.mac, source, self.target, payload))
            else:
                self.own.sendto(payload, self.target)
        except OSError:
            self.refused += 1


def replay(options: dict) -> None:
    sender = Sender((options["target"], options["port"]))
    sent = 0
    for source, text in options["datagrams"]:
        payload = bytes.fromhex(text)
        sender.send(payload, tuple(source))
        sender.send(payload, None)
        sent += 2
        time.sleep(0.001)
    say(sent=sent - sender.refused)


def forge(options: dict) -> None:
    """Envelopes of real senders, and of senders that there are not; sequence numbers run on, bodies are noise."""
    sender = Sender((options["target"], options["port"]))
    envelopes = [(tuple(source), bytes.fromhex(text)) for source, text in options["envelopes"]]
    noise = os.urandom(4096)
    rate, seconds, number, refused = options["rate"], options["seconds"], 0, 0
    say(ready=True)
    began = time.monotonic()
    while (now := time.monotonic()) < began + seconds:
        while number < (now - began) * rate:
            source, envelope = envelopes[number % len(envelopes)]
            kept = envelope[:16] if number % 2 else envelope[:8] + os.urandom(8)
            at = number % 3000
            # Half of the real ones claim the generation of now and a sequence number to come.
            gen = envelope[16:20] if number % 4 < 2 else os.urandom(4)
            payload = kept + gen + struct.pack(">Q", number + (1 << 20)) + noise[at:at + random.randrange(16, 1000)]
            sender.send(payload, source if number % 2 else None)
            number += 1
        time.sleep(0.001)
    say(sent=number - sender.refused, seconds=time.monotonic() - began)


verb, argument = sys.argv[1], sys.argv[2]
if verb == "capture":
    capture(argument)
else:
    {"replay": replay, "forge": forge}[verb](json.loads(open(argument).read()))
