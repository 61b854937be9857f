import Foundation
import Testing

@testable import Dashboard

/// Chart.js comes from the system's package or not at all.
@Suite struct ChartLibraryTests {
    private func folder() throws -> URL {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("charts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    @Test func theFirstThatCanBeReadIsServed() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let second = folder.appendingPathComponent("chart.min.js")
        try Data("window.Chart = {};".utf8).write(to: second)
        let file = ChartLibrary(places: [folder.appendingPathComponent("none.js").path, second.path]).script()
        #expect(file.bytes == Array("window.Chart = {};".utf8) && file.type == "text/javascript; charset=utf-8")
    }

    @Test func withoutThePackageItIsAnEmptyScript() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let empty = folder.appendingPathComponent("empty.js")
        try Data().write(to: empty)
        let large = folder.appendingPathComponent("large.js")
        try Data(count: ChartLibrary.maximumBytes + 1).write(to: large)
        // A folder, a device, an empty file and one that is too large are none.
        let file = ChartLibrary(places: [folder.path, "/dev/zero", empty.path, large.path, "/nowhere/chart.js"]).script()
        let text = String(decoding: file.bytes, as: UTF8.self)
        #expect(text.hasPrefix("/*") && text.hasSuffix("*/\n") && text.contains("libjs-chart.js"))
        #expect(ChartLibrary(places: []).script() == file)
    }

    @Test func onlyNamesOfPackagesAreLookedAt() {
        #expect(ChartLibrary.places.allSatisfy { $0.hasPrefix("/usr/share/javascript/chart.js/") && !$0.contains("..") })
    }
}
