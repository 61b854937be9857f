import Foundation
import Logging
import Machine
import Synchronization
import Testing

@testable import Program

/// What a peer learns of its machine is kept, and says nothing while the fleet itself works there.
@Suite struct CapacityKeeperTests {
    private final class Clock: Sendable {
        private let time = Mutex(1_800_000_000.0)
        var now: Date { Date(timeIntervalSince1970: time.withLock(\.self)) }
        func pass(_ seconds: Double) { time.withLock { $0 += seconds } }
    }

    private func sample(_ processor: Double) -> MachineSample {
        MachineSample(memory: MemoryReading(totalBytes: 100, availableBytes: 80, stalledPercent: nil), cpuPercent: processor)
    }

    @Test func whatIsLearnedOutlivesTheProgram() throws {
        let folder = NSTemporaryDirectory() + "herd-capacity-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = Clock()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        func keeper() -> CapacityKeeper { CapacityKeeper(dataDirectory: folder, logger: logger, clock: { clock.now }) }
        var first = keeper()
        for _ in 0..<(8 * 144) {
            #expect(first.look(sample(2), isIdle: true) == nil || clock.now.timeIntervalSince1970 >= 1_800_000_000 + 7 * 86_400)
            clock.pass(600)
        }
        #expect(try #require(first.look(sample(2), isIdle: true)) > 200)
        first.save()
        first = keeper()
        #expect(try #require(first.look(sample(2), isIdle: true)) > 200)
        // Three minutes of the owner's work, and then of the fleet's.
        for _ in 0..<180 {
            _ = first.look(sample(99), isIdle: true)
            clock.pass(1)
        }
        #expect(first.look(sample(99), isIdle: true) == 25)
        #expect(try #require(first.look(sample(99), isIdle: false)) > 150)
        try Data("{".utf8).write(to: URL(fileURLWithPath: folder + "/capacity-learner.json"))
        #expect(keeper().look(sample(2), isIdle: true) == nil, "a damaged file: it begins anew")
    }

    @Test func hoursOfTheWeek() {
        for time in stride(from: 0.0, to: 700 * 3_600, by: 1_800) {
            let hour = CapacityKeeper.hourOfWeek(Date(timeIntervalSince1970: time))
            #expect(CapacityKeeper.hourOfWeek(Date(timeIntervalSince1970: time + 7 * 86_400)) == hour || (0..<168).contains(hour))
        }
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        #expect((CapacityKeeper.hourOfWeek(start) + 1) % 168 == CapacityKeeper.hourOfWeek(start.addingTimeInterval(3_600)))
    }
}
