import Gossip
import Logging
import Routing

extension ModelPuller {
    /// The desk's work for one model: chooses a machine, and follows it.
    struct Placing: Sendable {
        let view: @Sendable () -> FleetView
        let machine: PullFlights
        let logger: Logger
        let askPeer: @Sendable (_ peer: PeerID, _ path: String, _ body: [UInt8]) async throws -> (status: Int, body: [UInt8])

        /// Does it; `PullFlights.Work` of the desk.
        func run(_ model: String, _ progress: @escaping @Sendable (PullReport) async -> Void) async -> PullReport {
            if view().hasInOllama(model) { return PullReport(.here) }
            var places = view().pullTargets(model)
            // Under another desk somebody may have begun.
            if let running = await whoPulls(model) {
                places.removeAll { $0 == running }
                places.insert(running, at: 0)
            }
            var last = PullReport(.failed, reason: "no machine with an Ollama has memory free")
            for place in places.prefix(ModelPuller.maximumTries) {
                logger.info(
                    "A model is pulled that a request asked for", metadata: ["model": "\(model)", "node.id": "\(name(place))"])
                last = await follow(place, model, progress)
                if last.state != .unknown { break }
            }
            if last.state == .unknown {
                last = PullReport(.failed, node: last.node, reason: "\(last.node) does not answer any more")
            }
            logger.info(
                "The pull of a model ended",
                metadata: ["model": "\(model)", "state": "\(last.state.rawValue)", "reason": "\(last.reason ?? "")"])
            return last
        }

        private func name(_ peer: PeerID) -> String { view().member(peer)?.name ?? peer.shortHex }

        /// The machine that has this pull under way.
        private func whoPulls(_ model: String) async -> PeerID? {
            let now = view()
            if await machine.look(model).state == .pulling { return now.selfID }
            return await withTaskGroup(of: PeerID?.self) { group in
                for member in now.members where member.id != now.selfID && member.status == .alive && member.ollama != nil {
                    group.addTask {
                        let report = await ModelPuller.ask(member.id, PullOrder(.look, model: model), askPeer)
                        return report?.state == .pulling ? member.id : nil
                    }
                }
                for await found in group where found != nil { return found }
                return nil
            }
        }

        /// Waits until a machine has the model or failed; `unknown` when it is gone.
        private func follow(
            _ place: PeerID, _ model: String, _ progress: @Sendable (PullReport) async -> Void
        ) async -> PullReport {
            let order = PullOrder(.fetch, model: model, wait: PullOrder.longestWait)
            let node = name(place)
            await progress(PullReport(.pulling, node: node))
            var misses = 0
            while misses < ModelPuller.patience {
                let report =
                    place == view().selfID
                    ? await machine.ask(model, wait: .seconds(1)) : await ModelPuller.ask(place, order.short, askPeer)
                guard let report, report.state != .unknown else {
                    let status = view().member(place)?.status
                    if status != .alive, status != .suspect { break }
                    misses += 1
                    try? await Task.sleep(for: .seconds(1))
                    continue
                }
                guard report.state == .pulling else { return report }
                misses = 0
                await progress(report)
            }
            return PullReport(.unknown, node: node)
        }
    }
}

extension PullOrder {
    /// The same with a short wait, so that progress is known.
    fileprivate var short: PullOrder { PullOrder(step, model: model, wait: .seconds(1)) }
}
