import Foundation
import Testing

@testable import Dashboard

/// The files of the dashboard: all there, small, and needing nothing from elsewhere.
@Suite struct DashboardFilesTests {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/Peer/Dashboard/Assets")

    static func onDisk() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    }

    @Test func everyFileIsServedAsItIs() throws {
        #expect(try Self.onDisk() == (DashboardFiles.names + ["index.html"]).sorted())
        for name in DashboardFiles.names {
            let file = try #require(DashboardFiles.named(name))
            #expect(file.bytes == Array(try text(name).utf8), "\(name)")
        }
        #expect(DashboardFiles.page(wantsKey: false).bytes == Array(try text("index.html").utf8))
    }

    @Test func filesAreSmall() throws {
        for name in try Self.onDisk() {
            let lines = try text(name).split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count <= 400, "\(name) has \(lines.count) lines")
        }
    }

    /// What a file asks for is another file of the dashboard, and nothing of it is a script, a style or a handler inside the page.
    @Test func nothingComesFromElsewhere() throws {
        for name in try Self.onDisk() {
            let text = try text(name).replacing("http://www.w3.org/2000/svg", with: "")
            for line in text.split(separator: "\n") {
                #expect(
                    !line.contains("https://") && (!line.contains("http://") || line.contains("${location")), "\(name): \(line)")
                #expect(!line.contains("innerHTML") && !line.contains("insertAdjacentHTML") && !line.contains("eval("), "\(name)")
                #expect(!line.contains("style=\"") && !line.contains("javascript:"), "\(name): \(line)")
            }
        }
        let page = try text("index.html")
        #expect(!page.contains("<style") && !page.contains("onclick="))
        for match in page.matches(of: /(?:src|href)="\/dashboard\/assets\/([^"]+)"/) {
            #expect(match.1 == "chart.js" || DashboardFiles.named(String(match.1)) != nil, "\(match.1)")
        }
        for name in DashboardFiles.names where name.hasSuffix(".js") {
            for match in try text(name).matches(of: /from '\.\/([^']+)'/) {
                #expect(DashboardFiles.named(String(match.1)) != nil, "\(name) imports \(match.1)")
            }
        }
    }

    @Test func typesAndTags() throws {
        #expect(DashboardFiles.named("main.js")?.type == "text/javascript; charset=utf-8")
        #expect(DashboardFiles.named("tokens.css")?.type == "text/css; charset=utf-8")
        #expect(DashboardFiles.named("icon.svg")?.type == "image/svg+xml")
        #expect(
            DashboardFiles.named("index.html") == nil && DashboardFiles.named("../main.js") == nil
                && DashboardFiles.named("") == nil)
        let tags = Set(DashboardFiles.names.compactMap { DashboardFiles.named($0)?.entityTag })
        #expect(tags.count == DashboardFiles.names.count && tags.allSatisfy { $0.hasPrefix("\"") && $0.hasSuffix("\"") })
        #expect(DashboardFile(name: "a.js", bytes: [1]).entityTag == DashboardFile(name: "b.js", bytes: [1]).entityTag)
    }

    @Test func aFleetWithKeysHasAPageThatAsksForOne() {
        let open = DashboardFiles.page(wantsKey: false)
        let locked = DashboardFiles.page(wantsKey: true)
        #expect(String(decoding: open.bytes, as: UTF8.self).contains("data-keys=\"off\""))
        #expect(String(decoding: locked.bytes, as: UTF8.self).contains("data-keys=\"on\""))
        #expect(open.entityTag != locked.entityTag && open.type == "text/html; charset=utf-8")
    }
}
