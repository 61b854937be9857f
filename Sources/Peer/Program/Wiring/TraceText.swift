import FastLane
import Gossip
import Routing

/// The JSON texts of a trace row, appended to a row's bytes. Written by hand and without texts in between: with an encoder they
/// took about as long as writing the row to disk.
enum TraceText {
    /// The ten keys of ollama-herd's breakdown.
    static func breakdown(_ signals: Signals, into bytes: inout [UInt8]) {
        write(signals, withTotal: true, &bytes)
    }

    /// All machines that were ranked.
    static func candidates(_ candidates: [Candidate], into bytes: inout [UInt8]) {
        list(candidates, &bytes) { candidate, bytes in
            raw("{\"backend\":", &bytes)
            string(candidate.backend, &bytes)
            raw(",\"model\":", &bytes)
            string(candidate.servedModel, &bytes)
            raw(",\"own_delta\":", &bytes)
            integer(Int64(candidate.ownDelta), &bytes)
            raw(",\"peer\":\"", &bytes)
            hex(candidate.peer, &bytes)
            raw("\",\"record_age_ms\":", &bytes)
            integer(Int64(candidate.recordAge.wholeMilliseconds), &bytes)
            raw(",\"record_version\":\"", &bytes)
            digits(UInt64(candidate.recordVersion.generation), &bytes)
            raw(".", &bytes)
            digits(UInt64(candidate.recordVersion.counter), &bytes)
            raw("\",\"score\":", &bytes)
            number(candidate.score, &bytes)
            raw(",\"signals\":", &bytes)
            write(candidate.signals, withTotal: false, &bytes)
            raw("}", &bytes)
        }
    }

    /// The machines that were tried.
    static func tries(_ tries: [RequestTrace.Try], into bytes: inout [UInt8]) {
        list(tries, &bytes) { tried, bytes in
            raw("{\"milliseconds\":", &bytes)
            number(tried.milliseconds, &bytes)
            raw(",\"node\":", &bytes)
            string(tried.node, &bytes)
            raw(",\"peer\":", &bytes)
            string(tried.peer, &bytes)
            raw(",\"reason\":", &bytes)
            string(tried.reason, &bytes)
            raw(",\"verdict\":", &bytes)
            string(tried.verdict, &bytes)
            raw("}", &bytes)
        }
    }

    /// A list of texts.
    static func strings(_ strings: [String], into bytes: inout [UInt8]) {
        list(strings, &bytes) { string($0, &$1) }
    }

    /// A peer's 32 hexadecimal digits, without quotes.
    static func hex(_ peer: PeerID, _ bytes: inout [UInt8]) {
        for half in [peer.short, peer.low] {
            for shift in stride(from: 60, through: 0, by: -4) {
                let digit = UInt8(truncatingIfNeeded: half >> UInt64(shift)) & 15
                bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
            }
        }
    }

    private static func list<Element>(
        _ elements: [Element], _ bytes: inout [UInt8], _ write: (borrowing Element, inout [UInt8]) -> Void
    ) {
        raw("[", &bytes)
        var isFirst = true
        for element in elements {
            if !isFirst { raw(",", &bytes) }
            isFirst = false
            write(element, &bytes)
        }
        raw("]", &bytes)
    }

    private static func write(_ signals: Signals, withTotal: Bool, _ bytes: inout [UInt8]) {
        raw("{\"availability_trend\":", &bytes)
        number(signals.availabilityTrend, &bytes)
        raw(",\"context_fit\":", &bytes)
        number(signals.contextFit, &bytes)
        raw(",\"memory_fit\":", &bytes)
        number(signals.memoryFit, &bytes)
        raw(",\"prefix_affinity\":", &bytes)
        number(signals.prefixAffinity, &bytes)
        raw(",\"queue_depth\":", &bytes)
        number(signals.queueDepth, &bytes)
        raw(",\"role_affinity\":", &bytes)
        number(signals.roleAffinity, &bytes)
        raw(",\"session_affinity\":", &bytes)
        number(signals.sessionAffinity, &bytes)
        raw(",\"thermal\":", &bytes)
        number(signals.thermal, &bytes)
        if withTotal {
            raw(",\"total\":", &bytes)
            number(signals.total, &bytes)
        }
        raw(",\"wait_time\":", &bytes)
        number(signals.waitTime, &bytes)
        raw("}", &bytes)
    }
}
