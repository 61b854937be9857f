internal import Gossip
internal import NIOCore
internal import Routing

extension BlobForwarder {
    /// Asks machines which of them have a blob.
    struct Finder: Sendable {
        let lane: LaneState
        let carrier: BlobCarrier

        /// The machines that have it, in the order of `machines`.
        func holders(of order: BlobOrder, among machines: [MemberView], _ view: FleetView) async -> [PeerID] {
            await withTaskGroup(of: PeerID?.self) { group in
                for machine in machines.prefix(BlobForwarder.maximumAsked) {
                    guard let destination = Self.destination(of: machine, lane, view) else { continue }
                    group.addTask { await has(order, destination) ? machine.id : nil }
                }
                var found: Set<PeerID> = []
                for await peer in group { if let peer { found.insert(peer) } }
                return machines.map(\.id).filter(found.contains)
            }
        }

        /// The machine that has most of `digests`; nil when none has any. All of them are asked, since a client may have sent
        /// them through another peer.
        func holder(of digests: [String]) async -> PeerID? {
            let view = lane.view
            let machines = Placement(.create(from: nil), model: "", node: nil).rank(view).candidates
                .compactMap { view.member($0.peer) }
            var counts: [PeerID: Int] = [:]
            for digest in digests.prefix(8) {
                for peer in await holders(of: BlobOrder(digest: digest, client: ""), among: machines, view) {
                    counts[peer, default: 0] += 1
                }
            }
            let most = counts.values.max() ?? 0
            return machines.first { counts[$0.id] == most }?.id
        }

        private func has(_ order: BlobOrder, _ destination: BlobCarrier.Destination) async -> Bool {
            await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    do throws(BlobProblem) {
                        return try await carrier.carry(order, nil, to: destination).status == 200
                    } catch {
                        return false
                    }
                }
                group.addTask {
                    try? await Task.sleep(for: BlobForwarder.questionLimit)
                    return false
                }
                defer { group.cancelAll() }
                return await group.next() ?? false
            }
        }

        /// Where a machine's blobs are sent: this machine's own Ollama, or another's mesh port.
        static func destination(of machine: MemberView, _ lane: LaneState, _ view: FleetView) -> BlobCarrier.Destination? {
            if machine.id == view.selfID {
                return lane.backends.first { $0.kind == .ollama }.map {
                    BlobCarrier.Destination(address: $0.address, host: "\($0.host):\($0.port)", peer: nil)
                }
            }
            guard let endpoint = machine.endpoint,
                let address = try? SocketAddress(ipAddress: endpoint.address.description, port: Int(endpoint.port))
            else { return nil }
            return BlobCarrier.Destination(address: address, host: endpoint.description, peer: machine.id)
        }
    }
}
