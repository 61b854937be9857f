import Foundation
import Logging
import Machine
import ServiceLifecycle
import Synchronization

/// Shows the learner what this machine does, and keeps what it learned in `capacity-learner.json`.
final class CapacityKeeper: Service {
    private let learner: Mutex<CapacityLearner>
    private let file: URL
    private let clock: @Sendable () -> Date
    private let logger: Logger

    /// What was learned is written so often.
    static let pace = Duration.seconds(3_600)
    /// A file that is larger is none of ours, bytes.
    static let maximumBytes = 1 << 20

    /// - Parameter clock: the wall clock.
    init(dataDirectory: String, logger: Logger, clock: @escaping @Sendable () -> Date = { Date() }) {
        file = URL(fileURLWithPath: dataDirectory).appendingPathComponent("capacity-learner.json")
        self.clock = clock
        self.logger = logger
        learner = Mutex(Self.read(file, logger))
    }

    /// A damaged file costs what was learned, nothing else.
    private static func read(_ file: URL, _ logger: Logger) -> CapacityLearner {
        guard let data = try? Data(contentsOf: file, options: .mappedIfSafe) else { return CapacityLearner() }
        guard data.count <= maximumBytes, let known = try? JSONDecoder().decode(CapacityLearner.self, from: data) else {
            logger.warning(
                "What was learned of this machine's hours cannot be read: it begins anew", metadata: ["path": "\(file.path)"])
            return CapacityLearner()
        }
        return known
    }

    /// A look at the machine; how much of it is free, 0 to 255, or nil while that is not known.
    ///
    /// - Parameter isIdle: the fleet has nothing running here.
    func look(_ sample: MachineSample, isIdle: Bool) -> UInt8? {
        let now = clock()
        let hour = Self.hourOfWeek(now)
        return learner.withLock { learner in
            if isIdle, let processor = sample.cpuPercent, let memory = sample.memory, memory.totalBytes > 0 {
                let used = 100 - 100 * Double(memory.availableBytes) / Double(memory.totalBytes)
                learner.see(processor: processor, memory: used, hourOfWeek: hour, now: now.timeIntervalSince1970)
            } else {
                learner.lookAway()
            }
            return learner.verdict(hourOfWeek: hour, now: now.timeIntervalSince1970).score.map { UInt8($0 * 255) }
        }
    }

    /// From Sunday midnight, in this machine's time zone.
    static func hourOfWeek(_ date: Date) -> Int {
        var seconds = time_t(date.timeIntervalSince1970)
        var fields = tm()
        localtime_r(&seconds, &fields)
        return min(167, max(0, Int(fields.tm_wday) * 24 + Int(fields.tm_hour)))
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.pace)
                self.save()
            }
        }
        save()
    }

    /// Writes what it knows.
    func save() {
        do {
            try JSONEncoder().encode(learner.withLock(\.self)).write(to: file, options: .atomic)
        } catch {
            logger.warning("What was learned of this machine's hours cannot be kept", metadata: ["error": "\(error)"])
        }
    }
}
