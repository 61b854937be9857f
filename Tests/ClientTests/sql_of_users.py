"""Queries that people bring along from ollama-herd and NOMYO Router, for `latency.db`."""

OLLAMA_HERD = {
    "latest requests": """
        SELECT request_id, model, original_model, node_id, score, scores_breakdown, status, latency_ms, time_to_first_token_ms,
            prompt_tokens, completion_tokens, retry_count, fallback_used, excluded_nodes, client_ip, original_format,
            error_message, timestamp, tags, finish_reason, estimated_tokens
        FROM request_traces ORDER BY timestamp DESC LIMIT 20""",
    "latencies per node and model": """
        SELECT node_id, model_name, count(*), avg(latency_ms), min(latency_ms), max(latency_ms)
        FROM latency_observations GROUP BY node_id, model_name""",
    "all columns of latencies": """
        SELECT id, node_id, model_name, latency_ms, tokens_generated, timestamp, prompt_tokens, completion_tokens
        FROM latency_observations ORDER BY id DESC LIMIT 5""",
    "75th percentile by a window": """
        SELECT node_id, model_name, latency_ms FROM (
            SELECT node_id, model_name, latency_ms,
                row_number() OVER (PARTITION BY node_id, model_name ORDER BY latency_ms) AS place,
                count(*) OVER (PARTITION BY node_id, model_name) AS total
            FROM latency_observations)
        WHERE place = max(1, CAST(total * 0.75 AS INTEGER))""",
    "percentiles by ntile": """
        SELECT model, max(CASE WHEN part <= 50 THEN latency_ms END) AS p50, max(CASE WHEN part <= 95 THEN latency_ms END) AS p95
        FROM (SELECT model, latency_ms, ntile(100) OVER (PARTITION BY model ORDER BY latency_ms) AS part
            FROM request_traces WHERE status = 'completed') GROUP BY model""",
    "requests per tag": """
        SELECT tag.value, count(*), sum(completion_tokens) FROM request_traces, json_each(request_traces.tags) AS tag
        WHERE tags IS NOT NULL GROUP BY tag.value ORDER BY 2 DESC""",
    "requests of one tag": """
        SELECT count(*) FROM request_traces
        WHERE EXISTS (SELECT 1 FROM json_each(request_traces.tags) WHERE value = 'app1')""",
    "errors of a day": """
        SELECT date(timestamp, 'unixepoch') AS day, status, count(*) FROM request_traces GROUP BY day, status""",
    "success rate per node": """
        SELECT node_id, round(100.0 * sum(status = 'completed') / count(*), 1) FROM request_traces GROUP BY node_id""",
    "requests per hour": """
        SELECT CAST(timestamp / 3600 AS INTEGER) * 3600 AS hour_bucket, count(*) AS request_count, avg(latency_ms),
            sum(prompt_tokens), sum(completion_tokens)
        FROM request_traces WHERE timestamp > strftime('%s', 'now') - 72 * 3600 GROUP BY hour_bucket ORDER BY hour_bucket""",
    "the share of each signal": """
        SELECT node_id, avg(json_extract(scores_breakdown, '$.thermal')), avg(json_extract(scores_breakdown, '$.total'))
        FROM request_traces WHERE scores_breakdown IS NOT NULL GROUP BY node_id""",
    "tokens per second": """
        SELECT model, avg(completion_tokens * 1000.0 / nullif(latency_ms, 0)) FROM request_traces
        WHERE status = 'completed' GROUP BY model""",
    "retries joined with their ends": """
        SELECT count(*) FROM request_traces AS a JOIN request_traces AS b
        ON a.request_id = b.request_id AND b.status = 'retried' WHERE a.status <> 'retried'""",
}

NOMYO_ROUTER = {
    "totals": "SELECT endpoint, model, input_tokens, output_tokens, total_tokens FROM token_counts ORDER BY total_tokens DESC",
    "the guide's own": "SELECT * FROM time_series ORDER BY timestamp DESC LIMIT 10",
    "the table behind it": """
        SELECT id, endpoint, model, input_tokens, output_tokens, total_tokens, timestamp FROM token_time_series LIMIT 10""",
    "one model's minutes": """
        SELECT timestamp, sum(total_tokens) FROM token_time_series WHERE model LIKE 'tiny%' GROUP BY timestamp""",
    "days": """
        SELECT endpoint, model, date, input_tokens, output_tokens, total_tokens FROM token_time_series_daily
        ORDER BY date DESC""",
    "share of each endpoint": """
        SELECT endpoint, 100.0 * sum(total_tokens) / (SELECT sum(total_tokens) FROM token_counts) FROM token_counts
        GROUP BY endpoint""",
}

# Of tables that are empty until somebody fills them.
EMPTY = {
    "benchmarks": """
        SELECT run_id, timestamp, duration_s, total_requests, total_failures, requests_per_sec, tokens_per_sec, latency_p50_ms,
            latency_p95_ms, latency_p99_ms, ttft_p50_ms, per_model_results, per_node_results, peak_utilization, fleet_snapshot
        FROM benchmark_runs ORDER BY timestamp DESC""",
    "briefings": "SELECT timestamp, briefing, model, fleet_data FROM fleet_briefings ORDER BY timestamp DESC LIMIT 1",
}
