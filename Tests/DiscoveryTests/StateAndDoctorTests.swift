import Testing

@testable import Discovery

@Suite struct StateAndDoctorTests {
    @Test func everyStateHasASentenceAndAWord() {
        let states: [DiscoveryState] = [
            .off, .connecting("asking for the system bus"), .noBus, .noDaemon, .running(name: nil),
            .running(name: "attic-01234567"),
        ]
        for state in states {
            #expect(state.sentence.hasPrefix("mDNS"))
            #expect(state.sentence.hasSuffix("."))
        }
        #expect(Set(states.map(\.word)) == ["off", "connecting", "no-bus", "no-daemon", "running"])
        #expect(DiscoveryState.running(name: "attic-01234567").sentence.contains("attic-01234567"))
        #expect(DiscoveryState.noBus.sentence.contains("--router-url"))
        #expect(DiscoveryState.noDaemon.sentence.contains("avahi-daemon"))
    }

    private func levels(_ change: (inout SessionBoard.Facts) -> Void) -> [DiscoveryDoctor.Finding.Level] {
        findings(change).map(\.level)
    }

    private func findings(_ change: (inout SessionBoard.Facts) -> Void) -> [DiscoveryDoctor.Finding] {
        var facts = SessionBoard.Facts()
        change(&facts)
        return DiscoveryDoctor.findings(facts, bus: SystemBus(address: "unix:path=/nowhere/bus"))
    }

    @Test func doctorTellsBusFromDaemon() {
        #expect(levels { $0.state = .noBus } == [.problem])
        #expect(findings { $0.state = .noBus }.first?.title.contains("/nowhere/bus does not exist") == true)
        #expect(levels { $0.state = .noDaemon } == [.ok, .problem])
        #expect(
            levels {
                $0.state = .connecting("x"); $0.lastError = "Timeout"
            } == [.ok, .problem])
        #expect(
            findings {
                $0.state = .connecting("x"); $0.lastError = "Timeout"
            }.last?.title.contains("Timeout") == true)
    }

    @Test func doctorTellsWhatWorks() {
        let all = findings {
            $0 = .init(state: .running(name: "x"), version: "avahi 0.8", announced: true, browsed: true, peers: 2)
        }
        #expect(all.map(\.level) == [.ok, .ok, .ok, .ok])
        #expect(all.last?.title.contains("2 peers are announced") == true)
        let alone = findings { $0 = .init(state: .running(name: "x"), announced: true, browsed: true) }
        #expect(alone.map(\.level) == [.ok, .ok, .ok, .warning])
        let slow = findings { $0 = .init(state: .running(name: nil)) }
        #expect(slow.map(\.level) == [.ok, .ok, .warning, .warning])
        for finding in all + alone + slow where finding.level != .ok { #expect(!finding.advice.isEmpty) }
    }

    @Test func readsTheBusAddress() {
        #expect(SystemBus(address: "unix:path=/a/b,guid=1;tcp:host=x").path == "/a/b")
        #expect(SystemBus(address: "tcp:host=x,port=1").path == nil)
        #expect(SystemBus(address: "unix:path=/").socketExists == true)
        #expect(SystemBus(address: "").socketExists == nil)
    }

    @Test(.timeLimit(.minutes(1))) func fakeAndNoneBehave() async {
        let fake = FakeDiscovery()
        let run = Task { await fake.run() }
        #expect(await eventually { fake.state == .running(name: "fake") })
        fake.vanish(shortID: "0123456789abcdef")
        fake.reannounce()
        var events = fake.events.makeAsyncIterator()
        #expect(await events.next() == .vanished(shortID: "0123456789abcdef"))
        #expect(fake.reannouncements == 1)
        run.cancel()
        await run.value
        #expect(fake.state == .off)
        for await _ in NoDiscovery().events { Issue.record("nobody can be seen") }
    }
}
