
import Outbound
import HTTPStub
import Testing
import Foundation
@Suite struct ScratchTests {
    @Test func rss() async throws {
        func rss() -> String { (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? "" }
        let stub = try HTTPStub { _ in .text(String(repeating: "x", count: 3000)) }
        let gone = try HTTPStub { _ in .hangUp }; gone.stop()
        func fds() -> Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0 }
        let client = OutboundClient()
        for n in 0..<6 {
            for _ in 0..<700 {
                _ = try await client.send(OutboundRequest(url: stub.url))
                _ = try? await client.send(OutboundRequest(url: gone.url))
            }
            print("RSS", n, rss(), fds())
        }
        for n in 0..<3 {
            for _ in 0..<100 {
                let c = OutboundClient()
                _ = try await c.send(OutboundRequest(url: stub.url))
                let s = try await c.stream(OutboundRequest(url: stub.url))
                _ = s.head.status
            }
            print("RSS clients", n, rss(), fds())
        }
    }
}
