/// What the routes of pins answer, under ollama-herd's keys.
enum PinAnswers {
    struct Pinned: Encodable {
        var ok = true
        let model: String
        let pinned_node: String
        let per_node: [String: [String]]
        /// `local` when there was no router: this peer wrote it, and it spreads when contact comes.
        let scope: String
        var ready: Bool?
        var ready_after_ms: Int64?
    }

    struct Unpinned: Encodable {
        var ok = true
        let model: String
        let unpinned_from: [String]
        let per_node: [String: [String]]
    }

    struct UnknownNode: Encodable {
        var ok = false
        let error: String
        let known_nodes: [String]
    }

    struct Refused: Encodable {
        var ok = false
        let error: String
    }

    struct OverBudget: Encodable {
        var ok = false
        let error: String
        let model: String
        let node_id: String
        let requested_gb: Double
        let already_pinned_gb: Double
        let budget_gb: Double
        let node_total_gb: Double
        let already_pinned: [String: Double]
        let hint: String
    }

    struct NoMemory: Encodable {
        var ok = false
        let error: String
        let model: String
        let node_id: String
        let requested_gb: Double
        let available_gb: Double
        let hint: String
    }

    struct List: Encodable {
        let env_pins: [String]
        let per_node: [String: [String]]
        let max_count: Int
    }

    struct Changed: Encodable {
        var ok = true
        let per_node: [String: [String]]
    }
}

extension Double {
    /// Rounded to two decimals, as pages show memory.
    var gigabytes: Double { (self * 100).rounded() / 100 }
}
