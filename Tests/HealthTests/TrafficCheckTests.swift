import Testing

@testable import Health

@Suite struct TrafficCheckTests {
    private static func requests(
        _ failed: Int, of total: Int, recent: (failed: Int, total: Int)
    ) -> @Sendable (inout HealthFacts) -> Void {
        { facts in
            facts.digests[0].traffic.change(node: "desk", model: "m") { pair in
                (pair.day.failed, pair.day.completed) = (failed, total - failed)
                (pair.hour.failed, pair.hour.completed) = (recent.failed, recent.total - recent.failed)
            }
        }
    }

    static let errors: [Cases.Row] = [
        .init("below 5 %", nil, requests(4, of: 100, recent: (4, 4))),
        .init("5 %", .warning, requests(5, of: 100, recent: (1, 20))),
        .init("recovered", .info, requests(5, of: 100, recent: (0, 20))),
        .init("recent below 5 %", .info, requests(5, of: 100, recent: (1, 21))),
        .init("nothing recent", .info, requests(5, of: 100, recent: (0, 0))),
        .init("few requests", .info, requests(2, of: 20, recent: (2, 2))),
        .init("enough requests", .warning, requests(2, of: 21, recent: (2, 2))),
        .init("none failed", nil, requests(0, of: 100, recent: (0, 9))),
    ]
    @Test(arguments: errors) func errorRate(row: Cases.Row) { #expect(row.check("high_error_rate")) }

    @Test func requestsWithoutANodeCountForTheFleet() {
        let facts = Cases.calm { facts in
            facts.digests[0].traffic.change(node: "", model: "m") { ($0.day.failed, $0.hour.failed) = (30, 30) }
        }
        let found = Cases.finding("high_error_rate", facts)
        #expect(found?.severity == .warning && found?.nodeID == nil && found?.data["error_rate_pct"] == .number(100))
    }

    private static func retries(_ retried: Int, of total: Int) -> @Sendable (inout HealthFacts) -> Void {
        { $0.digests[0].traffic.change(node: "desk", model: "m") { ($0.day.retried, $0.day.completed) = (retried, total) } }
    }

    static let retried: [Cases.Row] = [
        .init("below", nil, retries(29, of: 100)), .init("0.3", .info, retries(30, of: 100)),
        .init("below 0.5", .info, retries(49, of: 100)), .init("0.5", .warning, retries(50, of: 100)),
        .init("three requests", nil, retries(3, of: 3)), .init("four requests", .warning, retries(4, of: 4)),
    ]
    @Test(arguments: retried) func retryRate(row: Cases.Row) { #expect(row.check("high_retry_rate")) }

    private static func gone(
        _ field: any WritableKeyPath<TrafficCounts, Int> & Sendable, _ count: Int, of total: Int, hour: Int
    ) -> @Sendable (inout HealthFacts) -> Void {
        { facts in
            facts.digests[0].traffic.change(node: "desk", model: "m") { pair in
                pair.day[keyPath: field] = count
                pair.day.completed = total - count
                pair.hour[keyPath: field] = hour
            }
        }
    }

    static let disconnected: [Cases.Row] = [
        .init("two", nil, gone(\.disconnected, 2, of: 2, hour: 2)),
        .init("three", .warning, gone(\.disconnected, 3, of: 299, hour: 1)),
        .init("1 %", .info, gone(\.disconnected, 3, of: 300, hour: 1)),
        .init("long ago", .info, gone(\.disconnected, 3, of: 3, hour: 0)),
    ]
    @Test(arguments: disconnected) func clientsGoAway(row: Cases.Row) { #expect(row.check("client_disconnects")) }

    static let broken: [Cases.Row] = [
        .init("one", nil, gone(\.incomplete, 1, of: 1, hour: 1)),
        .init("two", .warning, gone(\.incomplete, 2, of: 399, hour: 1)),
        .init("0.5 %", .info, gone(\.incomplete, 2, of: 400, hour: 1)),
        .init("long ago", .info, gone(\.incomplete, 2, of: 2, hour: 0)),
    ]
    @Test(arguments: broken) func answersBreakOff(row: Cases.Row) { #expect(row.check("incomplete_streams")) }

    static let empty: [Cases.Row] = [
        .init("none", nil, gone(\.empty, 0, of: 9, hour: 0)), .init("one", .warning, gone(\.empty, 1, of: 9, hour: 1)),
        .init("long ago", .info, gone(\.empty, 1, of: 9, hour: 0)),
    ]
    @Test(arguments: empty) func answersWithoutTokens(row: Cases.Row) { #expect(row.check("empty_generations")) }

    static let embeddings: [Cases.Row] = [
        .init("none", nil) { $0.digests[0].traffic.change(node: "desk", model: "m") { $0.day.embeddingsFailed = 99 } },
        .init("one", .warning) { $0.digests[0].traffic.change(node: "desk", model: "m") { $0.hour.embeddingsFailed = 1 } },
        .init("24", .warning) { $0.digests[0].traffic.change(node: "desk", model: "m") { $0.hour.embeddingsFailed = 24 } },
        .init("25", .critical) { $0.digests[0].traffic.change(node: "desk", model: "m") { $0.hour.embeddingsFailed = 25 } },
    ]
    @Test(arguments: embeddings) func embeddingErrors(row: Cases.Row) { #expect(row.check("embed_error_rate")) }

    static let connections: [Cases.Row] = [
        .init("none", nil) { $0.digests[0].engineFailures = 0 }, .init("one", .warning) { $0.digests[0].engineFailures = 1 },
        .init("ten", .warning) { $0.digests[0].engineFailures = 10 },
        .init("eleven", .critical) { $0.digests[0].engineFailures = 11 },
        .init("fifty long ago", nil) { $0.digests[0].engineFailuresTotal = 50 },
        .init("more long ago", .info) { $0.digests[0].engineFailuresTotal = 51 },
    ]
    @Test(arguments: connections) func engineCalls(row: Cases.Row) { #expect(row.check("connection_failures")) }

    private static func pace(_ recent: Int, _ slower: Double) -> @Sendable (inout HealthFacts) -> Void {
        { facts in
            facts.digests[0].traffic.change(node: "desk", model: "m") { pair in
                for _ in 0..<10_000 { pair.day.tokenTimes.add(20) }
                for _ in 0..<recent {
                    pair.hour.tokenTimes.add(20 * slower)
                    pair.day.tokenTimes.add(20 * slower)
                }
            }
        }
    }

    static let paces: [Cases.Row] = [
        .init("19 answers", nil, pace(19, 4)), .init("20 answers", .warning, pace(20, 4)),
        .init("twice", .warning, pace(20, 2)), .init("less than twice", nil, pace(20, 1.7)),
    ]
    @Test(arguments: paces) func slowDecoding(row: Cases.Row) { #expect(row.check("decode_degraded")) }

    @Test func foreignClients() {
        let facts = Cases.calm { $0.digests[0].foreignClients = [.init(peer: "10.0.0.9", connections: 2)] }
        #expect(Cases.severity("backend_bypass_clients", facts) == .warning)
        #expect(Cases.severity("backend_bypass_clients", Cases.calm()) == nil)
    }

    @Test func media() {
        #expect(Cases.severity("image_generation", Cases.traffic(day: { $0.images = 1 })) == .info)
        #expect(Cases.severity("image_generation", Cases.traffic(day: { ($0.images, $0.imagesFailed) = (2, 1) })) == .warning)
        #expect(Cases.severity("image_generation", Cases.calm()) == nil)
        #expect(Cases.severity("transcription_activity", Cases.traffic(day: { $0.transcriptions = 1 })) == .info)
        let failed = Cases.traffic(day: { ($0.transcriptions, $0.transcriptionsFailed) = (1, 1) })
        #expect(Cases.severity("transcription_activity", failed) == .warning)
        #expect(Cases.severity("transcription_activity", Cases.calm()) == nil)
    }

    static let mapped: [(String, Cases.Row)] = [
        ("mapped_model_missing", .init("nowhere", .critical) { $0.settings.mappings = [.init(name: "claude", model: "m")] }),
        ("mapped_model_cold", .init("nowhere", nil) { $0.settings.mappings = [.init(name: "claude", model: "m")] }),
        ("mapped_model_missing", .init("on disk", nil) { cold(&$0) }),
        ("mapped_model_cold", .init("on disk", .warning) { cold(&$0) }),
        (
            "mapped_model_cold",
            .init("loaded", nil) {
                cold(&$0)
                $0.nodes[0].resident = [.init("m")]
            }
        ),
        ("anthropic_no_chat_model", .init("nobody asks", nil) { $0.nodes[0].stored = [] }),
        ("anthropic_no_chat_model", .init("nobody can", .warning) { asked(&$0, failed: 1) }),
        (
            "anthropic_no_chat_model",
            .init("only embeddings", .warning) {
                asked(&$0, failed: 1)
                $0.nodes[0].stored = [.init("e", chats: false)]
            }
        ),
        (
            "anthropic_no_chat_model",
            .init("one can", nil) {
                asked(&$0, failed: 1)
                $0.nodes[0].stored = [.init("m")]
            }
        ),
        (
            "anthropic_unrouted_config",
            .init("nothing stands in", .warning) {
                asked(&$0, failed: 1)
                $0.settings.routesVendorsNames = false
            }
        ),
        (
            "anthropic_unrouted_config",
            .init("all answered", nil) {
                asked(&$0, failed: 0)
                $0.settings.routesVendorsNames = false
            }
        ),
        ("anthropic_unrouted_config", .init("automatic", nil) { asked(&$0, failed: 1) }),
    ]

    private static func cold(_ facts: inout HealthFacts) {
        facts.settings.mappings = [.init(name: "claude", model: "m")]
        facts.nodes[0].stored = [.init("m")]
    }

    private static func asked(_ facts: inout HealthFacts, failed: Int) {
        facts.digests[0].traffic.change(node: "", model: "claude") { ($0.day.anthropic, $0.day.anthropicFailed) = (5, failed) }
    }

    @Test(arguments: mapped) func vendorsNames(id: String, row: Cases.Row) { #expect(row.check(id)) }
}
