import Foundation
import Testing

/// Every setting, metric and route that the code has is described.
@Suite struct DocumentationTests {
    @Test func everySettingIsDescribed() throws {
        let source = try #require(SourceTree.file("Sources/Peer/Program/Configuration/Setting.swift"))
        let page = try #require(SourceTree.file("Documentation/configuration.md")).lines.joined(separator: "\n")
        let keys = source.lines.compactMap { line -> String? in
            guard line.contains("case "), let start = line.range(of: "\"fleet.") else { return nil }
            return String(line[start.lowerBound...].dropFirst().prefix { $0 != "\"" })
        }
        #expect(keys.count >= 20)
        for key in keys {
            let name = key.reduce(into: "") { name, character in
                name += character == "." ? "_" : (character.isUppercase ? "_" : "") + character.uppercased()
            }
            #expect(page.contains("`\(name)`"), "\(name) is not in Documentation/configuration.md")
        }
    }

    @Test func everyMetricIsDescribed() throws {
        let source = SourceTree.swiftFiles(in: "Sources/Peer/API/Operations").flatMap(\.lines)
        let page = try #require(SourceTree.file("Documentation/operations.md")).lines.joined(separator: "\n")
        let names = source.flatMap { line in
            line.split(separator: "\"").map(String.init).filter { text in
                ["herd_", "process_", "gen_ai_server_"].contains { text.hasPrefix($0) } && !text.contains(" ")
            }
        }
        #expect(names.count >= 40)
        for name in names {
            #expect(page.contains("`\(name)`"), "\(name) is not in Documentation/operations.md")
        }
    }

    @Test func everyRouteIsDescribed() throws {
        let page = try #require(SourceTree.file("Documentation/operations.md")).lines.joined(separator: "\n")
        var count = 0
        for file in SourceTree.swiftFiles(in: "Sources/Peer/API") {
            for line in file.lines where line.contains("table.add(\"") {
                guard let start = line.range(of: "table.add(\"") else { continue }
                let path = String(line[start.upperBound...].prefix { $0 != "\"" })
                count += 1
                #expect(page.contains(path), "\(path) is not in Documentation/operations.md")
            }
        }
        #expect(count >= 12)
    }

    @Test func theReadmeNamesTheTwoCommands() throws {
        let page = try #require(SourceTree.file("README.md")).lines.joined(separator: "\n")
        #expect(page.contains("make run"))
        #expect(page.contains("make test"))
    }

    @Test func linksBetweenPagesLead() throws {
        for path in ["README.md"] + SourceTree.paths(in: "Documentation").filter({ $0.hasSuffix(".md") }) {
            let file = try #require(SourceTree.file(path))
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            for line in file.lines {
                for part in line.components(separatedBy: "](").dropFirst() {
                    let target = String(part.prefix { $0 != ")" && $0 != "#" })
                    guard !target.isEmpty, !target.contains("://") else { continue }
                    let whole = folder.isEmpty ? target : folder + "/" + target
                    #expect(
                        SourceTree.exists(whole), "\(path) links to \(target), which is not there")
                }
            }
        }
    }
}
