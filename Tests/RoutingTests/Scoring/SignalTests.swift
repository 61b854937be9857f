import Gossip
import Routing
import Testing

/// The signals as they come out of whole views.
@Suite struct SignalTests {
    @Test func anIdleHotMachineHasEveryTerm() throws {
        var request = chat()
        request.estimatedTokens = 1000
        request.session = 77
        var affinity = SessionAffinity()
        affinity.ran(session: 77, on: peer(1), now: now)
        let best = machine(1) {
            $0.load(context: 8192)
            $0.fixed?.memoryTotalMiB = 32768
            $0.hot?.availability = 255
        }
        let signals = try #require(rank(request, [best], affinity: affinity).signals(1))
        #expect(signals.thermal == 50)
        #expect(signals.memoryFit == 20)
        #expect(signals.queueDepth == 0)
        #expect(signals.waitTime == 0)
        #expect(signals.roleAffinity == 15)
        #expect(signals.availabilityTrend == 10)
        #expect(signals.contextFit == 15)
        #expect(signals.sessionAffinity == 20)
        #expect(signals.prefixAffinity == 0)
        #expect(signals.total == 130)
    }

    /// 3 requests: −18. History: the third of four samples, 20 s, so 3 · 20 / 10 = 6 off.
    @Test func aQueueCosts() throws {
        var latencies = LatencyHistory()
        for seconds in [10.0, 40, 20, 5] {
            latencies.record(peer: peer(1), model: ModelKey(name: "small:7b"), milliseconds: seconds * 1000)
        }
        let signals = try #require(
            rank(
                [
                    machine(1) {
                        $0.load(); $0.busy(inFlight: 1, queued: 2)
                    }
                ], latencies: latencies
            ).signals(1))
        #expect(signals.queueDepth == -18)
        #expect(signals.waitTime == -6)
    }

    /// Without history: 5 GB without bandwidth is 20 tokens/s, so 5 s for 100: 2 · 5 / 10 off.
    @Test func aQueueWithoutHistoryUsesTheColdStartFigure() throws {
        let signals = try #require(
            rank([
                machine(1) {
                    $0.load(); $0.busy(inFlight: 2)
                }
            ]).signals(1))
        #expect(signals.queueDepth == -12)
        #expect(signals.waitTime == -1)
    }

    /// Median of 200 and 800 is 500: 4 requests at 800 weigh as 2.5, at 200 as 10, which is at the bound.
    @Test func aQueueWeighsLessOnAFastMachine() throws {
        let fleet = [(1, 800.0), (2, 200.0)].map { number, bandwidth in
            machine(UInt64(number)) {
                $0.load()
                $0.busy(inFlight: 4)
                $0.fixed?.bandwidthGBps = bandwidth
            }
        }
        let both = rank(fleet)
        #expect(abs(try #require(both.signals(1)).queueDepth + 15) < 1e-9)
        #expect(try #require(both.signals(2)).queueDepth == -30)
        var plain = ScoringConfiguration()
        plain.queuePenaltyBandwidthNormalize = false
        #expect(try #require(rank(fleet, configuration: plain).signals(1)).queueDepth == -24)
    }

    @Test func loadsOfOtherModelsDoNotCount() throws {
        let signals = try #require(
            rank([
                machine(1) {
                    $0.load(); $0.busy("other:7b", inFlight: 9)
                }
            ]).signals(1))
        #expect(signals.queueDepth == 0)
    }

    @Test func aModelThatLeftMemoryLatelyIsWarm() throws {
        let before = machine(1) { $0.load() }
        let after = machine(1)
        var unloads = UnloadHistory()
        unloads.changed(peer: peer(1), from: before.models, to: after.models, now: now - .seconds(1799))
        #expect(try #require(rank([after], unloads: unloads).signals(1)).thermal == 30)
        var older = UnloadHistory()
        older.changed(peer: peer(1), from: before.models, to: after.models, now: now - .seconds(1800))
        #expect(try #require(rank([after], unloads: older).signals(1)).thermal == 10)
    }

    @Test func thePrefixCountsOnlyWithoutTheSession() throws {
        var request = chat()
        request.session = 1
        request.prefix = 2
        var affinity = SessionAffinity()
        affinity.ran(prefix: 2, on: peer(1), now: now)
        let fleet = [machine(1) { $0.load() }, machine(2) { $0.load() }]
        #expect(try #require(rank(request, fleet, affinity: affinity).signals(1)).prefixAffinity == 10)
        affinity.ran(session: 1, on: peer(1), now: now)
        let both = try #require(rank(request, fleet, affinity: affinity).signals(1))
        #expect(both.prefixAffinity == 0)
        #expect(both.sessionAffinity == 20)
        affinity.ran(session: 1, on: peer(2), now: now)
        let split = rank(request, fleet, affinity: affinity)
        #expect(try #require(split.signals(1)).prefixAffinity == 10)
        #expect(try #require(split.signals(2)).sessionAffinity == 20)
    }

    /// 8,192 MiB of graphics memory for 5 GB is a ratio of 1.72: 15 points, however much main memory there is.
    @Test func theModelLivesOnTheGPU() throws {
        let graphics = machine(1) { $0.hot?.gpus = [GPULoad(freeMiB: 8192, busyPercent: 0)] }
        let signals = try #require(rank([graphics]).signals(1))
        #expect(signals.memoryFit == 15)
    }

    @Test func figuresThatMakeNoSenseChangeNothing() throws {
        for bandwidth in [-5.0, .nan, .infinity] {
            let odd = machine(1) {
                $0.models?.loaded = [LoadedModel(name: "small:7b", backend: "ollama", sizeBytes: -1, contextLength: -4096)]
                $0.models?.available[0].sizeBytes = .min
                $0.fixed?.bandwidthGBps = bandwidth
                $0.fixed?.memoryTotalMiB = .min
                $0.hotMadeAt = .distantFuture
            }
            var request = chat()
            request.estimatedTokens = .max
            request.requestedContext = .min
            let signals = try #require(rank(request, [odd, machine(2)]).signals(1))
            #expect(signals.total.isFinite)
            #expect(signals.contextFit == 0)
        }
    }
}
