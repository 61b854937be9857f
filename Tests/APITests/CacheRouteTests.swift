import FastLane
import HTTPTypes
import Testing

@testable import API

/// NOMYO Router's two routes of its cache.
@Suite struct CacheRouteTests {
    @Test func withoutACacheNothingIsSaidToBeCleared() async throws {
        let fleet = Fleet.three()
        #expect(try await fleet.ask(.get, "/api/cache/stats").text == #"{"enabled":false}"#)
        let cleared = try #require(try await fleet.ask(.post, "/api/cache/invalidate").json)
        #expect(cleared["enabled"] as? Bool == false && cleared["cleared"] as? Bool == false)
    }

    @Test func withOneItsFiguresAreTold() async throws {
        var fleet = Fleet.three()
        fleet.facts.cache = AnswerCache(bytes: 1 << 20, life: .seconds(60))
        let figures = try #require(try await fleet.ask(.get, "/api/cache/stats").json)
        #expect(figures["enabled"] as? Bool == true && figures["semantic"] as? Bool == false)
        #expect(figures["backend"] as? String == "memory" && figures["similarity_threshold"] as? Double == 1)
        for key in ["hits", "misses", "hit_rate", "history_weight", "entries", "bytes"] { #expect(figures[key] as? Double == 0) }
        let cleared = try #require(try await fleet.ask(.post, "/api/cache/invalidate").json)
        #expect(cleared["enabled"] as? Bool == true && cleared["cleared"] as? Bool == true)
    }
}
