import API
import FastLane
import Mesh

extension PeerParts {
    /// Pulls of models that requests ask for: this machine's part of them in any case, and those of its own clients if it may.
    func servePulls(_ facts: inout PeerFacts) {
        let engine = EnginePull(client: client, backends: backends, nodeName: { [self] in nodeName })
        let puller = ModelPuller(
            view: { [lane] in lane.view }, machine: PullFlights { await engine.run($0, $1) }, logger: logger
        ) { [mesh] peer, path, body in
            // A question waits ten seconds by itself.
            try await mesh.ask(peer, path: path, body: body, limit: PullOrder.maximumBytes, timeout: .seconds(15))
        }
        facts.pulls = { await puller.answer($0) }
        facts.pullModel = { node, model in await puller.pull(model, onto: node) }
        let limit = configuration.autoPullTimeout
        lane.setAutoPull(AutoPull { await puller.fetch($0, limit: limit) })
    }
}
