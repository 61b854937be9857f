import Testing

@testable import Access

/// What the check costs a request. Prints figures; no bar, since it is a debug build.
@Suite struct AccessSpeed {
    @Test func figures() throws {
        let sample = try Sample()
        let gate = AccessGate()
        let request = AccessRequest(method: "POST", target: "/api/chat", authorization: sample.bearer)
        let clock = ContinuousClock()
        var open = 0
        let without = clock.measure { for _ in 0..<100_000 where !gate.isActive { open += 1 } }
        gate.take([sample.setting])
        var passes = 0
        let with = try clock.measure {
            for _ in 0..<20_000 {
                guard let pass = try gate.admit(request, at: .at(0)) else { continue }
                passes += 1
                gate.finished(pass)
            }
        }
        #expect(open == 100_000 && passes == 20_000)
        print("access: without keys \(without / 100_000), with keys \(with / 20_000) a request")
    }
}
