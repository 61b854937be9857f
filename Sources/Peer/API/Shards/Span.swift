import Foundation
import Hummingbird

/// The span of time that a page asks for: the last hours or days, or from `start_ts` to `end_ts`. A length counts back to a whole
/// hour, so that the first bar of a chart is a whole one.
struct Span {
    let since: Double
    let until: Double
    /// The length that was asked for, in the unit of the route; whole, as it is told again.
    let length: Int

    /// Why a query is none.
    struct Problem: Error {
        let detail: String
    }

    /// - Parameters:
    ///   - name: `hours` or `days`.
    ///   - seconds: of one of them.
    init(
        _ request: Request, _ name: String, seconds: Int, standard: Int, now: Double = Date().timeIntervalSince1970
    ) throws(Problem) {
        let parameters = request.uri.queryParameters
        let most = 87_660 * 3600 / seconds
        guard let length = parameters.get(name).map(Int.init) ?? standard, (1...most).contains(length) else {
            throw Problem(detail: "\(name) is a whole number from 1 to \(most)")
        }
        self.length = length
        func time(_ name: String) throws(Problem) -> Double? {
            guard let text = parameters.get(name), !text.isEmpty else { return nil }
            guard let value = Double(text), value.isFinite, abs(value) < 1e14 else {
                throw Problem(detail: "\(name) is a time in seconds since 1970")
            }
            return value
        }
        since = try time("start_ts") ?? ((now - Double(length * seconds)) / 3600).rounded(.down) * 3600
        until = try time("end_ts") ?? 1e14
    }

    /// Whether the page asks for this peer's own shard alone.
    static func isLocal(_ request: Request) throws(Problem) -> Bool {
        switch request.uri.queryParameters.get("scope") ?? "fleet" {
        case "fleet": return false
        case "local": return true
        default: throw Problem(detail: "scope is fleet or local")
        }
    }
}
