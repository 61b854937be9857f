internal import Gossip
public import NIOCore
public import NIOPosix
internal import Routing

/// Brings blobs to the machine on which their model will be made, and answers whether they are there.
///
/// All blobs of one client go to one machine until its model is made: to the one that has the first of them already, else to the
/// best for a new model. `POST /api/create` then finds them by `BlobLedger`, or by asking the machines.
public struct BlobForwarder: Sendable {
    private let lane: LaneState
    private let carrier: BlobCarrier

    /// Machines that are asked for a blob at once.
    static let maximumAsked = 64
    /// How long a machine may take to say whether it has a blob.
    static let questionLimit = Duration.seconds(5)

    /// A forwarder, whose ledger from now on asks machines by it.
    public init(lane: LaneState, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) {
        self.lane = lane
        carrier = BlobCarrier(settings: lane.configuration, group: group)
        let finder = Finder(lane: lane, carrier: carrier)
        lane.blobs.setFinder { digests in await finder.holder(of: digests) }
    }

    /// At the peer that the client talks to. Without `body` it is asked whether the blob is there.
    public func run(_ order: BlobOrder, _ body: BlobBody?) async -> BlobOutcome {
        guard body == nil || lane.blobs.began() else { return .busy }
        defer { if body != nil { lane.blobs.ended() } }
        let view = lane.view
        let wish = Placement(.create(from: nil), model: "", node: order.node)
        if order.node != nil, wish.named(in: view) == nil {
            return .unknownNode(known: view.members.filter { $0.status != .left }.map(\.name))
        }
        let machines = wish.rank(view).candidates.compactMap { view.member($0.peer) }
        guard let best = machines.first else { return .noMachine }
        if order.node != nil { return await ask(best, order, body, view) }
        if let home = lane.blobs.home(of: order.client) {
            if let machine = machines.first(where: { $0.id == home }) { return await ask(machine, order, body, view) }
            // It is gone, and what it has with it.
            lane.blobs.release(order.client)
        }
        guard let body else { return await look(order, machines, view) }
        return await put(order, body, machines, view)
    }

    /// At the machine that was chosen: its own Ollama.
    public func runHere(_ order: BlobOrder, _ body: BlobBody?) async -> BlobOutcome {
        guard let engine = lane.backends.first(where: { $0.kind == .ollama && $0.door == nil }) else { return .noMachine }
        guard body == nil || lane.blobs.began() else { return .busy }
        defer { if body != nil { lane.blobs.ended() } }
        let node = lane.view.me?.name ?? lane.configuration.nodeName
        let destination = BlobCarrier.Destination(address: engine.address, host: "\(engine.host):\(engine.port)", peer: nil)
        do throws(BlobProblem) {
            let answer = try await carrier.carry(order, body, to: destination)
            return .answered(
                node: node, status: answer.status, contentType: answer.contentType, length: answer.length, body: answer.body)
        } catch {
            return .failed("its Ollama: \(error.words)")
        }
    }

    // MARK: Which machine

    /// Nobody knows yet where this client's model will be made: where the first of its blobs is, else on the best machine.
    private func look(_ order: BlobOrder, _ machines: [MemberView], _ view: FleetView) async -> BlobOutcome {
        let finder = Finder(lane: lane, carrier: carrier)
        let holders = await finder.holders(of: order, among: machines, view)
        let home = lane.blobs.claim(order.client, holders.first ?? machines[0].id)
        guard let machine = view.member(home) else { return .noMachine }
        return await ask(machine, order, nil, view)
    }

    /// The first machine that can be connected to takes it.
    private func put(_ order: BlobOrder, _ body: BlobBody, _ machines: [MemberView], _ view: FleetView) async -> BlobOutcome {
        let first = lane.blobs.claim(order.client, machines[0].id)
        let line = machines.filter { $0.id == first } + machines.filter { $0.id != first }
        var last = BlobOutcome.noMachine
        for machine in line.prefix(3) {
            do throws(BlobProblem) {
                return try await carry(order, body, to: machine, view)
            } catch {
                last = .failed("\(machine.name): \(error.words)")
                guard case .unreachable = error else { return last }
                lane.blobs.release(order.client)
            }
        }
        return last
    }

    private func ask(_ machine: MemberView, _ order: BlobOrder, _ body: BlobBody?, _ view: FleetView) async -> BlobOutcome {
        do throws(BlobProblem) {
            return try await carry(order, body, to: machine, view)
        } catch {
            return .failed("\(machine.name): \(error.words)")
        }
    }

    private func carry(
        _ order: BlobOrder, _ body: BlobBody?, to machine: MemberView, _ view: FleetView
    ) async throws(BlobProblem) -> BlobOutcome {
        guard let destination = Finder.destination(of: machine, lane, view) else {
            throw .unreachable("no address of it is known")
        }
        let answer = try await carrier.carry(order, body, to: destination)
        if (200..<300).contains(answer.status) {
            lane.blobs.note(order.digest, at: machine.id)
            if order.node == nil { _ = lane.blobs.claim(order.client, machine.id) }
        }
        return .answered(
            node: machine.name, status: answer.status, contentType: answer.contentType, length: answer.length, body: answer.body)
    }
}

extension BlobProblem {
    /// In words.
    var words: String {
        switch self {
        case .unreachable(let why), .broken(let why): why
        case .clientLeft: "the client did not send all of it"
        }
    }
}
