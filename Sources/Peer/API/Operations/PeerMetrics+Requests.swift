extension PeerMetrics {
    /// What became of requests, and how long they took, under the names of OpenTelemetry's conventions for generative models
    /// where they have one.
    static func addRequests(to page: inout PrometheusText, _ work: WorkFacts) {
        page.add(
            "herd_requests_total", .counter, help: "Inference requests taken from clients by what became of them.",
            samples: work.requests.map { ([("outcome", $0.outcome)], Double($0.count)) })
        page.add(
            "herd_attempts_failed_total", .counter, help: "Attempts that failed before the first byte of an answer.",
            value: Double(work.figures.retries))
        page.add(
            "herd_access_refused_total", .counter, help: "Client requests that were not let in by reason.",
            samples: work.refusedAtGate.map { ([("reason", $0.reason)], Double($0.count)) })
        page.add(
            "herd_dispatched_total", .counter, help: "Requests that this peer sent to a node by model and outcome.",
            samples: work.queues.flatMap { queue in
                [("completed", queue.completed), ("failed", queue.failed)].map { outcome, count in
                    ([("node", queue.node), ("model", queue.model), ("outcome", outcome)], Double(count))
                }
            })
        page.add(
            "herd_relayed_bytes_total", .counter, help: "Bytes of answers sent to clients.", value: Double(work.bytesRelayed))
        let series = work.figures.series.map { (labels: labels($0), figures: $0) }
        page.add(
            "gen_ai_server_request_duration_seconds", help: "Whole time of clients' requests, failed ones included.",
            histograms: series.map { ($0.labels, $0.figures.duration) })
        page.add(
            "gen_ai_server_time_to_first_token_seconds", help: "Time to the first piece of streamed answers.",
            histograms: series.map { ($0.labels, $0.figures.firstToken) })
        page.add(
            "gen_ai_server_time_per_output_token_seconds", help: "Time per token after the first of streamed answers.",
            histograms: series.map { ($0.labels, $0.figures.perToken) })
        page.add(
            "herd_tokens_total", .counter, help: "Tokens of clients' requests by the engines' count.",
            samples: series.flatMap { entry in
                [("input", entry.figures.promptTokens), ("output", entry.figures.answerTokens)].map { type, count in
                    (entry.labels + [("gen_ai_token_type", type)], Double(count))
                }
            })
    }

    private static func labels(_ series: RequestFigures.Series) -> [(String, String)] {
        [("gen_ai_operation_name", series.operation), ("gen_ai_request_model", series.model)]
    }

    /// What runs and waits, and how long the waiting was.
    static func addQueues(to page: inout PrometheusText, _ work: WorkFacts, slots: Int) {
        page.add("herd_slots", .gauge, help: "Requests that this machine's engines run at once.", value: Double(slots))
        page.add("herd_requests_running", .gauge, help: "Requests on this machine's engines.", value: Double(work.runningHere))
        page.add(
            "herd_requests_waiting", .gauge, help: "Requests waiting for this machine's engines.", value: Double(work.waitingHere)
        )
        page.add("herd_tickets_waiting", .gauge, help: "Requests waiting for any machine.", value: Double(work.ticketsWaiting))
        page.add(
            "herd_queue_wait_seconds",
            help: "Time that requests waited: line, at this peer for any machine; slot, for this machine's engines.",
            histograms: [([("queue", "line")], work.figures.lineWait), ([("queue", "slot")], work.figures.slotWait)])
    }

    /// What is kept of requests.
    static func addTraces(to page: inout PrometheusText, _ work: WorkFacts) {
        page.add(
            "herd_traces_written_total", .counter, help: "Trace rows written to this peer's shard.",
            value: Double(work.tracesWritten))
        page.add(
            "herd_traces_waiting", .gauge, help: "Trace rows that wait to be written.", value: Double(work.tracesWaiting))
        page.add(
            "herd_traces_dropped_total", .counter, help: "Trace rows lost because the writer was behind.",
            value: Double(work.tracesDropped))
        page.add(
            "herd_spans_exported_total", .counter, help: "Spans that the OpenTelemetry collector took.",
            value: Double(work.spans.sent))
        page.add(
            "herd_spans_dropped_total", .counter, help: "Spans that were lost: no room, or no collector.",
            value: Double(work.spans.dropped))
    }
}
