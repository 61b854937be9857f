"""Answers in the shapes that the dashboard's routes have: what a busy fleet of three would say. For looking at every tab full of
data, without waiting a week for it."""
from __future__ import annotations

import math
import time

NOW = time.time()
HOUR, DAY = 3_600, 86_400
MODELS = [("llama3.3:70b", 42.5, "70.6B"), ("qwen3-coder:30b", 18.6, "30.5B"), ("llama3.2:3b", 2.6, "3.2B"), ("nomic-embed-text:latest", 0.4, "137M"), ("gemma3:12b", 8.9, "12.2B")]
SHARDS = {"answered": 3, "total": 3, "missing": []}


def wave(place: float, size: float) -> float:
    return size * (1.45 + math.sin(place / 3.8) + 0.35 * math.sin(place * 1.7))


def loaded(*names: str, active: int = 0) -> list[dict]:
    return [{"name": n, "size_gb": s, "requests_active": active if i == 0 else 0, "parameter_size": p, "quantization": "Q4_K_M",
             "context_length": 8192 * (1 + i), "runner": "ollama", "digest": "a" * 64} for i, (n, s, p) in enumerate(m for m in MODELS if m[0] in names)]


def node(name: str, chip: str, total: float, free: float, cpu: float, models: list[dict], **more) -> dict:
    active = more.pop("active", 0)
    return {"node_id": name, "status": "online", "is_self": False, "draining": False, "agent_version": "0.1.0",
            "hardware": {"memory_total_gb": total, "cores_physical": 12, "chip": chip, "memory_bandwidth_gbps": 400, "arch": "arm64"},
            "cpu": {"cores_physical": 12, "utilization_pct": cpu}, "memory": {"total_gb": total, "used_gb": total - free, "available_gb": free, "pressure": "normal"},
            "gpus": [], "thermal": {"state": "nominal", "temperature_c": 51, "source": "sensor"},
            "ollama": {"models_loaded": models, "models_available_count": 9, "models_available_gb": 121.4, "requests_active": active, "num_parallel": 4, "version": "0.33.0"},
            "backends": [{"id": "ollama", "kind": "ollama", "version": "0.33.0", "reachable": True, "problem": None, "slots_per_model": 4}],
            "models_loaded_count": len(models), "free_slots": 8 - active, "image_models": [], "stt_models": [], "embed_models": [], "vision_embed_models": [], "mlx_servers": []} | more


def queue(name: str, model: str, flight: int, waits: int, done: int, failed: int = 0, p75: float | None = None, **more) -> dict:
    return {"node_id": name, "model": model, "pending": waits, "in_flight": flight, "completed": done, "failed": failed, "concurrency": 4,
            "request_type": "text", "p75_latency_ms": p75, "backend": "ollama"} | more


def member(name: str, number: int, age: int, status: str = "alive", **more) -> dict:
    return {"node_id": name, "id": f"{number:016x}", "status": status, "reason": None, "address": f"10.0.0.{number}:11445", "age_ms": age,
            "source": "mdns", "tls": False, "keys": [], "lacks": [], "protocol": 1, "udp_blocked": False, "in_roster": True} | more


def picture(dead: bool = False) -> dict:
    nodes = [node("studio", "Apple M3 Ultra", 192, 98.2, 34, loaded("llama3.3:70b", "qwen3-coder:30b", active=3), is_self=True, active=3),
             node("workstation", "AMD Ryzen 9 7950X", 64, 12.1, 71, loaded("gemma3:12b", "llama3.2:3b", active=2), active=2,
                  gpus=[{"name": "NVIDIA RTX 4090", "total_gb": 24, "free_gb": 11.2, "utilization_pct": 88}], draining=not dead),
             node("attic-mini", "Apple M2", 24, 17.5, 6, loaded("nomic-embed-text:latest"))]
    members = [member("studio", 1, 0, address="10.0.0.1:11445", source=None), member("workstation", 2, 310), member("attic-mini", 3, 480)]
    if dead:
        nodes[2] |= {"status": "offline"}
        members[2] |= {"status": "unreachable", "age_ms": 252_000}
    queues = [queue("studio", "llama3.3:70b", 3, 2, 1840, 3, 8420.0), queue("studio", "qwen3-coder:30b", 0, 0, 911, 0, 3150.0, idle=True),
              queue("workstation", "gemma3:12b", 2, 0, 4210, 12, 1930.0), queue("workstation", "llama3.2:3b", 0, 0, 15021, 0, 410.0, idle=True),
              queue("attic-mini", "nomic-embed-text:latest", 0, 0, 90211, 0, 18.0, idle=True)]
    return {"nodes": nodes, "queues": {f"{q['node_id']}:{q['model']}": q for q in queues if not (dead and q["node_id"] == "attic-mini")},
            "fleet": {"nodes_total": 3, "nodes_online": 2 if dead else 3, "models_loaded": 5, "requests_active": 5},
            "mesh": {"self": "studio", "router": {"node_id": "workstation", "epoch": 12, "mode": "quorate"}, "members": members, "fleet": "home", "open_fleet": True,
                     "discovery": "announced on eth0 and wlan0", "seeds": [], "max_epoch": 12, "generation": 4, "protocol_version": 1, "keys": [], "rotating": False,
                     "revoked": [], "refused": {"malformed": 2}, "refused_links": {}},
            "access": {"keys_in_force": False, "keys": 0, "read_only_management": False},
            "warnings": ["this is an open fleet: anyone on the network who knows its name ('home') can use and join it; `herd-peer fleet init` closes it"],
            "tickets": {"waiting": 0}, "timestamp": time.time()}


def signals(**terms: float) -> dict:
    names = ["availability_trend", "context_fit", "memory_fit", "prefix_affinity", "queue_depth", "role_affinity", "session_affinity", "thermal", "wait_time"]
    return {n: terms.get(n, 0) for n in names}


def candidate(number: int, **terms: float) -> dict:
    return {"peer": f"{number:016x}" + "0" * 16, "backend": "ollama", "model": "llama3.3:70b", "own_delta": 1 if number == 1 else 0, "record_age_ms": 140 * number,
            "record_version": "4.812", "score": sum(terms.values()), "signals": signals(**terms)}


def trace(number: int, **more) -> dict:
    name, size, _ = MODELS[number % len(MODELS)]
    slow = 400 + 130 * size * (1 + number % 3)
    return {"request_id": f"9f3c{number:04x}-77aa-4c11-9d0e-0123456789ab", "attempt": 1, "model": name, "original_model": name,
            "node_id": ["studio", "workstation", "attic-mini"][number % 3], "score": 71.5, "scores_breakdown": None, "status": "completed", "latency_ms": slow,
            "time_to_first_token_ms": slow / 7, "prompt_tokens": 212 + 31 * number, "completion_tokens": 90 + 11 * number, "retry_count": 0, "fallback_used": number == 6,
            "excluded_nodes": None, "client_ip": "10.0.0.42", "original_format": ["ollama", "openai", "anthropic"][number % 3], "error_message": None,
            "timestamp": NOW - 7 * number * (1 + number / 4), "tags": ["notes", "key:laptop"], "finish_reason": "stop", "estimated_tokens": 240, "backend": "ollama",
            "role": "entry", "ticket_wait_ms": 310.0 if number == 0 else None, "router_id": f"{2:016x}" + "0" * 16, "router_epoch": 12, "rewrites": None,
            "candidates": [candidate(1, thermal=50, memory_fit=20, queue_depth=-6, wait_time=-3.1, role_affinity=15, context_fit=8, session_affinity=10),
                           candidate(2, thermal=10, memory_fit=12.4, role_affinity=5, context_fit=4, queue_depth=-12, availability_trend=6)],
            "tries": [{"node": "workstation", "peer": f"{2:016x}", "verdict": "busy", "reason": "no_slot", "milliseconds": 3.2},
                      {"node": "studio", "peer": f"{1:016x}", "verdict": "served", "reason": "", "milliseconds": slow}]} | more


FAILED = {"status": "failed", "error_message": "the engine ended its answer before the end", "completion_tokens": None, "time_to_first_token_ms": None}
TRACES = [trace(i, **(FAILED if i in (4, 11) else {})) for i in range(14)]


def trend() -> list[dict]:
    start = int(NOW // HOUR) * HOUR - 71 * HOUR
    return [{"hour_bucket": start + i * HOUR, "request_count": int(wave(i, 80)), "avg_latency_ms": 900 + wave(i + 9, 300),
             "total_prompt_tokens": int(wave(i, 24_000)), "total_completion_tokens": int(wave(i, 9_000))} for i in range(72)]


def daily() -> list[dict]:
    start = int(NOW // DAY) * DAY - 6 * DAY
    return [{"model_name": m, "day_bucket": start + d * DAY, "request_count": int(wave(d * 2 + i * 3, 900 / (i + 1))), "avg_latency_ms": 300 + s * 90 + wave(d, 80),
             "total_prompt_tokens": 120_000, "total_completion_tokens": 52_000} for d in range(7) for i, (m, s, _) in enumerate(MODELS)]


def summary() -> list[dict]:
    return [{"model_name": m, "total_requests": 9000 // (i + 1), "avg_latency_ms": 420 + s * 95, "min_latency_ms": 82.0, "max_latency_ms": 41_000.0, "total_prompt_tokens": 8_400_000 // (i + 1),
             "total_completion_tokens": 2_950_000 // (i + 1), "first_seen": NOW - 30 * DAY, "last_seen": NOW - 60 * i * i} for i, (m, s, _) in enumerate(MODELS)]


TAGS = [("notes", 5120, 3), ("key:laptop", 3310, 0), ("nightly", 1207, 88), ("coder", 902, 1), ("user:ada", 211, 0)]


def apps() -> list[dict]:
    return [{"tag": t, "request_count": n, "completed_count": n - b, "failed_count": b, "avg_latency_ms": 1840.0 + n / 4, "avg_ttft_ms": 212.0, "total_prompt_tokens": n * 410,
             "total_completion_tokens": n * 122} for t, n, b in TAGS]


def apps_daily() -> list[dict]:
    start = int(NOW // DAY) * DAY - 6 * DAY
    return [{"tag": t, "day_bucket": start + d * DAY, "request_count": int(wave(d + i, n / 12)), "avg_latency_ms": 900 + 120 * i + wave(d, 60), "total_tokens": 9000} for d in range(7) for i, (t, n, _) in enumerate(TAGS)]


def health(dead: bool) -> dict:
    checks = [{"check_id": "memory_pressure", "severity": "warning", "title": "Memory is tight on workstation", "description": "52 of 64 GB are in use and the system has begun to compress.",
               "fix": "Unload a model with `ollama stop gemma3:12b`, or let fewer be loaded at once.", "node_id": "workstation", "data": {"used_gb": 51.9, "total_gb": 64, "pressure": "warn"}},
              {"check_id": "open_fleet", "severity": "info", "title": "Anyone on the network can join", "description": "The fleet has no key.", "fix": "herd-peer fleet init makes one; herd-peer fleet join takes it to the other machines.",
               "node_id": None, "data": {}}]
    if dead:
        checks.insert(0, {"check_id": "node_offline", "severity": "critical", "title": "attic-mini does not answer", "description": "It was last heard 4 minutes ago.",
                          "fix": "Check that it is on and on the same network; herd-peer doctor on it says what it sees.", "node_id": "attic-mini", "data": {"last_heartbeat_ago_s": 252}})
    return {"vitals": {"nodes_total": 3, "nodes_online": 2 if dead else 3, "nodes_degraded": 0, "nodes_offline": int(dead), "overall_error_rate_pct": 0.42, "cold_loads_24h": 2, "avg_ttft_ms": 284.1,
                       "total_requests_24h": 12_840, "total_retries_24h": 17, "client_disconnects_24h": 41, "incomplete_streams_24h": 1, "image_generations_24h": 0, "transcriptions_24h": 0,
                       "health_score": 67 if dead else 87}, "recommendations": checks, "checked_at": time.time() - 4}


def recommendations() -> dict:
    def one(model: str, title: str, kind: str, ram: float, quality: float, reason: str, urgency: str, there: bool) -> dict:
        return {"model": model, "display_name": title, "category": kind, "ram_gb": ram, "quality_score": quality, "reason": reason, "priority": urgency, "already_available": there}
    return {"nodes": [{"node_id": "studio", "total_ram_gb": 192, "usable_ram_gb": 186, "current_models": ["llama3.3:70b", "qwen3-coder:30b"], "disk_total_gb": 2000, "disk_available_gb": 812,
                       "total_recommended_ram_gb": 68, "ram_headroom_gb": 118, "recommendations": [
                           one("llama3.3:70b", "Llama 3.3 70B", "general", 42.5, 86, "asked most often", "high", True),
                           one("qwen2.5vl:32b", "Qwen 2.5 VL 32B", "vision", 21.2, 79, "pictures are asked about and no machine can look at them", "high", False)]},
                      {"node_id": "attic-mini", "total_ram_gb": 24, "usable_ram_gb": 18, "current_models": ["nomic-embed-text:latest"], "disk_total_gb": 256, "disk_available_gb": 91,
                       "total_recommended_ram_gb": 2.6, "ram_headroom_gb": 15.4, "recommendations": [
                           one("llama3.2:3b", "Llama 3.2 3B", "fast_chat", 2.6, 58, "small talk need not wait for the large machines", "medium", False)]}],
            "usage": {"total_requests_24h": 12_840, "category_breakdown": {"general": 7210, "coding": 3120, "vision": 410}, "top_models": [], "category_coverage": {}},
            "fleet_summary": "Two of three machines have room for more: 133 GB in all.", "uncovered_categories": ["vision"], "generated_at": NOW - 60}


def management() -> dict:
    def one(i: int) -> dict:
        name, size, parameters = MODELS[i]
        return {"name": name, "display_name": name.removesuffix(":latest"), "category": ["general", "coding", "fast_chat", "embedding", "general"][i], "size_gb": size, "parameter_size": parameters, "quantization": "Q4_K_M",
                "last_used": NOW - i * 200_000, "days_unused": i * 2.3, "total_requests": 900 - 200 * i, "loaded_in_vram": i < 2, "unused": i > 3}
    return {"nodes": [{"node_id": "studio", "models": [one(0), one(1), one(4)], "total_size_gb": 70, "disk_available_gb": 812, "disk_total_gb": 2000},
                      {"node_id": "attic-mini", "models": [one(3)], "total_size_gb": 0.4, "disk_available_gb": 91, "disk_total_gb": 256}]}


def benchmark(number: int) -> dict:
    return {"run_id": f"bench-{1_750_000_000 + number}", "timestamp": NOW - (8 - number) * 3.1 * DAY, "duration_s": 120.4, "total_requests": 812 + 20 * number, "total_failures": number % 2, "total_prompt_tokens": 90_000,
            "total_completion_tokens": 48_000, "requests_per_sec": 6.7, "tokens_per_sec": 310 + 22 * number + 15 * (number % 3), "latency_p50_ms": 1480.0, "latency_p95_ms": 4920.0, "latency_p99_ms": 8110.0, "ttft_p50_ms": 212.0,
            "ttft_p95_ms": 690.0, "ttft_p99_ms": 1310.0, "fleet_snapshot": {}, "per_model_results": [{"model": MODELS[0][0], "total_requests": 120, "tokens_per_sec": 18.2, "latency_p50_ms": 8100.0, "ttft_p50_ms": 640.0}],
            "per_node_results": [{"node_id": "studio", "total_requests": 512, "tokens_per_sec": 201.3, "latency_p50_ms": 1900.0, "ttft_p50_ms": 220.0}], "peak_utilization": {"studio": {"cpu_pct": 71.2, "memory_pct": 58.0}}}


def setting(key: str, value: int, most: int, meaning: str, source: str = "configuration") -> dict:
    return {"key": key, "value": value, "source": source, "configured": 1, "least": 0, "most": most, "meaning": meaning} | ({"writer": "workstation", "epoch": 12} if source == "fleet" else {})


SETTINGS = {"router_version": "0.1.0", "router_hostname": "workstation", "config": {"telemetry": {"enabled": False}, "server": {"host": "0.0.0.0", "port": 11435, "data_dir": "/var/lib/herd-peer"}},
            "nodes": [{"node_id": n, "status": "online", "agent_version": v, "ip": f"10.0.0.{i}", "models_loaded_count": 2, "is_router": n == "workstation"} for i, (n, v) in enumerate([("studio", "0.1.0"), ("workstation", "0.1.0"), ("attic-mini", "0.0.9")], 1)],
            "settings": [setting("max_retries", 2, 2, "further tries after the first"), setting("ticket_wait", 60, 3600, "seconds that a request may wait when every machine is busy", "fleet"),
                         setting("auto_pull", 1, 1, "1: a model that nobody has is pulled for the requests that ask for it", "fleet"),
                         setting("vram_fallback", 2, 2, "a model in memory answers for one that is not: 0 never, 1 always, 2 where that one fits nowhere")], "unknown_settings": {}}
CONTEXTS = [{"model": MODELS[0][0], "allocated_ctx": 32768, "override_ctx": None, "request_count": 812, "prompt_tokens": {"avg": 900, "p50": 610, "p75": 1200, "p95": 3100, "p99": 4200, "max": 7900},
             "total_tokens": {"p95": 3600, "p99": 5100, "max": 9100, "max_24h": 8200}, "utilization_pct": 15.6, "recommended_ctx": 8192, "savings_pct": 75.0}]
ROUTERS = [{"epoch": 10, "node_id": "attic-mini", "mode": "quorate", "since": NOW - 3 * DAY}, {"epoch": 11, "node_id": "studio", "mode": "degraded", "since": NOW - DAY}, {"epoch": 12, "node_id": "workstation", "mode": "quorate", "since": NOW - 9 * HOUR}]
WAITING = [{"request_id": f"w{i}", "model": MODELS[0][0], "node_id": "studio", "reason": "busy", "class": "interactive", "at": "studio", "position": i + 1, "waited_ms": 2100 - 700 * i, "estimated_wait_ms": 4200 + 3100 * i} for i in range(2)]


def full(dead: bool = False):
    """Every route of the dashboard, for `Tab.answer_with`."""
    shards = {"answered": 2, "total": 3, "missing": [{"node_id": "attic-mini", "last_seen": time.time() - 252, "reason": "it cannot be reached"}]} if dead else SHARDS
    benchmarks = [benchmark(i) for i in range(9)]
    one = TRACES[0]
    routes = {
        "/dashboard/api/overview": {"total_requests": 111_204, "total_prompt_tokens": 48_210_331, "total_completion_tokens": 15_912_004, "total_tokens": 64_122_335, "models_count": 5},
        "/dashboard/api/trends": {"hours": 72, "data": trend()}, "/dashboard/api/models": {"days": 7, "daily": daily(), "summary": summary()},
        "/dashboard/api/context-usage": {"days": 7, "models": CONTEXTS}, "/dashboard/api/apps": {"days": 7, "data": apps(), "summary": []}, "/dashboard/api/apps/daily": {"days": 7, "data": apps_daily()},
        "/dashboard/api/traces": {"traces": TRACES}, "/dashboard/api/health": health(dead), "/dashboard/api/recommendations": recommendations(), "/dashboard/api/model-management": management(),
        "/dashboard/api/pinned-models": {"env_pins": [], "per_node": {"studio": [MODELS[0][0]]}, "max_count": 4}, "/dashboard/api/benchmarks": {"data": benchmarks},
        "/dashboard/api/benchmarks/progress": {"status": "idle", "phase": ""}, "/dashboard/api/settings": SETTINGS, "/dashboard/api/briefing": {"enabled": False}, "/fleet/mesh": {"routers": ROUTERS},
        "/fleet/queue": {"queue_depth": 7, "pending": 2, "in_flight": 5, "waiting": WAITING}, f"/fleet/traces/{one['request_id']}": {
            "request_id": one["request_id"], "attempts": [one], "executions": [], "eliminated": [{"node_id": "attic-mini", "reason": "model_missing"}]},
        "/fleet/explain": {"model": one["model"], "candidates": one["candidates"], "eliminated": [{"node_id": "attic-mini", "reason": "does_not_fit"}]},
    }

    def answer(method: str, path: str):
        if path in routes:
            return 200, routes[path] | {"shards": shards}, "application/json"
        return None
    return answer
