import Gossip

@testable import Mesh

/// Right inputs made by the program itself, so that they stay right when the protocol changes.
enum Seeds {
    static func make(_ target: FuzzTarget) -> [[UInt8]] {
        switch target {
        case .datagram: datagrams().flatMap { [encode($0), [1] + encode($0).dropFirst(Envelope.byteCount)] }
        case .sync: syncs()
        case .http, .tls: []
        }
    }

    private static func encode(_ datagram: Datagram) -> [UInt8] {
        DatagramCodec.encode(datagram, keyID: 0, fleetTag: 0, sequence: 1)
    }

    private static func datagrams() -> [Datagram] {
        let other = RulesUnderFuzz.id(2)
        let lease: [LeaseMessage] = [
            .preVote(round: 1), .preVoteReply(round: 1, yes: true, maxEpoch: 3),
            .request(epoch: 4, round: 2, lengthMilliseconds: 2_000),
            .granted(epoch: 4, round: 2),
            .rejected(epoch: 4, round: 2, maxEpoch: 9, holder: other, remainingMilliseconds: 300), .release(epoch: 4),
            .handOver(epoch: 4, successor: other),
        ]
        let messages: [Message] =
            [
                .ping(sequence: 9, target: RulesUnderFuzz.id(0).short), .ack(sequence: 9),
                .pingRequest(sequence: 9, target: other.short, endpoint: RulesUnderFuzz.endpoint(2)), .nack(sequence: 9), .gossip,
            ] + lease.map { .lease($0) }
        return messages.map {
            Datagram(
                sender: RulesUnderFuzz.id(1).short, generation: 1, incarnation: 0, hotCounter: 1, localHealth: 0, message: $0,
                items: [
                    .suspect(other, generation: 1, incarnation: 0, by: RulesUnderFuzz.id(3).short),
                    .hot(
                        other, version: RecordVersion(generation: 1, counter: 2), ageCentiseconds: 3,
                        coldVersions: ColdVersions(), HotReport()),
                ])
        }
    }

    private static func syncs() -> [[UInt8]] {
        var rules = RulesUnderFuzz()
        let empty = rules.herd.syncMessage(now: rules.now)
        _ = rules.take(.hot(HotReport()))
        _ = rules.take(.cold(.models, payload: [1, 2, 3]))
        return [empty, rules.herd.syncMessage(now: rules.now)].compactMap { try? SyncDocument.encode($0) } + [Array("{}".utf8)]
    }
}
