import Gossip
import Testing

@testable import Mesh

@Suite struct SeedTableTests {
    let me = PeerID(short: 1, low: 1)
    let other = PeerID(short: 2, low: 2)
    let address = IPAddress.v4(0x0A00_0007)

    /// `#expect` cannot call what changes a value.
    private final class Seeds {
        var table: SeedTable
        init(_ table: SeedTable) { self.table = table }
        var nextWake: Instant { table.nextWake }
        var entries: [SeedTable.Entry] { table.entries }
        func handle(_ event: SeedEvent, now: Instant) -> [SeedAction] { table.handle(event, now: now) }
    }

    private func table(_ texts: String...) throws -> Seeds {
        Seeds(SeedTable(try texts.map { try SeedURL($0) }, selfID: me, fleetTag: "0000000a", seed: 1, now: .zero))
    }

    private func facts(_ id: PeerID? = nil, tag: String = "0000000a", port: UInt16 = 4_444, version: Int = 1) -> MeshFacts {
        MeshFacts(peerID: (id ?? other).hex, fleetTag: tag, meshPort: port, protocolVersion: version)
    }

    @Test func aClientPortIsAskedForTheMeshPort() throws {
        let seeds = try table("http://10.0.0.7:11435")
        #expect(seeds.nextWake == .zero)
        #expect(seeds.handle(.wake, now: .zero) == [.ask(seed: 0, Endpoint(address, port: 11_435))])
        #expect(
            seeds.handle(.facts(seed: 0, facts(), from: address), now: .zero) == [
                .candidate(Endpoint(address, port: 4_444), expected: 2), .changed(seed: 0),
            ])
        let member = SeedMember(id: other, endpoint: Endpoint(address, port: 4_444), name: "studio")
        #expect(seeds.handle(.members([member]), now: .zero) == [.changed(seed: 0)])
        #expect(seeds.entries[0].state == .joined(other, name: "studio"))
        #expect(seeds.nextWake == .distantFuture)
        #expect(seeds.handle(.members([member]), now: .zero) == [])
    }

    @Test func namesAreResolvedAnewEachTime() throws {
        let seeds = try table("studio")
        #expect(seeds.handle(.wake, now: .zero) == [.resolve(seed: 0, host: "studio")])
        #expect(seeds.handle(.wake, now: .zero) == [])
        #expect(seeds.handle(.resolved(seed: 0, [address]), now: .zero) == [.ask(seed: 0, Endpoint(address, port: 11_445))])
        _ = seeds.handle(.factsFailed(seed: 0, "refused"), now: .zero)
        #expect(seeds.handle(.wake, now: seeds.nextWake) == [.resolve(seed: 0, host: "studio")])
        #expect(seeds.handle(.resolveFailed(seed: 0, "no such name"), now: .zero) == [.changed(seed: 0)])
        #expect(seeds.handle(.resolved(seed: 0, []), now: .zero) == [])
    }

    @Test func withoutFactsTheUsualMeshPortIsDialled() throws {
        let table: [(String, [UInt16])] = [
            ("10.0.0.7", [11_445]), ("10.0.0.7:11435", [11_445]), ("10.0.0.7:11445", [11_445]),
            ("10.0.0.7:7000", [11_445, 7_000]),
        ]
        for (url, ports) in table {
            let seeds = try self.table(url)
            _ = seeds.handle(.wake, now: .zero)
            let actions = seeds.handle(.factsFailed(seed: 0, "connection refused"), now: .zero)
            #expect(actions.dropLast() == ports.map { .candidate(Endpoint(address, port: $0), expected: nil) }[...])
            #expect(actions.last == .changed(seed: 0))
            let member = SeedMember(id: other, endpoint: Endpoint(address, port: 11_445), name: "x")
            #expect(seeds.handle(.members([member]), now: .zero) == [.changed(seed: 0)])
        }
    }

    @Test func allAddressesAreTriedBestFirst() throws {
        let seeds = try table("studio")
        _ = seeds.handle(.wake, now: .zero)
        let linkLocal = IPAddress.v6(high: 0xFE80 << 48, low: 1, scope: 2)
        let global = IPAddress.v6(high: 0xFD00 << 48, low: 1, scope: 0)
        let first = seeds.handle(.resolved(seed: 0, [linkLocal, .v4(0), global, address]), now: .zero)
        #expect(first == [.ask(seed: 0, Endpoint(address, port: 11_445))])
        #expect(seeds.handle(.factsFailed(seed: 0, "refused"), now: .zero).last == .ask(seed: 0, Endpoint(global, port: 11_445)))
        #expect(
            seeds.handle(.factsFailed(seed: 0, "refused"), now: .zero).last == .ask(seed: 0, Endpoint(linkLocal, port: 11_445)))
        #expect(seeds.handle(.factsFailed(seed: 0, "refused"), now: .zero).last == .changed(seed: 0))
    }

    @Test func waitsGrowTo30SecondsAndStayForEver() throws {
        let seeds = try table("10.0.0.7")
        var now = Instant.zero
        var waits: [Double] = []
        for round in 0..<40 {
            let actions = seeds.handle(.wake, now: now)
            #expect(actions == [.ask(seed: 0, Endpoint(address, port: 11_445))])
            let failed = seeds.handle(.factsFailed(seed: 0, "connection refused"), now: now)
            // One line per change of state, not per try.
            #expect(failed.contains(.changed(seed: 0)) == (round == 0))
            let wait = seeds.nextWake - now
            waits.append(Double(wait.wholeMilliseconds) / 1_000)
            #expect(seeds.handle(.wake, now: seeds.nextWake - .nanoseconds(1)) == [])
            now = seeds.nextWake
        }
        for (wait, base) in zip(waits, [2.0, 4, 8, 16, 30, 30, 30]) { #expect(wait >= base * 0.8 && wait <= min(30, base * 1.2)) }
        #expect(waits.allSatisfy { $0 <= 30 })
    }

    @Test func aLostPeerIsDialledAtOnceAgain() throws {
        let seeds = try table("10.0.0.7")
        _ = seeds.handle(.wake, now: .zero)
        _ = seeds.handle(.facts(seed: 0, facts(), from: address), now: .zero)
        _ = seeds.handle(.members([SeedMember(id: other, endpoint: Endpoint(address, port: 1), name: "x")]), now: .zero)
        let later = Instant.zero + .seconds(500)
        #expect(seeds.handle(.members([]), now: later) == [.changed(seed: 0)])
        #expect(seeds.nextWake == later)
        #expect(seeds.handle(.wake, now: later) == [.ask(seed: 0, Endpoint(address, port: 11_445))])
    }

    @Test func strangersAndMirrorsAreRefusedAndTriedAgain() throws {
        let cases: [(MeshFacts, String)] = [
            (facts(tag: "0000000b"), "it belongs to another fleet"), (facts(me), "it is this peer itself"),
            (facts(version: 9), "it speaks version 9 of the mesh protocol"),
        ]
        for (facts, reason) in cases {
            let seeds = try table("10.0.0.7")
            _ = seeds.handle(.wake, now: .zero)
            #expect(seeds.handle(.facts(seed: 0, facts, from: address), now: .zero) == [.changed(seed: 0)])
            #expect(seeds.entries[0].state == .refused(reason: reason))
            #expect(seeds.nextWake < .distantFuture)
            _ = seeds.handle(.wake, now: seeds.nextWake)
            #expect(seeds.handle(.facts(seed: 0, facts, from: address), now: .zero) == [])
            _ = seeds.handle(.wake, now: seeds.nextWake)
            _ = seeds.handle(.facts(seed: 0, self.facts(), from: address), now: .zero)
            guard case .dialling = seeds.entries[0].state else {
                Issue.record("\(seeds.entries[0].state)")
                return
            }
        }
    }

    @Test func lateAndForeignResultsAreIgnored() throws {
        let seeds = try table("10.0.0.7")
        #expect(seeds.handle(.facts(seed: 0, facts(), from: address), now: .zero) == [])
        #expect(seeds.handle(.factsFailed(seed: 3, "x"), now: .zero) == [])
        #expect(seeds.handle(.resolved(seed: -1, [address]), now: .zero) == [])
        _ = seeds.handle(.wake, now: .zero)
        #expect(seeds.handle(.facts(seed: 0, facts(nil, port: 1), from: address), now: .zero).count == 2)
        var bad = facts()
        bad.peerID = "zz"
        _ = seeds.handle(.wake, now: seeds.nextWake)
        #expect(
            !seeds.handle(.facts(seed: 0, bad, from: address), now: .zero).contains {
                if case .candidate = $0 { true } else { false }
            })
    }
}
