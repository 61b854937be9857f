import Foundation
import Gossip
import HTTPTypes
import Health
import Hummingbird

/// Pins and unpins: looks whether it can be, and has it written as settings of the fleet.
struct PinDesk {
    let facts: PeerFacts

    /// Carries out `POST /fleet/pin`.
    func pin(_ request: PinRequest) async throws -> Response {
        let model = ModelKey.canonical(request.model)
        guard (1...Pin.longestModel).contains(request.model.utf8.count) else {
            return try refused("model is required", .badRequest)
        }
        let pins = facts.pins.all()
        let reachable = reachable
        let named = request.node_id.map { name in reachable.filter { $0.isCalled(name) } }
        if let named, named.isEmpty {
            return try Reply.json(
                PinAnswers.UnknownNode(
                    error: "no node is called '\(request.node_id ?? "")'", known_nodes: reachable.map(\.name).sorted()),
                status: .badRequest)
        }
        guard let place = PinPlace.best((named ?? reachable).map { PinPlace($0, model: model, pins: pins) }) else {
            let spot = request.node_id.map { "on '\($0)'" } ?? "on any node in reach"
            return try refused("model '\(request.model)' is not on disk \(spot); pull it first", .notFound)
        }
        if request.force != true, let refusal = try obstacle(place) { return refusal }
        let pin = Pin(node: place.member.name, model: model)
        guard pins.contains(pin) || pins.count < Pin.most else {
            return try refused("the fleet has \(Pin.most) pins: unpin some first", .conflict)
        }
        let began = ContinuousClock.now
        let value = String(decoding: try JSONEncoder().encode(pin), as: UTF8.self)
        let outcome = await facts.writeSettings([(pin.settingKey, value)], false)
        if case .refused(let why) = outcome { return try refused(why, .serviceUnavailable) }
        var answer = PinAnswers.Pinned(
            model: request.model, pinned_node: pin.node, per_node: Pin.perNode(pins + [pin]),
            scope: outcome == .local ? "local" : "fleet")
        if let limit = request.waiting {
            answer.ready = await isReady(pin, limit: limit)
            answer.ready_after_ms = Int64((ContinuousClock.now - began) / .milliseconds(1))
        }
        return try Reply.json(answer)
    }

    /// Carries out `DELETE /fleet/pin/{model}`; with `node` on that node alone.
    func unpin(_ name: String, node: String? = nil) async throws -> Response {
        let model = ModelKey.canonical(name)
        let pins = facts.pins.all()
        let gone = pins.filter { pin in pin.model == model && (node.map { $0 == pin.node } ?? true) }
        if !gone.isEmpty {
            let outcome = await facts.writeSettings(gone.map { ($0.settingKey, nil) }, false)
            if case .refused(let why) = outcome { return try refused(why, .serviceUnavailable) }
        }
        return try Reply.json(
            PinAnswers.Unpinned(
                model: name, unpinned_from: gone.map(\.node).sorted(), per_node: Pin.perNode(pins.filter { !gone.contains($0) })))
    }

    private func obstacle(_ place: PinPlace) throws -> Response? {
        let node = place.member.name
        if !place.budget.admits(place.model, gigabytes: place.gigabytes) {
            return try Reply.json(
                PinAnswers.OverBudget(
                    error: "pinned models may take \(place.budget.gigabytes.gigabytes) GB on \(node)", model: place.model,
                    node_id: node, requested_gb: place.gigabytes.gigabytes,
                    already_pinned_gb: place.budget.pinnedGigabytes.gigabytes, budget_gb: place.budget.gigabytes.gigabytes,
                    node_total_gb: place.budget.totalGigabytes.gigabytes,
                    already_pinned: place.budget.pinned.mapValues(\.gigabytes),
                    hint: "unpin another model there, choose another node_id, or say \"force\": true"), status: .conflict)
        }
        guard !place.isLoaded, place.gigabytes > place.available else { return nil }
        return try Reply.json(
            PinAnswers.NoMemory(
                error: "\(node) has \(place.available.gigabytes) GB free", model: place.model, node_id: node,
                requested_gb: place.gigabytes.gigabytes, available_gb: place.available.gigabytes,
                hint: "unload a model there, choose another node_id, or say \"force\": true"), status: .serviceUnavailable)
    }

    /// Waits until the view shows the model in that node's memory.
    private func isReady(_ pin: Pin, limit: Duration) async -> Bool {
        let end = ContinuousClock.now + limit
        while true {
            let member = facts.view().members.first { $0.name == pin.node }
            if member?.models?.loaded.contains(where: { ModelKey.canonical($0.name) == pin.model }) == true { return true }
            guard ContinuousClock.now < end, !Task.isCancelled else { return false }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private var reachable: [MemberView] { facts.view().members.filter { $0.status == .alive || $0.status == .suspect } }

    func refused(_ error: String, _ status: HTTPResponse.Status) throws -> Response {
        try Reply.json(PinAnswers.Refused(error: error), status: status)
    }
}

extension MemberView {
    /// Its name, or its id in either length.
    func isCalled(_ word: String) -> Bool { name == word || id.hex == word || id.shortHex == word }
}
