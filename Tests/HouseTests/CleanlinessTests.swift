import Foundation
import Testing

/// Nothing that can end the process on bad input, nothing of one machine, nothing without words.
@Suite struct CleanlinessTests {
    @Test func noForcedTriesOrCasts() {
        for file in SourceTree.swiftFiles(in: "Sources") {
            for (number, line) in file.code.enumerated() {
                for word in ["try!", "as!", "fatalError("] {
                    #expect(!line.contains(word), "\(file.path):\(number + 1) has \(word)")
                }
            }
        }
    }

    @Test func uncheckedSendabilityIsJustified() {
        for file in SourceTree.swiftFiles(in: "Sources") {
            for (number, line) in file.code.enumerated()
            where line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") {
                let near = file.lines[max(0, number - 5)...number]
                #expect(
                    near.contains { $0.contains("//") }, "\(file.path):\(number + 1) needs a comment that says why it is safe")
            }
        }
    }

    @Test func noPathsOfOneMachine() {
        let places = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/op" + "t/swift"]
        let files = ["Sources", "Tests", "Documentation", "Scripts", ".ci"].flatMap(SourceTree.paths(in:))
        for path in files + ["README.md", "CHANGELOG.md", "Makefile", "Package.swift"] where !path.contains("Fixtures/golden") {
            guard let file = SourceTree.file(path) else { continue }
            for (number, line) in file.lines.enumerated() {
                for place in places where line.contains(place) && !line.contains("http") {
                    Issue.record("\(path):\(number + 1) names \(place)")
                }
            }
        }
    }

    @Test func publicDeclarationsCarryWords() {
        for file in SourceTree.swiftFiles(in: "Sources") {
            for (number, line) in file.lines.enumerated() {
                let code = line.trimmingCharacters(in: .whitespaces)
                guard code.hasPrefix("public "), !code.hasPrefix("public import"), !code.contains("static func <"),
                    !code.contains("override "), !code.contains("typealias ")
                else { continue }
                guard ["struct ", "class ", "enum ", "protocol ", "actor "].contains(where: { code.contains($0) }) else {
                    continue
                }
                var above = number - 1
                while above >= 0, file.lines[above].trimmingCharacters(in: .whitespaces).hasPrefix("@") { above -= 1 }
                let comment = above >= 0 ? file.lines[above].trimmingCharacters(in: .whitespaces) : ""
                #expect(comment.hasPrefix("///"), "\(file.path):\(number + 1) has no doc comment")
            }
        }
    }
}
