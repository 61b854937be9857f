import FastLane
import Gossip
import Routing
import Store

/// The JSON texts of a trace row, appended to a row's bytes. Written by hand and without texts in between: with an encoder they
/// took about as long as writing the row to disk.
enum TraceText {
    /// The ten keys of ollama-herd's breakdown.
    static func breakdown(_ signals: Signals, into bytes: inout RowBytes) {
        write(signals, withTotal: true, &bytes)
    }

    /// All machines that were ranked.
    static func candidates(_ candidates: [Candidate], into bytes: inout RowBytes) {
        list(candidates, &bytes) { candidate, bytes in
            bytes.append("{\"backend\":")
            string(candidate.backend, &bytes)
            bytes.append(",\"model\":")
            string(candidate.servedModel, &bytes)
            bytes.append(",\"own_delta\":")
            integer(Int64(candidate.ownDelta), &bytes)
            bytes.append(",\"peer\":\"")
            hex(candidate.peer, &bytes)
            bytes.append("\",\"record_age_ms\":")
            integer(Int64(candidate.recordAge.wholeMilliseconds), &bytes)
            bytes.append(",\"record_version\":\"")
            digits(UInt64(candidate.recordVersion.generation), &bytes)
            bytes.append(".")
            digits(UInt64(candidate.recordVersion.counter), &bytes)
            bytes.append("\",\"score\":")
            number(candidate.score, &bytes)
            bytes.append(",\"signals\":")
            write(candidate.signals, withTotal: false, &bytes)
            bytes.append("}")
        }
    }

    /// The machines that were tried.
    static func tries(_ tries: [RequestTrace.Try], into bytes: inout RowBytes) {
        list(tries, &bytes) { tried, bytes in
            bytes.append("{\"milliseconds\":")
            number(tried.milliseconds, &bytes)
            bytes.append(",\"node\":")
            string(tried.node, &bytes)
            bytes.append(",\"peer\":")
            string(tried.peer, &bytes)
            bytes.append(",\"reason\":")
            string(tried.reason, &bytes)
            bytes.append(",\"verdict\":")
            string(tried.verdict, &bytes)
            bytes.append("}")
        }
    }

    /// A fleet of hundreds has a few machines with a model: a row says why of so many others.
    static let mostEliminated = 64

    /// The machines that could not serve, and why.
    static func eliminated(_ machines: [(peer: PeerID, reason: Elimination)], into bytes: inout RowBytes) {
        bytes.append("[")
        for number in 0..<min(machines.count, mostEliminated) {
            bytes.append(number == 0 ? "{\"peer\":\"" as StaticString : ",{\"peer\":\"")
            hex(machines[number].peer, &bytes)
            bytes.append("\",\"reason\":\"")
            bytes.append(machines[number].reason.rawValue)
            bytes.append("\"}")
        }
        bytes.append("]")
    }

    /// A list of texts.
    static func strings(_ strings: [String], into bytes: inout RowBytes) {
        list(strings, &bytes) { string($0, &$1) }
    }

    /// A peer's 32 hexadecimal digits, without quotes.
    static func hex(_ peer: PeerID, _ bytes: inout RowBytes) {
        bytes.unsafeAppend(upTo: 32) { target in
            for place in 0..<16 {
                let shift = UInt64(60 - 4 * place)
                target[place] = hexDigit(UInt8(truncatingIfNeeded: peer.short >> shift) & 15)
                target[place + 16] = hexDigit(UInt8(truncatingIfNeeded: peer.low >> shift) & 15)
            }
            return 32
        }
    }

    private static func list<Element>(
        _ elements: [Element], _ bytes: inout RowBytes, _ write: (borrowing Element, inout RowBytes) -> Void
    ) {
        bytes.append("[")
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(",") }
            isFirst = false
            write(element, &bytes)
        }
        bytes.append("]")
    }

    private static func write(_ signals: Signals, withTotal: Bool, _ bytes: inout RowBytes) {
        bytes.append("{\"availability_trend\":")
        number(signals.availabilityTrend, &bytes)
        bytes.append(",\"context_fit\":")
        number(signals.contextFit, &bytes)
        bytes.append(",\"memory_fit\":")
        number(signals.memoryFit, &bytes)
        bytes.append(",\"prefix_affinity\":")
        number(signals.prefixAffinity, &bytes)
        bytes.append(",\"queue_depth\":")
        number(signals.queueDepth, &bytes)
        bytes.append(",\"role_affinity\":")
        number(signals.roleAffinity, &bytes)
        bytes.append(",\"session_affinity\":")
        number(signals.sessionAffinity, &bytes)
        bytes.append(",\"thermal\":")
        number(signals.thermal, &bytes)
        if withTotal {
            bytes.append(",\"total\":")
            number(signals.total, &bytes)
        }
        bytes.append(",\"wait_time\":")
        number(signals.waitTime, &bytes)
        bytes.append("}")
    }
}
