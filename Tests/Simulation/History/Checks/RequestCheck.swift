import FoundationEssentials

/// What the load generator saw of one request.
public struct RequestRecord: Sendable, Decodable, Hashable {
    /// `X-Herd-Request-Id` of the answer; nil when no answer came.
    public var id: String?
    /// The HTTP status; 0 when no answer came.
    public var status: Int
    /// The dialect's terminal marker came.
    public var complete: Bool
    /// The answer ended with the dialect's error.
    public var errorEvent: Bool?

    enum CodingKeys: String, CodingKey {
        case id = "request"
        case status, complete
        case errorEvent = "error_event"
    }

    /// Reads a file with one record per line; lines without a status are passed over.
    public static func read(path: String) throws -> [RequestRecord] {
        let decoder = JSONDecoder()
        return try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n")).compactMap {
            try? decoder.decode(RequestRecord.self, from: $0)
        }
    }

    /// It ended well.
    var isServed: Bool { status == 200 && complete && errorEvent != true }
}

/// Every request ends once at its entry, and as its client saw it; slots are taken and given back in pairs.
struct RequestCheck {
    private var ends: [String: HistoryLine] = [:]
    private var running: [String: [String: HistoryLine]] = [:]
    private(set) var findings: [Finding] = []

    /// Takes the next line of one peer; the lines of a peer come in their order.
    mutating func take(_ line: HistoryLine) {
        guard let request = line.request else { return }
        let slot = "\(line.peer)/\(line.generation)/\(line.key ?? "")"
        switch line.kind {
        case .requestEnd:
            if let first = ends[request] {
                report(.request, line, "request \(request) has ended before (\(first.place))")
            }
            ends[request] = line
        case .admit:
            if running[slot, default: [:]].updateValue(line, forKey: request) != nil {
                report(.slots, line, "request \(request) runs twice at once")
            }
            let count = running[slot]?.count ?? 0
            if let limit = line.limit, count > limit {
                report(.slots, line, "\(count) requests run on \(line.key ?? "?"), which has \(limit) slots")
            }
        case .release:
            if running[slot]?.removeValue(forKey: request) == nil {
                report(.slots, line, "request \(request) gives back a slot that it has not")
            }
        default: break
        }
    }

    /// Joins the ends with what clients saw. Only histories that have ends at all can be asked for them.
    mutating func join(_ records: [RequestRecord]) {
        guard !ends.isEmpty else { return }
        var known: Set<String> = []
        for record in records {
            guard let id = record.id else { continue }
            guard known.insert(id).inserted else {
                findings.append(Finding(rule: .request, place: "records", text: "two answers carry the request id \(id)"))
                continue
            }
            guard let end = ends[id] else {
                let text = "request \(id) was answered with \(record.status) but has no end"
                findings.append(Finding(rule: .request, place: "records", text: text))
                continue
            }
            if record.isServed, end.detail != "completed" {
                report(.request, end, "request \(id) was served, but ended as \(end.detail ?? "nothing")")
            }
        }
    }

    /// How many requests have an end.
    var count: Int { ends.count }

    private mutating func report(_ rule: Finding.Rule, _ line: HistoryLine, _ text: String) {
        findings.append(Finding(rule: rule, place: line.place, text: "\(line.peer.prefix(8)): \(text)"))
    }
}
