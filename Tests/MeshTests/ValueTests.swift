import Discovery
import NIOCore
import Testing

@testable import Gossip
@testable import Mesh

/// Small values of the shell.
@Suite struct ValueTests {
    // MARK: Addresses

    @Test(arguments: [
        ("10.0.0.1", "10.0.0.1"), ("255.255.255.255", "255.255.255.255"), ("::1", "::1"), ("FD00:0:0::7", "fd00::7"),
        ("fe80::1%3", "fe80::1%3"),
        ("::ffff:10.0.0.1", "10.0.0.1"), ("fd00::1%3", "fd00::1"),
    ])
    func addressesReadAndWritten(text: String, shown: String) throws {
        let address = try #require(AddressText.parse(text))
        #expect(AddressText.format(address) == shown)
        let endpoint = Endpoint(address, port: 11_445)
        #expect(Endpoint(endpoint.socketAddress) == endpoint)
        #expect(AddressText.parse(AddressText.format(address)) == address)
        #expect(AddressText.parse(address.description) == address)
    }

    @Test(arguments: [
        "", "10.0.0", "10.0.0.256", "10.0.0.1 ", "host", "fe80::1%", "fe80::1%0", "fe80::1%nosuchif", ":::", "1:2:3", "%1",
        "10.0.0.1%1",
    ])
    func noAddresses(text: String) {
        #expect(AddressText.parse(text) == nil)
    }

    @Test func rawAddressesAreBounded() {
        for length in 0..<16 { #expect(Endpoint(rawBytes: [UInt8](repeating: 2, count: length)) == nil) }
        #expect(Endpoint(rawBytes: [10, 0] + [UInt8](repeating: 0, count: 20)) == nil)
        #expect(Endpoint(rawBytes: [1, 0] + [UInt8](repeating: 0, count: 100)) == nil)
        #expect(
            Endpoint(rawBytes: [2, 0, 1, 2, 10, 0, 0, 1] + [UInt8](repeating: 0, count: 8))
                == Endpoint(.v4(0x0A00_0001), port: 0x0102))
    }

    // MARK: Resume

    @Test func resumeTable() {
        // Seconds on the boot and the monotonic clock, and what is told.
        let table: [(boot: Double, mono: Double, away: Double?)] = [
            (10.4, 10.4, nil), (11.0, 10.6, nil), (12.0, 10.9, 1.1), (12.1, 11.0, nil), (14.6, 13.5, 2.1), (14.7, 13.6, nil),
            (3_700, 14.0, 3_685.4),
        ]
        func instant(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }
        var detector = ResumeDetector(boot: instant(10), monotonic: instant(10), tickDue: instant(10.5))
        for (number, row) in table.enumerated() {
            let away = detector.check(boot: instant(row.boot), monotonic: instant(row.mono))
            #expect((away == nil) == (row.away == nil), "row \(number): \(String(describing: away))")
            if let away, let expected = row.away { #expect(abs(Double(away.wholeMilliseconds) / 1_000 - expected) < 0.01) }
            if number < 3 { detector.ticked(next: instant(row.boot + 0.5)) }
        }
    }

    // MARK: Bounds

    @Test func syncsAreBoundedAndInOrder() {
        var queue = SyncQueue()
        func endpoint(_ number: Int) -> Endpoint { Endpoint(.v4(UInt32(number)), port: 1) }
        var verdicts: [SyncQueue.Verdict] = []
        for number in 1...(8 + 64 + 2) { verdicts.append(queue.add(endpoint(number))) }
        #expect(verdicts.prefix(8).allSatisfy { $0 == .start })
        #expect(verdicts[8..<72].allSatisfy { $0 == .wait })
        #expect(verdicts[72...].allSatisfy { $0 == .full })
        let again = [queue.add(endpoint(3)), queue.add(endpoint(20))]
        #expect(again == [.alreadyUnderWay, .alreadyUnderWay])
        let next = [queue.ended(endpoint(3)), queue.ended(endpoint(1))]
        #expect(next == [endpoint(9), endpoint(10)])
        #expect(queue.running.count == 8)
        for number in 1...80 { _ = queue.ended(endpoint(number)) }
        #expect(queue.running.count <= 8 && queue.waiting.isEmpty)
    }

    @Test func logLinesAreBounded() {
        var limiter = LogLimiter()
        func admit(_ seconds: Int, _ kind: String = "a", most: Int = 1) -> Int? {
            limiter.admit(kind, now: .zero + .seconds(seconds), most: most)
        }
        let told = [
            admit(0), admit(1), admit(9), admit(10), admit(11), admit(1, "b", most: 2), admit(1, "b", most: 2),
            admit(1, "b", most: 2),
        ]
        #expect(told == [0, nil, nil, 2, nil, 0, 0, nil])
    }

    @Test func sightingsAreBounded() {
        var budget = TokenBudget(burst: 64, perSecond: 16, now: .zero)
        var spent = 0
        for _ in 0..<1_000 where budget.spend(now: .zero) { spent += 1 }
        #expect(spent == 64)
        for _ in 0..<1_000 where budget.spend(now: .zero + .seconds(1)) { spent += 1 }
        #expect(spent == 80)
        for _ in 0..<1_000 where budget.spend(now: .zero + .seconds(100_000)) { spent += 1 }
        #expect(spent == 144)
    }

    // MARK: Sync documents

    private func record(_ number: UInt64) -> MemberRecord {
        MemberRecord(
            id: PeerID(short: number, low: 0), generation: 1, incarnation: 0, status: .alive, endpoint: Endpoint(.v4(1), port: 1),
            candidacy: Candidacy())
    }

    @Test func documentsComeBack() throws {
        let stamp = ColdStamp(id: PeerID(short: 1, low: 0), kind: .models, version: RecordVersion(generation: 1, counter: 2))
        let message = SyncMessage(
            sender: record(1), members: [record(1), record(2)], have: [stamp],
            records: [ColdRecord(stamp: stamp, payload: (0...255).map { $0 })],
            hot: [
                HotRecord(
                    id: PeerID(short: 1, low: 0), version: RecordVersion(generation: 1, counter: 9), ageMilliseconds: 5,
                    coldVersions: ColdVersions(models: 2), report: HotReport())
            ], lease: nil)
        #expect(SyncDocument.decode(try SyncDocument.encode(message)) == message)
    }

    @Test func whatDoesNotFitIsLeftOutColdRecordsFirst() throws {
        let records = (1...20).map { number in
            ColdRecord(
                stamp: ColdStamp(
                    id: PeerID(short: UInt64(number), low: 0), kind: .fixed, version: RecordVersion(generation: 1, counter: 1)),
                payload: [UInt8](repeating: 7, count: 10_000))
        }
        let message = SyncMessage(
            sender: record(1), members: (1...20).map { record($0) }, have: [], records: records, hot: [], lease: nil)
        let bytes = try SyncDocument.encode(message, limit: 100_000)
        #expect(bytes.count <= 100_000)
        let back = try #require(SyncDocument.decode(bytes))
        #expect(back.members.count == 20)
        #expect((1..<20).contains(back.records.count))
    }

    // MARK: Names

    @Test func nameTable() {
        let (low, me, high) = (PeerID(short: 1, low: 0), PeerID(short: 2, low: 0), PeerID(short: 3, low: 0))
        func claim(_ id: PeerID, _ held: Int?, _ name: String = "n") -> NameClash.Claim {
            NameClash.Claim(id: id, name: name, heldSeconds: held)
        }
        let table: [([NameClash.Claim], Int?, NameClash.Verdict)] = [
            ([], nil, .none), ([claim(low, nil, "other")], nil, .none), ([claim(low, nil)], nil, .publishClaim(with: low)),
            ([claim(low, 0)], nil, .publishClaim(with: low)), ([claim(low, nil)], 5, .none),
            ([claim(low, 5)], 5, .yield(to: low)),
            ([claim(high, 5)], 5, .none), ([claim(high, 7)], 5, .none), ([claim(high, 8)], 5, .yield(to: high)),
            ([claim(low, 3)], 5, .yield(to: low)), ([claim(low, 2)], 5, .none),
            ([claim(high, 0), claim(low, 900)], 5, .yield(to: low)),
            ([claim(high, .min)], .max, .none), ([claim(me, 900)], 5, .none),
        ]
        for (number, row) in table.enumerated() {
            #expect(NameClash.judge(name: "n", selfID: me, heldSeconds: row.1, others: row.0) == row.2, "row \(number)")
        }
    }

    @Test func exactlyOneOfTwoYields() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<2_000 {
            let (a, b) = (PeerID(using: &random), PeerID(using: &random))
            let (heldA, heldB) = (Int.random(in: 0...10, using: &random), Int.random(in: 0...10, using: &random))
            let first = NameClash.judge(
                name: "n", selfID: a, heldSeconds: heldA, others: [.init(id: b, name: "n", heldSeconds: heldB)])
            let second = NameClash.judge(
                name: "n", selfID: b, heldSeconds: heldB, others: [.init(id: a, name: "n", heldSeconds: heldA)])
            #expect((first == .none) != (second == .none))
        }
    }

    @Test func namesInAViewAreUniqueAndRecordsDecodedOnce() throws {
        var builder = ViewBuilder(selfID: PeerID(short: 1, low: 0), selfName: "me")
        func entry(_ number: UInt64, _ name: String?) -> MemberEntry {
            ScriptedRules.entry(record(number), status: .alive, fixed: name.map { StaticPayload(report: StaticReport(name: $0)) })
        }
        let entries = [
            entry(1, nil), entry(2, "n"), entry(3, "n"), entry(4, "n-0000"), entry(5, nil), entry(6, ""), entry(7, "n"),
        ]
        let view = builder.build(entries, router: nil)
        #expect(
            view.members.map(\.name) == [
                "me", "n", "n-0000", "n-0000-0000", "peer-00000000", "peer-00000000-0000", "n-00000000",
            ])
        #expect(Set(view.members.map(\.name)).count == 7)
        #expect(view.number == 1 && view.selfID == PeerID(short: 1, low: 0))
        #expect(builder.build(entries, router: nil).number == 2)
        // A payload under a version that is known is not looked at again; a broken one is counted, once.
        var broken = entries[1]
        broken.fixed = ColdEntry(version: RecordVersion(generation: 1, counter: 2), payload: [1, 2])
        for _ in 0..<3 { _ = builder.build([broken], router: nil) }
        #expect(builder.undecodable == 1)
    }

    @Test func staticPayloadsAreReadByOlderPeers() throws {
        let payload = StaticPayload(report: StaticReport(name: "n"), nameHeldSeconds: 9)
        let bytes = try #require(ReportCoding.encode(payload))
        #expect(ReportCoding.decode(StaticPayload.self, bytes) == payload)
        #expect(ReportCoding.decode(StaticReport.self, bytes)?.name == "n")
        let old = try #require(ReportCoding.encode(StaticReport(name: "n")))
        #expect(ReportCoding.decode(StaticPayload.self, old)?.nameHeldSeconds == nil)
    }

    // MARK: Own address

    @Test func theOwnAddressIsOneThatOthersCanUse() {
        #expect(OwnAddress.pick(bound: [.v4(0x7F00_0001)]) == .v4(0x7F00_0001))
        #expect(!OwnAddress.pick(bound: [.v4(0)]).isUnspecified)
    }
}
