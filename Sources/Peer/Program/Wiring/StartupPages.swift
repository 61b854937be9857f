import Foundation
import Logging
import ServiceLifecycle

/// Gives back the pages of code that only the start needed.
///
/// The kernel maps code around each page fault in blocks of 64 KiB, so a start that runs through much of a large program leaves
/// most of it mapped. Dropping the mappings once costs a few faults on what is used again; the file's pages stay in the page cache.
struct StartupPages: Service {
    let logger: Logger

    /// The start is over by then.
    static let delay = Duration.seconds(3)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            try? await Task.sleep(for: Self.delay)
            guard !Task.isCancelled else { return }
            logger.debug("Pages of the start were given back", metadata: ["memory.bytes": "\(Self.release())"])
            // A service that returns would end the program.
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
        }
    }

    /// Drops the mappings of this process's code; returns how many bytes they cover.
    ///
    /// Only read-and-execute mappings of files: nobody writes to them, so the kernel reads the same bytes again when needed.
    static func release() -> Int {
        guard let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8) else { return 0 }
        var total = 0
        for line in maps.split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { continue }
            let bounds = fields[0].split(separator: "-").compactMap { UInt(String($0), radix: 16) }
            guard bounds.count == 2, bounds[1] > bounds[0], let start = UnsafeMutableRawPointer(bitPattern: bounds[0]) else {
                continue
            }
            let length = Int(bounds[1] - bounds[0])
            if madvise(start, length, Int32(MADV_DONTNEED)) == 0 { total += length }
        }
        return total
    }
}
