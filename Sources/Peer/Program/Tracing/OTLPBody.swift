import API
import FastLane
import Foundation
import Gossip

/// An export of spans in the JSON form of OpenTelemetry's protocol (OTLP 1.x): 64-bit numbers are texts, ids are hex.
struct OTLPBody: Encodable {
    let resourceSpans: [ResourceSpans]

    struct ResourceSpans: Encodable {
        let resource: Resource
        let scopeSpans: [ScopeSpans]
    }

    struct Resource: Encodable { let attributes: [Attribute] }

    struct ScopeSpans: Encodable {
        let scope: Scope
        let spans: [Span]
    }

    struct Scope: Encodable {
        let name: String
        let version: String
    }

    /// One request at one peer.
    struct Span: Encodable, Sendable {
        let traceId: String
        let spanId: String
        let parentSpanId: String?
        let name: String
        /// 2 is a server's.
        let kind: Int
        let startTimeUnixNano: String
        let endTimeUnixNano: String
        let attributes: [Attribute]
        let status: Status
    }

    struct Status: Encodable, Sendable {
        /// 0 not set, 2 an error.
        let code: Int
    }

    struct Attribute: Encodable, Sendable, Equatable {
        let key: String
        let value: Value
    }

    enum Value: Encodable, Sendable, Equatable {
        case text(String)
        case number(Int)
        case decimal(Double)
        case texts([String])

        private enum CodingKeys: String, CodingKey { case stringValue, intValue, doubleValue, arrayValue }
        private struct List: Encodable { let values: [Value] }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            switch self {
            case .text(let text): try container.encode(text, forKey: .stringValue)
            case .number(let number): try container.encode(String(number), forKey: .intValue)
            case .decimal(let number): try container.encode(number, forKey: .doubleValue)
            case .texts(let texts): try container.encode(List(values: texts.map(Value.text)), forKey: .arrayValue)
            }
        }
    }

    /// - Parameter node: this peer's name.
    init(spans: [Span], node: String, fleet: String) {
        resourceSpans = [
            ResourceSpans(
                resource: Resource(attributes: [
                    Attribute(key: "service.name", value: .text("herd-peer")),
                    Attribute(key: "service.version", value: .text(Version.text)),
                    Attribute(key: "service.namespace", value: .text(fleet)),
                    Attribute(key: "service.instance.id", value: .text(node)),
                ]),
                scopeSpans: [ScopeSpans(scope: Scope(name: "herd-peer", version: Version.text), spans: spans)])
        ]
    }

    /// The JSON.
    func json() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) }
}

extension OTLPBody.Span {
    /// The span of a request's last row at a peer; nil for other rows, and where the caller's trace is not recorded. Nothing of
    /// what was asked or answered is in it, nor who asked.
    init?(_ trace: borrowing RequestTrace) {
        guard trace.row != .attempt, let context = trace.context, !trace.operation.isEmpty else { return nil }
        traceId = context.trace
        spanId = context.span
        parentSpanId = context.parent
        name = "\(trace.operation) \(trace.originalModel.isEmpty ? trace.model : trace.originalModel)"
        kind = 2
        let start = Int64(trace.timestamp * 1e6) * 1_000
        startTimeUnixNano = String(start)
        endTimeUnixNano = String(start + Int64(max(0, trace.latencyMilliseconds) * 1e6))
        let failed = trace.status != .completed && trace.status != .noOutput
        status = .init(code: failed ? 2 : 0)
        var list: [OTLPBody.Attribute] = []
        func add(_ key: String, _ value: OTLPBody.Value?) {
            if let value { list.append(.init(key: key, value: value)) }
        }
        add("gen_ai.operation.name", .text(trace.operation))
        add("gen_ai.provider.name", trace.backendKind.map { .text($0.rawValue) })
        add("gen_ai.request.model", .text(trace.originalModel))
        add("gen_ai.response.model", trace.peer == nil ? nil : .text(trace.model))
        add("gen_ai.usage.input_tokens", trace.promptTokens.map { .number($0) })
        add("gen_ai.usage.output_tokens", trace.completionTokens.map { .number($0) })
        add("gen_ai.response.finish_reasons", trace.finishReason.map { .texts([$0]) })
        add("http.response.status_code", trace.httpStatus == 0 ? nil : .number(trace.httpStatus))
        add("error.type", failed ? .text(trace.status.rawValue) : nil)
        add("herd.request.id", .text(trace.requestID))
        add("herd.node", trace.nodeID.isEmpty ? nil : .text(trace.nodeID))
        add("herd.hop", .number(trace.hop))
        add("herd.retries", .number(trace.retryCount))
        add("herd.queue.line_wait", .decimal(trace.ticketWaitMilliseconds / 1_000))
        add("herd.queue.slot_wait", .decimal(trace.slotWaitMilliseconds / 1_000))
        add("herd.time_to_first_token", trace.firstTokenMilliseconds.map { .decimal($0 / 1_000) })
        attributes = list
    }
}
