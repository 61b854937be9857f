import Gossip
import Routing
import Testing

@Suite struct SlotTableTests {
    let small = ModelKey(name: "small:7b")
    let large = ModelKey(name: "large:70b")

    func table(_ slots: Int = 2, draining: Bool = false) -> SlotTable {
        var table = SlotTable()
        table.configure(slotsPerModel: [("ollama", slots), ("vllm", 1)], draining: draining)
        return table
    }

    func at(_ seconds: Double) -> Instant { now + .milliseconds(Int64(seconds * 1000)) }

    @Test func anEmptyTableHasNoBackend() {
        var table = SlotTable()
        #expect(table.admit(1, model: small, backend: "ollama", now: now) == .busy(Busy(reason: "no_backend")))
        #expect(table.load == SlotLoad())
    }

    @Test func slotsAreCountedPerBackendAndModel() {
        var table = table(1)
        #expect(table.admit(1, model: small, backend: "ollama", now: now) == .run)
        #expect(table.admit(2, model: large, backend: "ollama", now: now) == .run)
        #expect(table.admit(3, model: small, backend: "vllm", now: now) == .run)
        #expect(table.admit(4, model: small, backend: "ollama", now: now) == .wait)
        #expect(table.load.inFlight == 3)
        #expect(table.load.queued == 1)
        #expect(table.load.models.map { $0.backend } == ["ollama", "ollama", "vllm"])
        #expect(table.load.models.first { $0.model == small }?.queued == 1)
    }

    @Test func withoutRuntimesAsManyWaitAsThereAreSlots() {
        var table = table(2)
        let answers = (1...5).map { table.admit($0, model: small, backend: "ollama", now: now) }
        #expect(answers == [.run, .run, .wait, .wait, .busy(Busy(reason: "slots", inFlight: 2, queued: 2))])
    }

    @Test func whoWaitsRunsInOrder() {
        var table = table(2)
        for request in 1...4 as ClosedRange<UInt64> { _ = table.admit(request, model: small, backend: "ollama", now: now) }
        #expect(table.finished(2, now: at(1)) == 3)
        #expect(table.finished(1, now: at(1)) == 4)
        #expect(table.finished(3, now: at(1)) == nil)
        #expect(table.finished(3, now: at(1)) == nil)
        #expect(table.load.inFlight == 1)
    }

    /// A flood has the slot and the place behind it; another client's first request waits all the same, and runs next.
    @Test func aFloodKeepsNobodyOut() {
        var table = table(1)
        let flood = Turn(client: 1)
        let other = Turn(client: 2)
        #expect(table.admit(1, model: small, backend: "ollama", turn: flood, now: now) == .run)
        #expect(table.admit(2, model: small, backend: "ollama", turn: flood, now: now) == .wait)
        #expect(table.admit(3, model: small, backend: "ollama", turn: flood, now: now).isBusy)
        #expect(table.admit(4, model: small, backend: "ollama", turn: other, now: now) == .wait)
        #expect(table.admit(5, model: small, backend: "ollama", turn: other, now: now).isBusy)
        #expect(table.admit(6, model: small, backend: "ollama", turn: Turn(client: 3), now: now).isBusy, "that much is enough")
        #expect(table.finished(1, now: at(1)) == 4)
        #expect(table.finished(4, now: at(2)) == 2)
    }

    @Test func theMoreUrgentRunsFirst() {
        var table = table(2)
        for request in 1...2 as ClosedRange<UInt64> { _ = table.admit(request, model: small, backend: "ollama", now: now) }
        #expect(
            table.admit(3, model: small, backend: "ollama", turn: Turn(client: 9, priority: .batch), now: now) == .wait)
        #expect(
            table.admit(4, model: small, backend: "ollama", turn: Turn(client: 8, priority: .interactive), now: now) == .wait)
        #expect(table.finished(1, now: at(1)) == 4)
        #expect(table.finished(2, now: at(1)) == 3)
    }

    @Test func aWaitingRequestThatLeavesIsSkipped() {
        var table = table(2)
        for request in 1...4 as ClosedRange<UInt64> { _ = table.admit(request, model: small, backend: "ollama", now: now) }
        #expect(table.abandoned(3, now: now) == nil)
        #expect(table.finished(3, now: now) == nil)
        #expect(table.load.queued == 1)
        #expect(table.finished(1, now: at(1)) == 4)
    }

    @Test func aRunningRequestThatLeavesHandsItsSlotOn() {
        var table = table(1)
        for request in 1...2 as ClosedRange<UInt64> { _ = table.admit(request, model: small, backend: "ollama", now: now) }
        #expect(table.abandoned(1, now: at(1)) == 2)
        #expect(table.load.inFlight == 1)
        #expect(table.load.queued == 0)
    }

    /// The mean is 5 s. At 2.9 s of a run there are 2.1 s left, at 3.1 s there are 1.9.
    @Test func waitingIsAllowedWhenASlotIsNear() {
        var table = table(1)
        _ = table.admit(1, model: small, backend: "ollama", now: now)
        _ = table.finished(1, now: at(5))
        _ = table.admit(2, model: small, backend: "ollama", now: at(10))
        #expect(
            table.admit(3, model: small, backend: "ollama", now: at(12.9))
                == .busy(Busy(reason: "slots", inFlight: 1, queued: 0, etaMilliseconds: 2100)))
        #expect(table.admit(3, model: small, backend: "ollama", now: at(13.1)) == .wait)
        #expect(
            table.admit(4, model: small, backend: "ollama", now: at(13.1))
                == .busy(Busy(reason: "slots", inFlight: 1, queued: 1, etaMilliseconds: 6900)))
    }

    /// 10 s, then 5 s: 10 + 0.2 · (5 − 10) = 9 s. A run that was given up does not count.
    @Test func theMeanFollowsNewRuntimes() {
        var table = table(1)
        for (request, runtime) in [(1, 10.0), (2, 5)] as [(UInt64, Double)] {
            _ = table.admit(request, model: small, backend: "ollama", now: now)
            _ = table.finished(request, now: at(runtime))
        }
        _ = table.admit(3, model: small, backend: "ollama", now: now)
        table.abandoned(3, now: at(100))
        _ = table.admit(4, model: small, backend: "ollama", now: now)
        #expect(
            table.admit(5, model: small, backend: "ollama", now: now)
                == .busy(Busy(reason: "slots", inFlight: 1, queued: 0, etaMilliseconds: 9000)))
        // A run that is over its time is expected to take a tenth of the mean still.
        #expect(table.admit(5, model: small, backend: "ollama", now: at(60)) == .wait)
    }

    @Test func duplicatesAreRefused() {
        var table = table(1)
        _ = table.admit(1, model: small, backend: "ollama", now: now)
        _ = table.admit(2, model: small, backend: "ollama", now: now)
        for request in [1, 2] as [UInt64] {
            #expect(
                table.admit(request, model: large, backend: "vllm", now: now)
                    == .busy(Busy(reason: "duplicate", inFlight: 1, queued: 1)))
        }
        _ = table.finished(1, now: now)
        #expect(table.admit(1, model: large, backend: "vllm", now: now) == .run)
    }

    @Test func drainingRefusesNewOnesAndServesOldOnes() {
        var table = table(1)
        for request in 1...2 as ClosedRange<UInt64> { _ = table.admit(request, model: small, backend: "ollama", now: now) }
        table.configure(slotsPerModel: [("ollama", 1)], draining: true)
        #expect(
            table.admit(3, model: large, backend: "ollama", now: now) == .busy(Busy(reason: "draining", inFlight: 1, queued: 1)))
        #expect(table.finished(1, now: now) == 2)
        #expect(table.finished(2, now: now) == nil)
        #expect(table.load.inFlight == 0)
    }

    @Test func fewerSlotsLoseNobody() {
        var table = table(3)
        for request in 1...5 as ClosedRange<UInt64> { _ = table.admit(request, model: small, backend: "ollama", now: now) }
        table.configure(slotsPerModel: [("ollama", 1)], draining: false)
        let settled = table.settle(now: now)
        #expect(settled.run.isEmpty && settled.lost.isEmpty)
        #expect(table.load.inFlight == 3)
        #expect(table.finished(1, now: now) == nil)
        #expect(table.finished(2, now: now) == nil)
        #expect(table.finished(3, now: now) == 4)
        #expect(table.finished(4, now: now) == 5)
    }

    @Test func moreSlotsLetWaitingOnesRun() {
        var table = table(1)
        for request in 1...2 as ClosedRange<UInt64> { _ = table.admit(request, model: small, backend: "ollama", now: now) }
        table.configure(slotsPerModel: [("ollama", 3)], draining: false)
        #expect(table.admit(3, model: small, backend: "ollama", now: now) == .wait, "nobody overtakes")
        #expect(table.settle(now: now).run == [2, 3])
        #expect(table.load.inFlight == 3)
        #expect(table.load.queued == 0)
    }

    @Test func whoWaitsForAnEngineThatIsGoneIsTold() {
        var table = table(1)
        for request in 1...2 as ClosedRange<UInt64> { _ = table.admit(request, model: small, backend: "ollama", now: now) }
        table.configure(slotsPerModel: [("vllm", 1)], draining: false)
        #expect(table.settle(now: now).lost == [2])
        #expect(table.load.inFlight == 1)
        #expect(table.load.queued == 0)
        #expect(table.finished(1, now: now) == nil)
    }

    @Test func oddSlotCountsAreBounded() {
        var table = SlotTable()
        table.configure(slotsPerModel: [("none", 0), ("minus", -3), ("huge", .max)], draining: false)
        #expect(table.admit(1, model: small, backend: "none", now: now) == .busy(Busy(reason: "slots")))
        #expect(table.admit(1, model: small, backend: "minus", now: now) == .busy(Busy(reason: "slots")))
        #expect(table.admit(1, model: small, backend: "huge", now: now) == .run)
    }

    @Test func theTableIsBoundedWhateverIsAsked() {
        var table = table(1)
        for request in 0..<UInt64(SlotTable.requestLimit) {
            #expect(table.admit(request, model: ModelKey(rawValue: request), backend: "ollama", now: now) == .run)
        }
        #expect(
            table.admit(.max, model: small, backend: "vllm", now: now)
                == .busy(Busy(reason: "slots", inFlight: SlotTable.requestLimit, queued: 0)))
        for request in 0..<UInt64(SlotTable.requestLimit) { _ = table.finished(request, now: now) }
        #expect(table.load == SlotLoad())
    }

    @Test func clocksThatStepBackDoNoHarm() {
        var table = table(1)
        _ = table.admit(1, model: small, backend: "ollama", now: at(100))
        _ = table.finished(1, now: now)
        #expect(table.admit(2, model: small, backend: "ollama", now: .zero) == .run)
        #expect(table.admit(3, model: small, backend: "ollama", now: .distantFuture) == .wait)
    }
}

extension Admission {
    fileprivate var isBusy: Bool { if case .busy = self { true } else { false } }
}
