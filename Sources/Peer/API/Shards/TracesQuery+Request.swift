import Gossip
import Hummingbird
import Insight
import Store

extension TracesQuery {
    /// `?limit=&model=&node=&status=&tag=&client=&request_id=&since=&until=&cursor=`; each may be left out.
    init(_ request: Request) throws(Span.Problem) {
        let parameters = request.uri.queryParameters
        guard let limit = FleetRoutes.limit(parameters.get("limit")) else {
            throw Span.Problem(detail: "limit is a whole number from 1 to 1000")
        }
        func text(_ names: String...) -> String? {
            names.lazy.compactMap { parameters.get($0) }.first.flatMap { $0.isEmpty ? nil : $0 }
        }
        func time(_ name: String, or other: String) throws(Span.Problem) -> Double? {
            guard let written = text(name, other) else { return nil }
            guard let value = Double(written), value.isFinite, abs(value) < 1e14 else {
                throw Span.Problem(detail: "\(name) is a time in seconds since 1970")
            }
            return value
        }
        var filter = TraceFilter()
        filter.model = text("model").map(ModelKey.canonical)
        filter.nodeID = text("node", "node_id")
        filter.status = text("status")
        filter.tag = text("tag")
        filter.clientIP = text("client", "client_ip")
        filter.requestID = text("request_id")
        filter.since = try time("since", or: "start_ts")
        filter.until = try time("until", or: "end_ts")
        self.init(limit: limit, filter: filter)
        if let written = text("cursor") {
            guard let place = TraceCursor(text: written) else {
                throw Span.Problem(detail: "cursor is what an earlier answer named as `next`")
            }
            cursor = place
        }
    }
}
