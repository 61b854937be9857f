public import Foundation

/// What to start from: right inputs that the program makes, and kept files, such as those that once found something.
public enum Corpus {
    /// The inputs of one target: the made ones, then the files in the order of their names. In `.txt` files LF becomes CRLF.
    public static func load(_ target: FuzzTarget, from folder: URL = folder) -> [[UInt8]] {
        let place = folder.appendingPathComponent(target.rawValue)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        return Seeds.make(target)
            + names.sorted().compactMap { name in
                guard let data = try? Data(contentsOf: place.appendingPathComponent(name)) else { return nil }
                guard name.hasSuffix(".txt") else { return Array(data) }
                return data.flatMap { $0 == 10 ? [13, 10] : [$0] }
            }
    }

    /// `Tests/Fuzz/Corpus` of this checkout.
    public static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Corpus")
}
