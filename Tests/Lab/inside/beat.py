"""Runs inside a lab host: prints time.monotonic() every 5 ms, so that the last line tells when the host stopped.

usage: beat.py SECONDS
"""
import sys
import time

end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    print(time.monotonic(), flush=True)
    time.sleep(0.005)
