import Foundation
import Testing

/// Swift seeds its hash tables anew in every process: a rule that walks a dictionary shows here.
@Suite("Two processes")
struct TwoProcessTests {
    @Test("Two processes tell the same history")
    func sameHash() throws {
        let program = try #require(Self.program, "swift build --product herd-simulate puts it beside the test bundle")
        let first = try Self.output(program)
        let second = try Self.output(program)
        #expect(first.hasPrefix("hash "))
        #expect(first == second)
    }

    /// Beside the test bundle, wherever the build put it.
    private static var program: URL? {
        var places = [URL(fileURLWithPath: CommandLine.arguments[0])]
        // The runner of Swift Testing gets the bundle's path as an argument.
        places += CommandLine.arguments.filter { $0.hasSuffix(".xctest") }.map { URL(fileURLWithPath: $0) }
        places.append(Bundle.main.bundleURL)
        for place in places {
            for folder in [place, place.deletingLastPathComponent()] {
                let candidate = folder.appendingPathComponent("herd-simulate")
                if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            }
        }
        return nil
    }

    private static func output(_ program: URL) throws -> String {
        let process = Process()
        process.executableURL = program
        process.arguments = ["--seed", "5", "--peers", "5", "--seconds", "40", "--count", "20"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        // The wall time differs.
        return String(decoding: data, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("hash") }.joined(
            separator: "\n")
    }
}
