import FastLane
import Gossip
import Logging
import Synchronization
import Testing

@testable import Program

/// A model that requests ask for is pulled once, whoever asks where, and every wait has an end.
@Suite struct AutoPullTests {
    /// Pulls of engines, ended by the test.
    private final class Registry: Sendable {
        private struct State {
            var begun: [String] = []
            var isOpen = false
        }

        private let state = Mutex(State())
        let result: PullReport

        init(_ result: PullReport = PullReport(.here)) { self.result = result }

        var begun: [String] { state.withLock { $0.begun } }
        func open() { state.withLock { $0.isOpen = true } }

        func pull(_ what: String, _ progress: @Sendable (PullReport) async -> Void) async -> PullReport {
            state.withLock { $0.begun.append(what) }
            await progress(PullReport(.pulling, node: "h1", percent: 42))
            while !state.withLock({ $0.isOpen }), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
            return result
        }
    }

    private func flights(_ registry: Registry, most: Int = 4, memory: Duration = .seconds(30)) -> PullFlights {
        PullFlights(most: most, memory: memory) { await registry.pull($0, $1) }
    }

    @Test func manyAskersAreOnePull() async {
        let registry = Registry()
        let flights = flights(registry)
        await withTaskGroup(of: PullReport.self) { group in
            for name in ["Tiny", "tiny:latest", "tiny", "TINY:latest"] {
                group.addTask { await flights.ask(name, wait: .seconds(60)) }
            }
            while registry.begun.isEmpty { await Task.yield() }
            registry.open()
            for await report in group { #expect(report.state == .here) }
        }
        #expect(registry.begun.count == 1)
    }

    @Test func whoCannotWaitLearnsHowFarItIs() async {
        let registry = Registry()
        let flights = flights(registry)
        #expect(await flights.look("tiny").state == .unknown)
        var report = await flights.ask("tiny", wait: .milliseconds(100))
        while report.percent == nil { report = await flights.ask("tiny", wait: .milliseconds(10)) }
        #expect(report.state == .pulling && report.node == "h1" && report.words == "being pulled to h1 (42 %)")
        #expect(await flights.look("tiny:latest").state == .pulling)
        #expect(await flights.running == 1)
        registry.open()
        #expect(await flights.ask("tiny", wait: .seconds(60)).state == .here)
    }

    @Test func aFailureIsRememberedForAWhile() async {
        let registry = Registry(PullReport(.failed, reason: "file does not exist"))
        registry.open()
        let flights = flights(registry)
        for _ in 0..<20 { #expect(await flights.ask("slip", wait: .seconds(60)).state == .failed) }
        #expect(registry.begun.count == 1)
        let short = self.flights(registry, memory: .zero)
        for _ in 0..<3 { _ = await short.ask("slip", wait: .seconds(60)) }
        #expect(registry.begun.count == 4)
    }

    @Test func pullsAtOnceAreBounded() async {
        let registry = Registry()
        let flights = flights(registry, most: 2)
        for name in ["a", "b"] { #expect(await flights.ask(name, wait: .zero).state == .pulling) }
        #expect(await flights.ask("c", wait: .seconds(60)).state == .busy)
        #expect(await flights.ask("a", wait: .zero).state == .pulling)
        registry.open()
        #expect(await flights.ask("a", wait: .seconds(60)).state == .here)
        #expect(await flights.ask("b", wait: .seconds(60)).state == .here)
        #expect(await flights.ask("c", wait: .seconds(60)).state == .here)
    }

    // MARK: A fleet whose peers call each other

    private final class Fleet: Sendable {
        struct State {
            var holders: Set<UInt64> = []
            var router: UInt64?
            var silent: Set<UInt64> = []
            var pullers: [UInt64: ModelPuller] = [:]
        }

        let state = Mutex(State())
        let registries: [UInt64: Registry]

        init(_ results: [UInt64: PullReport]) {
            registries = results.mapValues { Registry($0) }
            for number in results.keys.sorted() {
                let registry = registries[number]
                let machine = PullFlights { [weak self] model, progress in
                    guard let registry else { return PullReport(.failed) }
                    let report = await registry.pull("\(number):\(model)", progress)
                    if report.state == .here { _ = self?.state.withLock { $0.holders.insert(number) } }
                    return report
                }
                let puller = ModelPuller(
                    view: { [weak self] in
                        self?.view(number) ?? FleetView(number: 0, selfID: .init(short: 0, low: 0), members: [], router: nil)
                    },
                    machine: machine, logger: Logger(label: "test")
                ) { [weak self] peer, path, body in
                    guard path == PullOrder.path, let self,
                        let other = self.state.withLock({ state in
                            state.silent.contains(peer.short) ? nil : state.pullers[peer.short]
                        }), let answer = await other.answer(body)
                    else { return (503, []) }
                    return (200, answer)
                }
                state.withLock { $0.pullers[number] = puller }
            }
        }

        func puller(_ number: UInt64) -> ModelPuller? { state.withLock { $0.pullers[number] } }
        var begun: [String] { registries.keys.sorted().flatMap { registries[$0]?.begun ?? [] } }
        func open() { for registry in registries.values { registry.open() } }

        func view(_ own: UInt64) -> FleetView {
            let now = state.withLock { $0 }
            let members = registries.keys.sorted().map { number in
                var member = MemberView(id: PeerID(short: number, low: 0), name: "h\(number)", status: .alive)
                if now.silent.contains(number), number != own { member.status = .unreachable }
                var hot = HotReport()
                hot.memoryAvailableMiB = UInt32(1_000 * number)
                member.hot = hot
                member.models = ModelsReport(backends: [BackendReport(id: "o", kind: .ollama, reachable: true)])
                if now.holders.contains(number) { member.models?.available = [AvailableModel(name: "tiny:latest", backend: "o")] }
                return member
            }
            let router = now.router.map { RouterView(id: PeerID(short: $0, low: 0), epoch: 1, mode: .quorate) }
            return FleetView(number: 1, selfID: PeerID(short: own, low: 0), members: members, router: router)
        }
    }

    /// Waits until so many pulls have begun, at most half a minute.
    private func begun(_ count: Int, in fleet: Fleet) async {
        let end = ContinuousClock.now + .seconds(30)
        while fleet.begun.count < count, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(5)) }
    }

    private func ask(_ fleet: Fleet, at entries: [UInt64]) async -> [AutoPull.Outcome] {
        await withTaskGroup(of: AutoPull.Outcome?.self) { group in
            for entry in entries { group.addTask { await fleet.puller(entry)?.fetch("tiny", limit: .seconds(60)) } }
            await begun(1, in: fleet)
            fleet.open()
            return await group.reduce(into: []) { list, outcome in if let outcome { list.append(outcome) } }
        }
    }

    @Test(arguments: [2, nil] as [UInt64?])
    func onePullForAllEntriesOnTheMachineWithMostMemory(_ router: UInt64?) async {
        let fleet = Fleet([1: PullReport(.here), 2: PullReport(.here), 3: PullReport(.here)])
        fleet.state.withLock { $0.router = router }
        #expect(await ask(fleet, at: [1, 2, 3, 1, 2, 3]) == Array(repeating: .here, count: 6))
        #expect(fleet.begun == ["3:tiny"])
    }

    @Test func anUnknownModelIsOneQuestionAndAPlainAnswer() async {
        let none = PullReport(.failed, reason: "pull model manifest: file does not exist")
        let fleet = Fleet([1: none, 2: none])
        #expect(await ask(fleet, at: [1, 2, 1]) == Array(repeating: .failed(nil), count: 3))
        #expect(fleet.begun == ["2:tiny"])
        let full = Fleet([1: PullReport(.failed, reason: "no space left on device")])
        #expect(await ask(full, at: [1]) == [.failed("no space left on device")])
    }

    /// The router changes while a machine pulls: the new one finds that out instead of beginning again.
    @Test func aNewRouterAdoptsThePullThatRuns() async {
        let fleet = Fleet([1: PullReport(.here), 2: PullReport(.here), 3: PullReport(.here)])
        fleet.state.withLock { $0.router = 1 }
        async let first = fleet.puller(1)?.fetch("tiny", limit: .seconds(60))
        await begun(1, in: fleet)
        #expect(fleet.begun == ["3:tiny"])
        fleet.state.withLock { $0.router = 2 }
        // Another machine has most memory free now.
        let second = await fleet.puller(2)?.fetch("tiny", limit: .milliseconds(300))
        guard case .later(let words, _)? = second else {
            Issue.record("\(String(describing: second))")
            return
        }
        #expect(words.contains("pulled"))
        fleet.open()
        #expect(await first == .here)
        #expect(await fleet.puller(2)?.fetch("tiny", limit: .seconds(60)) == .here)
        #expect(fleet.begun == ["3:tiny"])
    }

    @Test func aMachineThatIsGoneIsReplaced() async {
        let fleet = Fleet([1: PullReport(.here), 2: PullReport(.here), 3: PullReport(.here)])
        async let outcome = fleet.puller(1)?.fetch("tiny", limit: .seconds(120))
        await begun(1, in: fleet)
        _ = fleet.state.withLock { $0.silent.insert(3) }
        await begun(2, in: fleet)
        fleet.open()
        #expect(await outcome == .here)
        #expect(fleet.begun == ["2:tiny", "3:tiny"])
    }

    @Test func itTakesTooLongAndSaysHowFarItIs() async {
        let fleet = Fleet([1: PullReport(.here)])
        let late = AutoPull.Outcome.later("model 'tiny' is being pulled to h1 (42 %): try again later", retryAfterSeconds: 30)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(60)
        var outcome: AutoPull.Outcome?
        // The machine tells the desk, the desk the peer that asks.
        while outcome != late, clock.now < end { outcome = await fleet.puller(1)?.fetch("tiny", limit: .milliseconds(300)) }
        #expect(outcome == late)
        fleet.open()
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"step":"steal","model":"a","waitMilliseconds":1}"#,
        #"{"step":"look","model":"","waitMilliseconds":1}"#,
    ])
    func whatIsNoOrderIsRefused(_ body: String) async {
        #expect(await Fleet([1: PullReport(.here)]).puller(1)?.answer(Array(body.utf8)) == nil)
    }

    @Test func anOrdersWaitIsBounded() {
        var order = PullOrder(.look, model: "a", wait: .seconds(3_600))
        #expect(order.wait == PullOrder.longestWait)
        order.waitMilliseconds = -5
        #expect(order.wait == .zero)
        order.waitMilliseconds = .max
        #expect(order.wait == PullOrder.longestWait)
    }
}
