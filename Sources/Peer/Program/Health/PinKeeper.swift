import Backends
import Foundation
import Gossip
import Health
import Logging
import Machine
import Outbound
import ServiceLifecycle

/// Keeps the models in memory that are pinned on this machine: loads those that are on disk and not in memory, one at a time.
struct PinKeeper: Service {
    /// The models that are pinned here, by canonical name.
    let pinned: @Sendable () -> [String]
    let backends: BackendsService
    let machine: MachineReader
    let client: OutboundClient
    let watch: HealthWatch
    let logger: Logger

    /// How often it looks: what was evicted is back soon.
    static let pace = Duration.seconds(2)
    /// After a model did not fit, or could not be loaded, it waits so long with that one.
    static let patience = Duration.seconds(60)
    /// Loading may take so long.
    static let timeout = Duration.seconds(600)
    /// A pinned model that its engine would drop within this time is asked to stay, seconds.
    static let soon = 120

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var notBefore: [String: ContinuousClock.Instant] = [:]
            var before: Set<String> = []
            while !Task.isCancelled {
                let models = pinned()
                for model in before.subtracting(models) {
                    watch.pinFits(model)
                    notBefore[model] = nil
                }
                before = Set(models)
                for model in models where notBefore[model].map({ $0 <= .now }) ?? true {
                    if await keep(model) { notBefore[model] = nil } else { notBefore[model] = .now + Self.patience }
                }
                try? await Task.sleep(for: Self.pace)
            }
        }
    }

    /// Sees to one model; false where that has to wait.
    private func keep(_ model: String) async -> Bool {
        let snapshot = backends.current
        guard
            let target = snapshot.targets.first(where: {
                $0.kind.speaksOllama && $0.reachable && $0.engineName(of: model) != nil
            })
        else { return true }
        let loaded = snapshot.report.loaded.first { $0.backend == target.id && ModelKey.canonical($0.name) == model }
        if let loaded {
            watch.pinFits(model)
            guard let left = loaded.expiresInSeconds, left < Self.soon else { return true }
            return await load(model, target)
        }
        let stored = snapshot.report.available.first { $0.backend == target.id && ModelKey.canonical($0.name) == model }
        let needed = PinBudget.estimate(measured: nil, weights: Double(stored?.sizeBytes ?? 0) / 1e9)
        let available = await Self.available(machine.sample())
        guard needed <= available else {
            watch.pinFailed(model, needed: needed, available: available)
            logger.warning(
                "A pinned model does not fit into memory",
                metadata: [
                    "model": "\(model)", "needed.gb": "\(needed.gigabytesInWords)",
                    "available.gb": "\(available.gigabytesInWords)",
                ])
            return false
        }
        return await load(model, target)
    }

    /// What the memory has that a model would live in, GB: that of the GPUs or of the machine, whichever has more free.
    private static func available(_ sample: MachineSample) -> Double {
        let gpus = sample.gpus.reduce(0) { $0 + Double(max(0, $1.freeMiB)) }
        return max(gpus / 1_024, Double(sample.memory?.availableBytes ?? 0) / 1_073_741_824)
    }

    /// An empty prompt loads a model, and a negative time keeps it.
    private func load(_ model: String, _ target: BackendTarget) async -> Bool {
        struct Body: Encodable {
            let model: String
            let keep_alive = -1
            let stream = false
        }
        guard let body = try? JSONEncoder().encode(Body(model: target.engineName(of: model) ?? model)) else { return false }
        var request = OutboundRequest(
            "POST", url: target.address.url + "/api/generate", headers: [("Content-Type", "application/json")], body: Array(body))
        request.timeout = Self.timeout
        do {
            let answer = try await client.send(request)
            backends.modelsChanged(target.id)
            if answer.status < 300 {
                logger.info("A pinned model is in memory", metadata: ["model": "\(model)"])
                return true
            }
            logger.warning("A pinned model could not be loaded", metadata: ["model": "\(model)", "status": "\(answer.status)"])
        } catch {
            logger.warning("A pinned model could not be loaded", metadata: ["model": "\(model)", "error": "\(error)"])
        }
        return false
    }
}

extension Double {
    /// With one decimal.
    fileprivate var gigabytesInWords: String { "\((self * 10).rounded() / 10)" }
}
