"""Fixtures for the tests of many hosts. They skip with a clear line where no lab can run."""
from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

import herdlab
from figures import Figures

FIGURES = Figures()
OBSTACLE = None


def obstacle() -> str | None:
    """Why no lab can run here; None when one can."""
    global OBSTACLE
    if OBSTACLE is None:
        check = [sys.executable, str(herdlab.MESHLAB), "check"]
        r = subprocess.run(check, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        OBSTACLE = ""
        if r.returncode == 3:
            OBSTACLE = "no lab here: " + ((r.stderr.strip() or r.stdout.strip()).splitlines() or ["meshlab check says no"])[-1]
        elif r.returncode != 0:
            OBSTACLE = f"meshlab check failed ({r.returncode}): {r.stderr.strip()}"
        elif not herdlab.BINARY.exists():
            OBSTACLE = f"no binary at {herdlab.BINARY}: build it, or set HERD_PEER_BINARY"
    return OBSTACLE or None


@pytest.fixture
def make_lab(request, tmp_path):
    """Makes labs of N hosts; takes them down and shows the logs of a failed test."""
    if obstacle():
        pytest.skip(obstacle())
    made = []

    def make(hosts: int, *options: str) -> herdlab.Lab:
        name = f"t{os.getpid()}-{int(time.monotonic() * 1000) % 1_000_000}"
        lab = herdlab.Lab(name, hosts, tmp_path / f"lab{len(made)}", *options)
        made.append(lab)
        return lab

    yield make
    report = getattr(request.node, "report_of_call", None)
    broken = []
    for lab in made:
        if report is not None and report.failed:
            show(lab)
        lab.down()
        try:
            if herdlab.CHECKER.exists():
                lab.judge_histories()
        except AssertionError as e:
            broken.append(str(e))
    assert not broken, "\n".join(broken)


@pytest.fixture
def figures(request) -> Figures:
    """Takes measured figures; they are printed after the tests, beside their bars."""
    FIGURES.test, FIGURES.missed = request.node.name, []
    FIGURES.strict = request.node.get_closest_marker("chaos") is not None
    if FIGURES.strict:
        FIGURES.tell = lambda line: progress(request.config.pluginmanager, line)
        FIGURES.tell(f"\n{time.strftime('%H:%M:%S')} {request.node.name}")
    return FIGURES


def progress(plugins, line: str) -> None:
    """Prints a line while a test runs, past the capture."""
    with plugins.getplugin("capturemanager").global_and_fixture_disabled():
        print(line, flush=True)


def show(lab: herdlab.Lab) -> None:
    """What a failed test leaves for the reader: each host's view, and the ends of the logs."""
    for host in lab.hosts:
        try:
            print(f"--- {host.name} sees {host.mesh()}")
        except AssertionError as e:
            print(f"--- {host.name}: {e}")
    for log in sorted(lab.logs.iterdir()):
        lines = log.read_text(errors="replace").splitlines()
        keep = [line for line in lines if " debug " not in line and " trace " not in line][-40:]
        print(f"--- {log.name}, {len(lines)} lines, the last without debug lines:\n" + "\n".join(line[:400] for line in keep))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    if call.when == "call":
        item.report_of_call = outcome.get_result()


def pytest_addoption(parser):
    parser.addoption("--chaos-report", metavar="FILE", help="write the measured figures as a Markdown table")


def pytest_terminal_summary(terminalreporter):
    report = terminalreporter.config.getoption("--chaos-report")
    if report and FIGURES.rows:
        with open(report, "w") as file:
            file.write(FIGURES.markdown())
    if not herdlab.CHECKER.exists() and not OBSTACLE:
        terminalreporter.write_line(f"histories were not judged: there is no {herdlab.CHECKER}")
    if FIGURES.rows:
        terminalreporter.section("measured figures")
        for line in FIGURES.table():
            terminalreporter.write_line(line)
