import NIOCore
import Testing

@testable import FastLane

@Suite struct RouteLookupTests {
    /// By a head, as it comes; nil also for a target that no head can have.
    private func found(_ target: String) -> LaneRoute? {
        var framer = RequestFramer()
        framer.append(ByteBuffer(string: "POST \(target) HTTP/1.1\r\n\r\n"))
        guard case .head(let head) = try? framer.next() else { return nil }
        return LaneRoute(head)
    }

    @Test(arguments: LaneRoute.allCases) func everyRouteIsFoundByItsPath(route: LaneRoute) {
        #expect(found(route.rawValue) == route)
        #expect(found(route.rawValue + "?a=/api/chat") == route)
        #expect(found(route.rawValue + "?") == route)
        for other in [route.rawValue + "/", route.rawValue + "x", "x" + route.rawValue, String(route.rawValue.dropLast())] {
            #expect(found(other)?.rawValue == LaneRoute.allCases.first { $0.rawValue == other }?.rawValue)
        }
        // As long, and other in any one byte.
        for place in route.rawValue.utf8.indices {
            var bytes = Array(route.rawValue.utf8)
            bytes[route.rawValue.utf8.distance(from: route.rawValue.utf8.startIndex, to: place)] ^= 0x20
            let other = String(decoding: bytes, as: UTF8.self)
            #expect(found(other) == nil, "\(other)")
        }
    }

    @Test(arguments: ["", "/", "?", "/api", "/api/tags", "/api/chat%20", "/v1/models", "/API/CHAT", "é"])
    func otherPathsAreNone(target: String) {
        #expect(found(target) == nil)
    }
}
