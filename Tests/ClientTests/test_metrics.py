"""`/metrics` as Prometheus takes it, and what the files in deploy/ make of it."""
import json
import re
import shutil
import subprocess

import pytest

from herdlab import wait_until
from loopback import TESTS, fetch

DEPLOY = TESTS.parent / "deploy"
ALERTS = DEPLOY / "prometheus/herd-alerts.yml"
NAME = re.compile(r"\b(?:herd|gen_ai_server|process)_[a-z0-9_]+")
LABELS = {"gen_ai_request_model", "gen_ai_operation_name", "gen_ai_token_type"}

needs_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool: Scripts/install-packages test")


def promtool(*words, text=None):
    return subprocess.run(["promtool", *words], input=text, text=True, capture_output=True, timeout=60)


def samples(text):
    """Name and labels of each line, and its value."""
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if not line.startswith("#")}


def families(text):
    """The names that may be queried: those of the families, and of histograms their parts."""
    names = set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            names |= {f"{name}{part}" for part in ("_bucket", "_sum", "_count")} if kind == "histogram" else {name}
    return names


@pytest.fixture(scope="module")
def page(fleet):
    """What the asked peer says after it served, the figures of the last request included."""
    near, model = fleet["near"], fleet["demo"].chat
    for stream in (True, True, False):
        assert fetch(f"{near}/api/chat", {"model": model, "stream": stream, "messages": [{"role": "user", "content": "hi"}]})[0] == 200
    assert fetch(f"{near}/api/embed", {"model": fleet["demo"].embed, "input": "x"})[0] == 200
    assert fetch(f"{near}/v1/chat/completions", {"model": 'no "such"\nmodel', "messages": [{"role": "user", "content": "hi"}]})[0] >= 400
    counts = "gen_ai_server_request_duration_seconds_count"
    wanted = [("chat", model, 3), ("embeddings", fleet["demo"].embed, 1), ("chat", "_none", 1)]

    def counted():
        text = fetch(f"{near}/metrics")[2]
        found = samples(text)

        def count(operation, name):
            keys = (f'{counts}{{gen_ai_operation_name="{operation}",gen_ai_request_model="{shown}"}}' for shown in (name, f"{name}:latest"))
            return max(found.get(key, 0) for key in keys)
        complete = all(count(operation, name) >= least for operation, name, least in wanted)
        return text if complete and found.get('herd_queue_wait_seconds_count{queue="line"}', 0) >= 5 else None
    return wait_until("the requests are counted", 60, counted)


@needs_promtool
def test_promtool_finds_no_fault(page):
    result = promtool("check", "metrics", text=page)
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


@needs_promtool
def test_promtool_would_find_one():
    """The check above can fail."""
    assert promtool("check", "metrics", text="# TYPE a_total gauge\na_total 1\n").returncode != 0


def test_requests_are_counted_by_what_they_asked(fleet, page):
    found = samples(page)

    def value(name, operation, model, more=""):
        for shown in (model, f"{model}:latest"):
            key = f'{name}{{gen_ai_operation_name="{operation}",gen_ai_request_model="{shown}"{more}}}'
            if key in found:
                return found[key]
        raise AssertionError(f"{name} {operation} {model} is not in {sorted(found)}")

    chat, embed = fleet["demo"].chat, fleet["demo"].embed
    assert value("gen_ai_server_request_duration_seconds_count", "chat", chat) >= 3
    # One of them came in one piece, and says nothing of its first token.
    whole = value("gen_ai_server_request_duration_seconds_count", "chat", chat)
    assert 2 <= value("gen_ai_server_time_to_first_token_seconds_count", "chat", chat) < whole
    assert 0 < value("gen_ai_server_time_per_output_token_seconds_sum", "chat", chat) < 60
    assert value("gen_ai_server_request_duration_seconds_count", "embeddings", embed) >= 1
    assert value("herd_tokens_total", "chat", chat, ',gen_ai_token_type="output"') > 0
    assert value("gen_ai_server_request_duration_seconds_count", "chat", "_none") >= 1
    assert not [line for line in found if "such" in line]
    assert found['herd_queue_wait_seconds_count{queue="line"}'] >= 5
    assert found['herd_requests_total{outcome="accepted"}'] >= 5
    assert found['herd_members{status="alive"}'] == 3
    assert found["herd_has_router"] == 1
    assert found["process_resident_memory_bytes"] > 1 << 20


def test_buckets_hold_all_below_them(page):
    last = {}
    for line in page.splitlines():
        match = re.fullmatch(r'(\w+_bucket)\{(.*?),?le="([^"]+)"\} (\d+)', line)
        if match:
            series, bound, count = match[1] + match[2], float(match[3]), int(match[4])
            before = last.get(series, (-1.0, 0))
            assert bound > before[0] and count >= before[1], line
            last[series] = (bound, count)
    assert last and all(bound == float("inf") for bound, _ in last.values())


@needs_promtool
def test_alerts_and_the_scrape_file_are_right(page):
    result = promtool("check", "rules", "--lint-fatal", str(ALERTS))
    assert result.returncode == 0, result.stdout + result.stderr
    result = promtool("check", "config", str(DEPLOY / "prometheus/prometheus.yml"))
    assert result.returncode == 0, result.stdout + result.stderr
    expressions = re.findall(r"expr: (?:\|\n((?: {10,}.*\n)+)|(.*))", ALERTS.read_text())
    named = {name for pair in expressions for name in NAME.findall(" ".join(pair))} - LABELS
    assert len(named) >= 12
    assert named <= families(page)


@needs_promtool
def test_alerts_fire_and_rest(tmp_path):
    """Each on figures that should set it off, and none on a fleet that is well."""
    well = {'up{job="herd",instance="a"}': "1+0x40", 'herd_ready{instance="a"}': "1+0x40", 'herd_engine_up{instance="a",engine="o",kind="ollama"}': "1+0x40",
            'herd_has_router{instance="a"}': "1+0x40", 'herd_router_quorate{instance="a"}': "1+0x40", 'herd_is_router{instance="a"}': "1+0x40",
            'herd_is_router{instance="b"}': "0+0x40", 'herd_router_epoch{instance="a"}': "7+0x40", 'herd_members{instance="a",status="unreachable"}': "0+0x40",
            'herd_requests_total{instance="a",outcome="accepted"}': "0+100x40", 'herd_requests_total{instance="a",outcome="failed"}': "0+1x40",
            'gen_ai_server_time_to_first_token_seconds_bucket{instance="a",gen_ai_request_model="m",le="1"}': "0+10x40",
            'gen_ai_server_time_to_first_token_seconds_bucket{instance="a",gen_ai_request_model="m",le="60"}': "0+10x40",
            'gen_ai_server_time_to_first_token_seconds_bucket{instance="a",gen_ai_request_model="m",le="+Inf"}': "0+10x40",
            'herd_tickets_waiting{instance="a"}': "1+0x40", 'herd_queue_wait_seconds_bucket{instance="a",queue="line",le="1"}': "0+10x40",
            'herd_queue_wait_seconds_bucket{instance="a",queue="line",le="30"}': "0+10x40",
            'herd_queue_wait_seconds_bucket{instance="a",queue="line",le="+Inf"}': "0+10x40",
            'herd_traces_dropped_total{instance="a"}': "0+0x40", 'herd_storage_writable{instance="a"}': "1+0x40",
            'herd_datagrams_refused_total{instance="a",reason="forged"}': "0+1x40"}
    ill = {"HerdPeerDown": {'up{job="herd",instance="a"}': "0+0x40"}, "HerdPeerNotReady": {'herd_ready{instance="a"}': "0+0x40"},
           "HerdEngineDown": {'herd_engine_up{instance="a",engine="o",kind="ollama"}': "0+0x40"},
           "HerdNoRouter": {'herd_has_router{instance="a"}': "0+0x40"}, "HerdNotQuorate": {'herd_router_quorate{instance="a"}': "0+0x40"},
           "HerdSeveralRouters": {'herd_is_router{instance="b"}': "1+0x40"}, "HerdRouterChanges": {'herd_router_epoch{instance="a"}': "7+1x40"},
           "HerdMemberSilent": {'herd_members{instance="a",status="unreachable"}': "2+0x40"},
           "HerdRequestsFail": {'herd_requests_total{instance="a",outcome="failed"}': "0+10x40"},
           "HerdFirstTokenSlow": {'gen_ai_server_time_to_first_token_seconds_bucket{instance="a",gen_ai_request_model="m",le="1"}': "0+0x40"},
           "HerdQueueLong": {'herd_queue_wait_seconds_bucket{instance="a",queue="line",le="1"}': "0+0x40"},
           "HerdTracesLost": {'herd_traces_dropped_total{instance="a"}': "0+1x40"},
           "HerdStorageReadOnly": {'herd_storage_writable{instance="a"}': "0+0x40"},
           "HerdIntruders": {'herd_datagrams_refused_total{instance="a",reason="forged"}': "0+50x40"}}
    alerts = set(re.findall(r"alert: (\w+)", ALERTS.read_text()))
    assert set(ill) == alerts

    def run(series):
        # One pending expectation each, that nothing fires: what does is told by the failure's text.
        test = {"rule_files": [str(ALERTS)], "evaluation_interval": "1m", "tests": [{
            "interval": "1m", "input_series": [{"series": name, "values": values} for name, values in series.items()],
            "alert_rule_test": [{"eval_time": "38m", "alertname": name, "exp_alerts": []} for name in sorted(alerts)]}]}
        path = tmp_path / "test.json"
        path.write_text(json.dumps(test))
        result = promtool("test", "rules", str(path))
        said = result.stdout + result.stderr
        return set(re.findall(r"alertname: ?(\w+)", said)) if result.returncode else set(), said

    fired, said = run(well)
    assert not fired, said
    for alert, change in ill.items():
        fired, said = run({**well, **change})
        assert fired == {alert}, said


def test_every_metric_of_the_dashboard_is_there(page):
    board = json.loads((DEPLOY / "grafana/herd-peer.json").read_text())
    expressions = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    expressions += [variable["definition"] for variable in board["templating"]["list"] if variable["type"] == "query"]
    named = {name for expression in expressions for name in NAME.findall(expression)} - LABELS
    assert len(named) >= 25
    assert named <= families(page)
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


@needs_promtool
def test_every_query_of_the_dashboard_is_well_formed(tmp_path):
    board = json.loads((DEPLOY / "grafana/herd-peer.json").read_text())
    expressions = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    rules = [{"record": f"q:{i}", "expr": e.replace("$__rate_interval", "5m").replace("$instance", ".*").replace("$model", ".*")}
             for i, e in enumerate(expressions)]
    path = tmp_path / "rules.json"
    path.write_text(json.dumps({"groups": [{"name": "q", "rules": rules}]}))
    result = promtool("check", "rules", str(path))
    assert result.returncode == 0, result.stdout + result.stderr
