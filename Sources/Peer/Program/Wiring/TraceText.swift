import FastLane
import Gossip
import Routing

/// The JSON texts of a trace row. Written by hand: with an encoder they took about as long as writing the row to disk.
struct TraceText {
    private var bytes: [UInt8] = []

    /// The ten keys of ollama-herd's breakdown.
    static func breakdown(_ signals: Signals) -> String {
        var text = TraceText()
        text.write(signals, withTotal: true)
        return text.string
    }

    /// All machines that were ranked.
    static func candidates(_ candidates: [Candidate]) -> String {
        var text = TraceText()
        text.bytes.reserveCapacity(2 + 320 * candidates.count)
        text.list(candidates) { text, candidate in
            text.raw("{\"backend\":")
            text.write(candidate.backend)
            text.raw(",\"model\":")
            text.write(candidate.servedModel)
            text.raw(",\"own_delta\":\(candidate.ownDelta),\"peer\":\"\(candidate.peer.hex)\"")
            text.raw(",\"record_age_ms\":\(candidate.recordAge.wholeMilliseconds),\"record_version\":\"")
            text.raw("\(candidate.recordVersion.generation).\(candidate.recordVersion.counter)\",\"score\":")
            text.write(candidate.score)
            text.raw(",\"signals\":")
            text.write(candidate.signals, withTotal: false)
            text.raw("}")
        }
        return text.string
    }

    /// The machines that were tried.
    static func tries(_ tries: [RequestTrace.Try]) -> String {
        var text = TraceText()
        text.list(tries) { text, tried in
            text.raw("{\"milliseconds\":")
            text.write(tried.milliseconds)
            for (key, value) in [
                (",\"node\":", tried.node), (",\"peer\":", tried.peer), (",\"reason\":", tried.reason),
                (",\"verdict\":", tried.verdict),
            ] {
                text.raw(key)
                text.write(value)
            }
            text.raw("}")
        }
        return text.string
    }

    /// A list of texts.
    static func strings(_ strings: [String]) -> String {
        var text = TraceText()
        text.list(strings) { $0.write($1) }
        return text.string
    }

    private var string: String { String(decoding: bytes, as: UTF8.self) }

    private mutating func list<Element>(_ elements: [Element], _ write: (inout TraceText, Element) -> Void) {
        raw("[")
        for (number, element) in elements.enumerated() {
            if number > 0 { raw(",") }
            write(&self, element)
        }
        raw("]")
    }

    private mutating func write(_ signals: Signals, withTotal: Bool) {
        raw("{\"availability_trend\":")
        write(signals.availabilityTrend)
        raw(",\"context_fit\":")
        write(signals.contextFit)
        raw(",\"memory_fit\":")
        write(signals.memoryFit)
        raw(",\"prefix_affinity\":")
        write(signals.prefixAffinity)
        raw(",\"queue_depth\":")
        write(signals.queueDepth)
        raw(",\"role_affinity\":")
        write(signals.roleAffinity)
        raw(",\"session_affinity\":")
        write(signals.sessionAffinity)
        raw(",\"thermal\":")
        write(signals.thermal)
        if withTotal {
            raw(",\"total\":")
            write(signals.total)
        }
        raw(",\"wait_time\":")
        write(signals.waitTime)
        raw("}")
    }

    private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// JSON has no number that is none.
    private mutating func write(_ number: Double) {
        guard number.isFinite else { return raw("0") }
        raw(number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)")
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                raw("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
