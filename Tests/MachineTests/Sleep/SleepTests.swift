import Foundation
import Logging
import Synchronization
import Testing

@testable import Machine

/// Sleep as systemd-logind announces it, on a real bus with a small stand-in for logind.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled(if: PrivateBus.obstacle == nil, "no bus: \(PrivateBus.obstacle ?? "")"))
struct SleepTests {
    /// What the watch told, and how long it is made to wait.
    final class Ear: Sendable {
        private let told = Mutex<[String]>([])
        private let gate: AsyncStream<Void>
        let open: AsyncStream<Void>.Continuation

        init() { (gate, open) = AsyncStream.makeStream() }

        var all: [String] { told.withLock(\.self) }
        func add(_ text: String) { told.withLock { $0.append(text) } }
        func passed() async { for await _ in gate { return } }
    }

    private func watch(_ address: String, _ ear: Ear, waits: Bool = false) -> (SleepWatch, Task<Void, Never>) {
        let watch = SleepWatch(
            address: address, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            suspending: {
                ear.add("sleeps")
                if waits { await ear.passed() }
                ear.add("told")
            }, woke: { ear.add("awake") })
        return (watch, Task { await watch.run() })
    }

    @Test func theLockIsHeldUntilTheFleetHasBeenTold() async throws {
        let bus = try PrivateBus()
        try await bus.start()
        let login = try FakeLogin(address: bus.address)
        defer { login.stop() }
        let ear = Ear()
        let (watch, run) = watch(bus.address, ear)
        #expect(await eventually { watch.state == .watching && login.held == 1 })
        #expect(login.asked.first?.first == "sleep")
        #expect(login.asked.first?.last == "delay")
        login.prepareForSleep(true)
        #expect(await eventually { login.held == 0 })
        #expect(ear.all == ["sleeps", "told"], "the lock was let go before the goodbye was out")
        login.prepareForSleep(false)
        #expect(await eventually { login.held == 1 && ear.all.last == "awake" }, "the lock is taken again")
        login.prepareForSleep(true)
        #expect(await eventually { login.held == 0 && ear.all.count == 5 })
        run.cancel()
        await run.value
        #expect(await eventually { watch.state == .off })
    }

    @Test func aGoodbyeThatHangsHoldsTheMachineUpForHalfASecondAtMost() async throws {
        let bus = try PrivateBus()
        try await bus.start()
        let login = try FakeLogin(address: bus.address)
        defer { login.stop() }
        let ear = Ear()
        let (watch, run) = watch(bus.address, ear, waits: true)
        #expect(await eventually { watch.state == .watching })
        let began = ContinuousClock.now
        login.prepareForSleep(true)
        #expect(await eventually { login.held == 0 })
        let took = ContinuousClock.now - began
        #expect(took >= .milliseconds(400) && took < .seconds(5), "\(took)")
        #expect(ear.all == ["sleeps"])
        ear.open.finish()
        run.cancel()
        await run.value
    }

    @Test func loginThatComesLaterIsFoundAndItsLockEndsWithTheWatch() async throws {
        let bus = try PrivateBus()
        try await bus.start()
        let ear = Ear()
        let (watch, run) = watch(bus.address, ear)
        #expect(
            await eventually {
                if case .noLogin = watch.state { true } else { false }
            })
        let login = try FakeLogin(address: bus.address)
        #expect(await eventually { watch.state == .watching && login.held == 1 })
        login.stop()
        #expect(
            await eventually {
                if case .noLogin = watch.state { true } else { false }
            }, "logind has gone")
        let second = try FakeLogin(address: bus.address)
        defer { second.stop() }
        #expect(await eventually { second.held == 1 })
        run.cancel()
        await run.value
        #expect(await eventually { second.held == 0 }, "a peer that ends holds nobody up")
    }

    @Test func aBusThatEndsIsNoticed() async throws {
        let bus = try PrivateBus()
        try await bus.start()
        let login = try FakeLogin(address: bus.address)
        defer { login.stop() }
        let (watch, run) = watch(bus.address, Ear())
        #expect(await eventually { watch.state == .watching })
        bus.stop()
        #expect(
            await eventually {
                if case .noBus = watch.state { true } else { false }
            })
        run.cancel()
        await run.value
    }

    @Test func theDoctorSaysWhatIsThere() async throws {
        let bus = try PrivateBus()
        guard case .noBus = SleepWatch.examine(address: bus.address) else { return #expect(Bool(false), "there is no bus yet") }
        try await bus.start()
        guard case .noLogin = SleepWatch.examine(address: bus.address) else { return #expect(Bool(false), "no logind yet") }
        let refusing = try FakeLogin(address: bus.address, refusing: true)
        guard case .noLogin(let reason) = SleepWatch.examine(address: bus.address) else {
            return #expect(Bool(false), "it refuses")
        }
        #expect(reason == "no")
        refusing.stop()
        let login = try await granted(bus.address)
        defer { login.stop() }
        #expect(SleepWatch.examine(address: bus.address) == .watching)
        #expect(await eventually { login.held == 0 })
    }

    /// The name is free a moment after its owner ended.
    private func granted(_ address: String) async throws -> FakeLogin {
        for _ in 0..<500 {
            if let login = try? FakeLogin(address: address) { return login }
            try await Task.sleep(for: .milliseconds(10))
        }
        return try FakeLogin(address: address)
    }
}
