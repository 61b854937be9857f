import Gossip

extension World {
    /// One line as a real peer writes it to its history file, with the true time as the clock that all share.
    func historyLine(_ event: String, of place: Int, _ local: Instant, _ more: String) -> String {
        let peer = peers[place]
        return #"{"peer":"\#(peer.id.hex)","generation":\#(peer.generation),"boot_ns":\#(local.nanoseconds),"host_ns":\#(now),"#
            + #""wall_ms":\#(now / 1_000_000),"event":"\#(event)"\#(more)}"#
    }

    func historyLine(_ note: HerdNote, of place: Int, _ local: Instant) -> String {
        func line(_ event: String, _ other: PeerID?, _ epoch: UInt64?, _ until: Instant? = nil, _ detail: String? = nil) -> String
        {
            var more = ""
            if let other { more += #","other":"\#(other.hex)""# }
            if let epoch { more += #","epoch":\#(epoch)"# }
            if let until { more += #","until_ns":\#(until.nanoseconds)"# }
            if let detail { more += #","detail":"\#(detail)""# }
            return historyLine(event, of: place, local, more)
        }
        switch note {
        case .lease(.granted(let peer, let epoch, let until)): return line("grant", peer, epoch, until)
        case .lease(.renewed(let peer, let epoch, let until)): return line("renew", peer, epoch, until)
        case .lease(.ended(let peer, let epoch)): return line("expire", peer, epoch)
        case .lease(.stood(let epoch)): return line("stand", nil, epoch)
        case .lease(.elected(let epoch, let mode)): return line("elect", nil, epoch, nil, mode.rawValue)
        case .lease(.steppedDown(let epoch, let reason)): return line("step-down", nil, epoch, nil, reason.rawValue)
        case .status(let peer, let from, let to):
            return line("status", peer, nil, nil, "\(from?.rawValue ?? "new") -> \(to.rawValue)")
        case .refuted(let incarnation): return line("refute", nil, nil, nil, "\(incarnation)")
        case .identityClash: return line("clash", nil, nil)
        default: return line("other", nil, nil)
        }
    }
}
