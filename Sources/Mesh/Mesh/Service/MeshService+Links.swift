public import Gossip

extension MeshService {
    /// `POST /herd/v1/datagrams`: takes in datagrams that could not come by UDP, and gives back what they are answered with, in the
    /// same framing: each sealed datagram behind its length in two bytes, most significant first, at most 64.
    ///
    /// The caller has checked that the link is of this fleet. `remote` is the address that the connection came from.
    /// - Throws: `MeshSyncError`.
    public func handleDatagrams(body: [UInt8], remote: IPAddress?) async throws -> [UInt8] {
        guard let frames = DatagramFrames.decode(body) else {
            await onLoop { $0.counters.tunnelsRefused += 1 }
            throw MeshSyncError.malformed
        }
        guard let answers = await onLoop({ $0.serveTunnel(frames, remote: remote) }) ?? nil else {
            throw MeshSyncError.notRunning
        }
        return DatagramFrames.encode(answers)
    }
}
