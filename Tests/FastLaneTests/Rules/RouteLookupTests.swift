import NIOCore
import Testing

@testable import FastLane

@Suite struct RouteLookupTests {
    @Test(arguments: LaneRoute.allCases) func everyRouteIsFoundByItsPath(route: LaneRoute) {
        #expect(LaneRoute(target: route.rawValue) == route)
        #expect(LaneRoute(target: route.rawValue + "?a=/api/chat") == route)
        #expect(LaneRoute(target: route.rawValue + "?") == route)
        for other in [route.rawValue + "/", route.rawValue + "x", "x" + route.rawValue, String(route.rawValue.dropLast())] {
            #expect(LaneRoute(target: other)?.rawValue == LaneRoute.allCases.first { $0.rawValue == other }?.rawValue)
        }
        // As long, and other in any one byte.
        for place in route.rawValue.utf8.indices {
            var bytes = Array(route.rawValue.utf8)
            bytes[route.rawValue.utf8.distance(from: route.rawValue.utf8.startIndex, to: place)] ^= 0x20
            let other = String(decoding: bytes, as: UTF8.self)
            #expect(LaneRoute(target: other) == nil, "\(other)")
        }
    }

    @Test(arguments: ["", "/", "?", "/api", "/api/tags", "/api/chat%20", "/v1/models", "/API/CHAT", "é"])
    func otherPathsAreNone(target: String) {
        #expect(LaneRoute(target: target) == nil)
    }
}
