import API
import Gossip
import Routing

extension ModelPuller {
    /// Somebody orders a pull on one machine: begins it there, waits a little for its end, and says how far it is. Asked again it
    /// says so of the same pull.
    func pull(_ model: String, onto node: String, wait: Duration = .seconds(2)) async -> NodePull {
        let now = view()
        let reachable = now.members.filter { $0.status == .alive || $0.status == .suspect }
        guard let member = reachable.first(where: { $0.isNamed(node) }) else {
            return .unknownNode(known: reachable.map(\.name))
        }
        if member.hasInOllama(model) { return .here }
        let order = PullOrder(.fetch, model: model, wait: wait)
        let report =
            member.id == now.selfID ? await machine.ask(model, wait: order.wait) : await Self.ask(member.id, order, askPeer)
        guard let report else { return .failed("\(member.name) did not answer") }
        switch report.state {
        case .here: return .here
        case .pulling: return .pulling(percent: report.percent)
        case .failed, .busy, .unknown: return .failed(report.reason ?? "\(member.name) could not pull it")
        }
    }
}
