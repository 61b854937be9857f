import API
import FastLane
import Logging
import Routing
import ServiceLifecycle

/// Finds out now and then what contexts the fleet's requests need (`dynamic_num_ctx`), where that is switched on.
struct ContextLearner: Service {
    let adviser: ContextAdviser
    let settings: FleetSettings
    let lane: LaneState
    let logger: Logger

    /// As often as ollama-herd's.
    static let pace = Duration.seconds(300)
    /// How soon a change of the setting is noticed.
    static let look = Duration.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            let clock = ContinuousClock()
            var next: ContinuousClock.Instant?
            while !Task.isCancelled {
                if settings.value(.dynamicContext) != 1 {
                    next = nil
                } else if next.map({ clock.now >= $0 }) ?? true {
                    await learn()
                    next = clock.now + Self.pace
                }
                try? await Task.sleep(for: Self.look)
            }
        }
    }

    private func learn() async {
        do {
            let usages = try await adviser.needs().map { need in
                LearnedContexts.Usage(model: need.model, tokens: need.tokens, requests: need.requests)
            }
            lane.learn(usages)
            logger.debug("Contexts follow from requests", metadata: ["models": "\(usages.count)"])
        } catch {
            logger.warning("What contexts requests need could not be read", metadata: ["error": "\(error)"])
        }
    }
}
