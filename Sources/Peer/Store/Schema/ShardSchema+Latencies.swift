/// `latency_observations` as a view: what a finished request took is in its trace already, and was written twice before.
extension ShardSchema {
    /// The table that holds what was observed before the view was made, and what other programs insert.
    static let importedLatencies = "latency_observations_imported"

    /// The one index by node and model: it serves the latest latencies of a pair, and the traces of a node or of a pair.
    static let pairIndex = ["node_id", "model", "timestamp"]

    /// Indices of ollama-herd that no query of this program needs, each of which cost every request.
    static let droppedTraceIndices = [["model", "timestamp"], ["node_id", "model"], ["tags"]]

    /// Which traces are observations. A row of this program has the number of its attempt; other programs' rows have none, and
    /// those programs write their observations themselves.
    static let isObservation = "status = 'completed' AND node_id <> '' AND latency_ms IS NOT NULL AND attempt IS NOT NULL"

    /// Where the view begins: traces up to `trace_id` have their observations in the table; later ones are numbered `shift` higher,
    /// so that all numbers differ.
    static let latencyStart = "CREATE TABLE latency_observations_start (trace_id INTEGER NOT NULL, shift INTEGER NOT NULL)"

    /// The traces that the view shows.
    static let observedTraces = "\(isObservation) AND id > (SELECT trace_id FROM latency_observations_start)"

    static let latencyView = """
        CREATE VIEW latency_observations AS
        SELECT id, node_id, model_name, latency_ms, tokens_generated, timestamp, prompt_tokens, completion_tokens
        FROM \(importedLatencies)
        UNION ALL
        SELECT id + (SELECT shift FROM latency_observations_start), node_id, model, latency_ms, completion_tokens, timestamp,
            prompt_tokens, completion_tokens
        FROM request_traces WHERE \(observedTraces)
        """

    /// An older version of this program still inserts its observations and removes old ones. What a trace shows already is not
    /// taken twice; what is taken has negative numbers, which no other row has.
    static let latencyTriggers = """
        CREATE TRIGGER latency_observations_insert INSTEAD OF INSERT ON latency_observations
        WHEN NOT EXISTS (
            SELECT 1 FROM request_traces
            WHERE node_id = NEW.node_id AND model = NEW.model_name AND timestamp = NEW.timestamp
                AND latency_ms = NEW.latency_ms AND \(isObservation))
        BEGIN
            INSERT INTO \(importedLatencies)
                (id, node_id, model_name, latency_ms, tokens_generated, timestamp, prompt_tokens, completion_tokens)
            VALUES (
                (SELECT min(coalesce(min(id), 0), 0) - 1 FROM \(importedLatencies)), NEW.node_id, NEW.model_name,
                NEW.latency_ms, NEW.tokens_generated, NEW.timestamp, NEW.prompt_tokens, NEW.completion_tokens);
        END;
        CREATE TRIGGER latency_observations_delete INSTEAD OF DELETE ON latency_observations
        BEGIN
            DELETE FROM \(importedLatencies) WHERE id = OLD.id;
        END
        """
}
