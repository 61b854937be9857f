import Testing

@testable import Routing

/// One table per row of herd-compat §6.3; the expected figures are worked by hand.
@Suite struct FormulaTests {
    let formulas = Formulas(configuration: ScoringConfiguration())

    @Test func thermal() {
        #expect(formulas.thermal(loaded: true, warm: false) == 50)
        #expect(formulas.thermal(loaded: false, warm: true) == 30)
        #expect(formulas.thermal(loaded: false, warm: false) == 10)
    }

    @Test(arguments: [
        (2.01, 20.0), (2.0, 15.0), (1.51, 15.0), (1.5, 8.0), (1.21, 8.0), (1.2, 3.0), (1.0, 3.0), (0.99, 0.0),
    ])
    func memoryFit(ratio: Double, points: Double) {
        #expect(formulas.memoryFit(loaded: false, ratio: ratio) == points)
    }

    @Test func memoryFitOfLoadedAndOfUnknown() {
        #expect(formulas.memoryFit(loaded: true, ratio: 0.1) == 20)
        #expect(formulas.memoryFit(loaded: false, ratio: nil) == 0)
    }

    @Test(arguments: [
        (0.0, 1.0, 0.0), (1, 1, -6), (3, 1, -18), (5, 1, -30), (6, 1, -30), (4, 4, -6), (1, 0.25, -24), (2.5, 1, -15),
    ])
    func queueDepth(depth: Double, divisor: Double, points: Double) {
        #expect(formulas.queueDepth(depth, divisor: divisor) == points)
    }

    @Test(arguments: [(0.0, 5000.0, 0.0), (1, 5000, -0.5), (4, 5000, -2), (10, 20_000, -20), (20, 20_000, -25)])
    func waitTime(depth: Double, p75: Double, points: Double) {
        #expect(formulas.waitTime(depth, p75Milliseconds: p75) == points)
    }

    /// 100 tokens at max(10, 1.2·bw / max(1, size/10)) per second; without bandwidth at max(1, 100/size).
    @Test(
        arguments: [
            (5.0, 400.0, 100_000 / 480.0), (40, 400, 100_000 / 120.0), (200, 100, 10_000), (5, 0, 5000), (200, 0, 100_000),
        ] as [(Double, Double, Double)])
    func coldStart(sizeGB: Double, bandwidth: Double, milliseconds: Double) {
        #expect(abs(formulas.coldStartMilliseconds(sizeGB: sizeGB, bandwidth: bandwidth) - milliseconds) < 1e-6)
    }

    /// b = min(25, 5 + bw/40): large b, small max(3, 18 − 0.6·b), between 0.6·b.
    @Test(arguments: [
        (40.0, 400.0, 15.0), (40, 800, 25), (40, 1008, 25), (40, 100, 7.5), (5, 400, 9), (5, 800, 3), (5, 100, 13.5),
        (12, 400, 9),
        (20, 400, 9), (20.1, 400, 15), (8, 400, 9), (7.9, 100, 13.5),
    ])
    func roleAffinityByBandwidth(sizeGB: Double, bandwidth: Double, points: Double) {
        #expect(abs(formulas.roleAffinity(sizeGB: sizeGB, bandwidth: bandwidth, memoryTotalGiB: 64) - points) < 1e-9)
    }

    @Test(arguments: [
        (40.0, 128.0, 15.0), (40, 127, 5), (40, 32, 5), (40, 31, 0), (5, 32, 15), (5, 33, 8), (5, 128, 8), (5, 129, 3),
        (12, 64, 5),
    ])
    func roleAffinityByMemory(sizeGB: Double, memory: Double, points: Double) {
        #expect(formulas.roleAffinity(sizeGB: sizeGB, bandwidth: 0, memoryTotalGiB: memory) == points)
    }

    @Test func bandwidthCanBeSwitchedOff() {
        var configuration = ScoringConfiguration()
        configuration.bandwidthAware = false
        #expect(Formulas(configuration: configuration).roleAffinity(sizeGB: 40, bandwidth: 800, memoryTotalGiB: 64) == 5)
    }

    @Test(arguments: [(nil, 0.0), (0.2, 2.0), (0.55, 5.5), (1.0, 10.0)] as [(Double?, Double)])
    func availabilityTrend(availability: Double?, points: Double) {
        #expect(formulas.availabilityTrend(availability) == points)
    }

    @Test(arguments: [
        (8192, 8193, -15.0), (8192, 8192, 3), (8192, 5462, 3), (8192, 5461, 7.5), (8192, 2731, 7.5), (8192, 2730, 12),
        (8192, 1025, 12),
        (8192, 1024, 15), (0, 1000, 0), (8192, 0, 0), (8192, -5, 0),
    ])
    func contextFit(context: Int, tokens: Int, points: Double) {
        #expect(formulas.contextFit(context: context, tokens: tokens, requested: nil) == points)
    }

    /// More context than is loaded means a reload.
    @Test func contextFitOfAnExplicitContext() {
        #expect(formulas.contextFit(context: 8192, tokens: 100, requested: 8193) == -15)
        #expect(formulas.contextFit(context: 8192, tokens: 100, requested: 8192) == 15)
        #expect(formulas.contextFit(context: 8192, tokens: 0, requested: 4096) == 0)
        #expect(formulas.contextFit(context: 0, tokens: 100, requested: 8192) == 0)
    }

    @Test(arguments: [(0.0, 20.0), (2, 10), (4, 20 / 3.0), (18, 2)] as [(Double, Double)])
    func sessionAffinity(depth: Double, points: Double) {
        #expect(abs(formulas.affinity(Formulas.sessionBonus, depth: depth) - points) < 1e-9)
    }

    @Test(arguments: [(0.0, 10.0), (2, 5), (8, 2)])
    func prefixAffinity(depth: Double, points: Double) {
        #expect(formulas.affinity(Formulas.prefixBonus, depth: depth) == points)
    }

    @Test(arguments: [([], nil), ([7], 7), ([3, 1], 2), ([5, 1, 3], 3), ([4, 1, 2, 3], 2.5)] as [([Double], Double?)])
    func median(values: [Double], middle: Double?) {
        #expect(Formulas.median(values) == middle)
    }
}
