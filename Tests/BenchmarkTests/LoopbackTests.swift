import Foundation
import Synchronization
import Testing

@testable import BenchCommand

/// The load generator against the stand-in, without a relay between them.
@Suite(.serialized) struct LoopbackTests {
    /// Says to another thread that it is time to end, and to the first one that it has ended.
    final class Ending: Sendable {
        private let wanted = Mutex(false)
        private let problem = Mutex<String?>(nil)

        var isWanted: Bool { wanted.withLock(\.self) }
        func want() { wanted.withLock { $0 = true } }
        func failed(_ error: any Error) { problem.withLock { $0 = "\(error)" } }
        var failure: String? { problem.withLock(\.self) }
    }

    /// A stand-in on a thread of its own while `body` runs.
    func withEngine(slots: Int = 0, _ body: (UInt16) throws -> Void) throws {
        let listener = try Socket.listen(port: 0)
        let port = Socket.port(of: listener)
        let ending = Ending()
        Thread.detachNewThread {
            do throws(BenchProblem) {
                let engine = try StandInEngine(listener: listener, models: ["bench:latest"], slots: slots)
                try engine.run { ending.isWanted }
            } catch { ending.failed(error) }
        }
        defer { ending.want() }
        try body(port)
        #expect(ending.failure == nil)
    }

    func plan(_ port: UInt16, connections: Int = 4, streams: Bool = false, chunks: Int = 1, interval: Int = 0, delay: Int = 0)
        -> LoadPlan
    {
        let target = LoadPlan.Target(
            name: "engine", port: port, path: "/api/chat", headers: [], dialect: "ollama", verbatim: true,
            models: ["bench:latest"], pids: [])
        return LoadPlan(
            targets: [target], connections: connections, rounds: 2, windowSeconds: 0.05, warmSeconds: 0.01, streams: streams,
            chunks: chunks, intervalMicroseconds: interval, delayMicroseconds: delay)
    }

    @Test func wholeAnswersAreCountedAndTimed() throws {
        try withEngine { port in
            let figures = try LoadRun(plan: plan(port)).run()
            #expect(figures.map(\.round) == [0, 1])
            for window in figures {
                #expect(window.failures == 0, "\(window.firstFailure ?? "")")
                #expect(window.requests > 0)
                #expect(window.allRequests >= window.requests)
                #expect(window.p50 > 0 && window.p50 <= window.p99)
            }
        }
    }

    @Test(arguments: [0, 500]) func streamsComeWhole(interval: Int) throws {
        try withEngine { port in
            let figures = try LoadRun(plan: plan(port, streams: true, chunks: 20, interval: interval)).run()
            for window in figures {
                #expect(window.failures == 0, "\(window.firstFailure ?? "")")
                #expect(window.allRequests > 0)
                #expect(window.allChunks == window.allRequests * 20)
                #expect(window.chunkP50 > 0)
            }
        }
    }

    @Test func anEngineWithOneSlotTakesOneAfterTheOther() throws {
        try withEngine(slots: 1) { port in
            let figures = try BurstRun(plan: plan(port, connections: 5, delay: 20_000)).run()
            #expect(figures.answers == 5)
            #expect(figures.failures == 0)
            #expect(figures.seconds >= 0.1)
        }
    }

    @Test func heldStreamsStayOpen() throws {
        try withEngine { port in
            let figures = try HoldRun(
                plan: plan(port, connections: 300, streams: true, chunks: 2, interval: 600_000_000)
            ).run()
            #expect(figures.opened == 300)
            #expect(figures.failures == 0)
            #expect(figures.chunks == 300)
        }
    }

    @Test func anotherAnswerThanAskedForIsAFailure() throws {
        try withEngine { port in
            var wrong = plan(port)
            wrong.targets[0].path = "/nothing"
            let figures = try BurstRun(plan: wrong).run()
            #expect(figures.failures == 4)
            #expect(figures.firstFailure == "status 404")
        }
    }

    @Test func connectionsClosedBetweenTurnsAreOpenedAgain() throws {
        try withEngine { port in
            var closing = plan(port)
            closing.targets[0].headers = ["Connection: close"]
            let clients = try Clients(closing.targets[0], closing)
            try clients.open(4)
            try clients.start()
            let limit = Clock.now + 20_000_000_000
            while clients.busy > 0, Clock.now < limit { try clients.turn(until: limit) }
            #expect(clients.counts.requests == 4)
            // The stand-in hangs up behind each answer; whoever asks again first notices that.
            while clients.reopened < 4, Clock.now < limit { try clients.settle() }
            try clients.start()
            while clients.busy > 0, Clock.now < limit { try clients.turn(until: limit) }
            #expect(clients.counts.requests == 8)
            #expect(clients.counts.failures == 0, "\(clients.counts.firstFailure ?? "")")
        }
    }

    @Test func aPlanThatCannotBeMeantIsRefused() {
        var wrong = plan(1)
        wrong.connections = 0
        #expect(throws: BenchProblem.self) { try LoadRun(plan: wrong).run() }
        wrong = plan(1)
        wrong.targets = []
        #expect(throws: BenchProblem.self) { try LoadRun(plan: wrong).run() }
    }

    @Test func ownProcessorTimeAndMemoryAreRead() throws {
        let pids = [Int32(ProcessInfo.processInfo.processIdentifier)]
        let before = ProcessorTime(of: pids)
        let end = Clock.now + 30_000_000
        while Clock.now < end {}
        let after = ProcessorTime(of: pids)
        #expect(after.since(before) > 0)
        #expect(after.since(before, inLoops: true) <= after.since(before))
        #expect(ProcFile.residentMegabytes(pids) > 1)
        #expect(ProcFile.residentMegabytes([-1]) == 0)
    }
}
