import Foundation

/// The repository's files as the house tests read them.
struct SourceTree {
    /// One text file.
    struct File {
        /// Path below the repository.
        var path: String
        /// Its lines.
        var lines: [String]
    }

    /// The repository's folder.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// All Swift files below `folder`, in the order of their paths.
    static func swiftFiles(in folder: String) -> [File] {
        paths(in: folder).filter { $0.hasSuffix(".swift") }.compactMap(file)
    }

    /// The paths of all files below `folder`, sorted.
    static func paths(in folder: String) -> [String] {
        let top = root.appendingPathComponent(folder)
        guard let walker = FileManager.default.enumerator(atPath: top.path) else { return [] }
        return walker.compactMap { $0 as? String }.map { folder + "/" + $0 }.sorted()
    }

    /// Whether a file or folder is there.
    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).standardizedFileURL.path)
    }

    /// One file; nil where there is none or it is not text.
    static func file(_ path: String) -> File? {
        guard let text = try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) else { return nil }
        return File(path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }
}

extension SourceTree.File {
    /// The modules that it imports.
    var imports: [String] {
        lines.compactMap { line in
            var words = line.split(separator: " ").map(String.init)[...]
            while let first = words.first,
                ["public", "internal", "package", "private", "@preconcurrency", "@testable"].contains(first)
            {
                words.removeFirst()
            }
            guard words.first == "import", let name = words.last else { return nil }
            return name
        }
    }

    /// Its lines without comments and string literals: what remains is code.
    var code: [String] {
        var inText = false
        return lines.map { line in
            if line.contains("\"\"\"") { inText.toggle() }
            if inText { return "" }
            var code = ""
            var quoted = false
            var previous: Character = " "
            for character in line {
                if character == "\"" && previous != "\\" {
                    quoted.toggle()
                } else if !quoted {
                    if character == "/" && previous == "/" {
                        code.removeLast()
                        break
                    }
                    code.append(character)
                }
                previous = previous == "\\" && character == "\\" ? " " : character
            }
            return code
        }
    }

    /// Each function's name, first line (from 1) and length in lines.
    var functions: [(name: String, line: Int, length: Int)] {
        var found: [(String, Int, Int)] = []
        let code = code
        for (index, line) in code.enumerated() {
            let words = line.split(whereSeparator: { " (<{".contains($0) }).map(String.init)
            guard let keyword = words.firstIndex(where: { $0 == "func" || $0 == "init" || $0 == "init?" }),
                words[..<keyword].allSatisfy({ $0.hasPrefix("@") || Self.modifiers.contains($0) })
            else { continue }
            let name = words[keyword] == "func" && keyword + 1 < words.count ? words[keyword + 1] : "init"
            var depth = 0
            var opened = false
            for end in index..<code.count {
                for character in code[end] {
                    if character == "{" {
                        depth += 1
                        opened = true
                    }
                    if character == "}" { depth -= 1 }
                }
                if opened && depth <= 0 {
                    found.append((name, index + 1, end - index + 1))
                    break
                }
                if !opened && end > index + 12 { break }
            }
        }
        return found
    }

    private static let modifiers: Set<String> = [
        "public", "internal", "package", "private", "fileprivate", "static", "mutating", "nonisolated", "override", "final",
        "class",
        "convenience", "required", "borrowing", "consuming",
    ]
}
