import Gossip

extension Datagram {
    /// One line for transcripts: without sequence numbers, ids as the harness numbers them.
    var line: String {
        let said: String
        switch message {
        case .ping(_, let target): said = target == 0 ? "ping anybody" : "ping \((target >> 32) - 1)"
        case .ack: said = "ack"
        case .pingRequest(_, let target, _): said = "probe \((target >> 32) - 1) for me"
        case .nack: said = "nack"
        case .gossip: said = "gossip"
        case .bye(let reason): said = reason == .asleep ? "bye, asleep" : "bye"
        case .resume: said = "resume"
        case .lease: said = "lease"
        }
        return ([said] + items.map(\.words)).joined(separator: " | ")
    }
}

extension Item {
    /// A few words for transcripts.
    var words: String {
        switch self {
        case .member(let record): "\(record.id.low) is \(record.status.rawValue) \(record.generation).\(record.incarnation)"
        case .suspect(let id, let generation, let incarnation, let by):
            "\((by >> 32) - 1) suspects \(id.low) \(generation).\(incarnation)"
        case .hot(let id, let version, _, let cold, let report):
            "hot of \(id.low) \(version.generation).\(version.counter) load \(report.inFlight) cold \(cold.models)/\(cold.fixed)"
        case .uptime(let milliseconds): "up for \(milliseconds) ms"
        case .lease(let record): "router \(record.router.low) epoch \(record.epoch)"
        }
    }
}
