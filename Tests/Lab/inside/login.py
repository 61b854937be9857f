"""Runs inside a lab host: a small stand-in for systemd-logind on the host's system bus.

It hands out delay locks and prints one JSON line per event: {"lock": N} when one was given, {"free": N} when it was let go.
A line on stdin, `sleep` or `wake`, is sent on as PrepareForSleep. N counts the locks.
"""
import json
import os
import select
import sys
import time

from jeepney import DBusAddress, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection

MANAGER = DBusAddress("/org/freedesktop/login1", interface="org.freedesktop.login1.Manager")


def tell(**values) -> None:
    print(json.dumps({"t": time.monotonic(), **values}), flush=True)


def main() -> None:
    bus = open_dbus_connection("SYSTEM", enable_fds=True)
    bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.login1"))
    tell(ready=True)
    locks: dict[int, int] = {}
    given = 0
    while True:
        ready, _, _ = select.select([bus.sock, sys.stdin, *locks], [], [])
        for end in [end for end in ready if end in locks]:
            tell(free=locks.pop(end))
            os.close(end)
        if sys.stdin in ready:
            line = sys.stdin.readline()
            if not line:
                return
            bus.send(new_signal(MANAGER, "PrepareForSleep", "b", (line.strip() == "sleep",)))
            tell(said=line.strip())
        if bus.sock in ready:
            message = bus.receive()
            if message.header.message_type is MessageType.method_call and "Inhibit" in message.header.fields.values():
                reading, writing = os.pipe()
                bus.send(new_method_return(message, "h", (writing,)))
                os.close(writing)
                given += 1
                locks[reading] = given
                tell(lock=given, asked=list(message.body))


main()
