import Gossip
import Testing

@Suite("Lease rules word by word")
struct LeaseTranscriptTests {
    private static let me = PeerID(short: 1, low: 0)
    private static let other = PeerID(short: 2, low: 0)
    private static let third = PeerID(short: 3, low: 0)

    /// The digest of the roster that `me` is born with.
    private static let alone = Roster(alone: me).hash

    private func fresh(_ durable: DurableLease = DurableLease(), priority: UInt8 = 50) -> LeaseRules {
        LeaseRules(
            selfID: Self.me, candidacy: Candidacy(priority: priority), durable: durable, configuration: LeaseConfiguration(),
            seed: 1, now: .zero)
    }

    private func at(_ milliseconds: Int) -> Instant { .zero + .milliseconds(milliseconds) }

    private func request(_ epoch: UInt64, _ round: UInt32 = 1, length: UInt16 = 2_000) -> LeaseEvent {
        .message(.request(epoch: epoch, round: round, lengthMilliseconds: length), from: Self.other)
    }

    private func messages(_ actions: [LeaseAction]) -> [LeaseMessage] {
        actions.compactMap { if case .send(let message, _) = $0 { message } else { nil } }
    }

    @Test("A new grant is on disk before it is answered; a renewal is not written")
    func persistFirst() {
        var rules = fresh()
        let actions = rules.handle(request(7, 3), now: at(0))
        let until = Instant.zero + .milliseconds(2_045)
        #expect(
            actions == [
                .persist(DurableLease(maxEpoch: 7, longestGrantMilliseconds: 5_000, cleanExit: false)),
                .note(.granted(to: Self.other, epoch: 7, until: until)),
                .send(.granted(epoch: 7, round: 3, roster: Self.alone), to: Self.other),
                .changed,
            ])
        #expect(
            rules.handle(request(7, 4), now: at(400)) == [
                .note(.renewed(to: Self.other, epoch: 7, until: until + .milliseconds(400))),
                .send(.granted(epoch: 7, round: 4, roster: Self.alone), to: Self.other),
            ])
        #expect(rules.nextWake == until + .milliseconds(400))
    }

    @Test("A renewal with a longer lease than any before is written first")
    func longer() {
        var rules = fresh()
        _ = rules.handle(request(7), now: at(0))
        let actions = rules.handle(request(7, 2, length: 9_000), now: at(10))
        #expect(actions.first == .persist(DurableLease(maxEpoch: 7, longestGrantMilliseconds: 9_000, cleanExit: false)))
        #expect(rules.obeyed(now: at(9_190))?.router == Self.other)
        #expect(rules.obeyed(now: at(9_195)) == nil)
        _ = rules.handle(request(7, 3, length: 1_000), now: at(20))
        #expect(rules.obeyed(now: at(9_190))?.router == Self.other, "a shorter renewal never shortens what was promised")
    }

    @Test("A grant that cannot be written was never given: no renewal answers it")
    func unwritten() {
        var rules = fresh()
        _ = rules.handle(request(7, 1), now: at(0))
        let onDisk = DurableLease(maxEpoch: 6)
        let actions = rules.handle(.storage(writable: false, onDisk: onDisk), now: at(1))
        #expect(actions.contains(.note(.ended(of: Self.other, epoch: 7))))
        #expect(rules.obeyed(now: at(2)) == nil)
        #expect(messages(rules.handle(request(7, 2), now: at(100))).allSatisfy { if case .granted = $0 { false } else { true } })
        #expect(!rules.admits(epoch: 7, router: Self.other, now: at(101)))
        _ = rules.handle(.storage(writable: true), now: at(200))
        #expect(messages(rules.handle(request(8, 3), now: at(300))) == [.granted(epoch: 8, round: 3, roster: Self.alone)])
        #expect(rules.obeyed(now: at(301))?.epoch == 8)
    }

    @Test("A grant that was written stays when the disk fills up later")
    func writtenBefore() {
        var rules = fresh()
        _ = rules.handle(request(7, 1), now: at(0))
        _ = rules.handle(.wake, now: at(10))
        _ = rules.handle(.storage(writable: false, onDisk: DurableLease(maxEpoch: 7)), now: at(11))
        #expect(messages(rules.handle(request(7, 2), now: at(100))) == [.granted(epoch: 7, round: 2, roster: 0)])
        #expect(rules.obeyed(now: at(101))?.router == Self.other)
    }

    @Test("Others and old epochs are rejected, with what the asker needs to know")
    func rejections() {
        var rules = fresh()
        _ = rules.handle(request(7), now: at(0))
        let foreign = LeaseEvent.message(.request(epoch: 9, round: 5, lengthMilliseconds: 2_000), from: Self.third)
        #expect(
            rules.handle(foreign, now: at(45)) == [
                .send(
                    .rejected(epoch: 9, round: 5, maxEpoch: 7, holder: Self.other, remainingMilliseconds: 2_000), to: Self.third)
            ])
        #expect(
            messages(rules.handle(request(6, 6), now: at(45))) == [
                .rejected(epoch: 6, round: 6, maxEpoch: 7, holder: Self.other, remainingMilliseconds: 2_000)
            ])
        #expect(
            messages(rules.handle(request(8, 7), now: at(50))) == [.granted(epoch: 8, round: 7, roster: Self.alone)],
            "its own router may go on")
        _ = rules.handle(.message(.release(epoch: 8), from: Self.other), now: at(60))
        #expect(
            messages(rules.handle(foreign, now: at(70))) == [.granted(epoch: 9, round: 5, roster: Self.alone)])
        #expect(rules.admits(epoch: 9, router: Self.third, now: at(80)))
        #expect(!rules.admits(epoch: 8, router: Self.other, now: at(80)))
        #expect(!rules.admits(epoch: 9, router: Self.other, now: at(80)))
        #expect(!rules.admits(epoch: 9, router: Self.third, now: at(2_115)), "the fence closes with the grant")
    }

    @Test("A release or hand-over with another epoch is ignored")
    func wrongEpoch() {
        var rules = fresh()
        _ = rules.handle(request(7), now: at(0))
        for epoch: UInt64 in [0, 6, 8, .max] {
            #expect(rules.handle(.message(.release(epoch: epoch), from: Self.other), now: at(1)).isEmpty)
            #expect(rules.handle(.message(.handOver(epoch: epoch, successor: Self.me), from: Self.other), now: at(1)).isEmpty)
        }
        #expect(rules.handle(.message(.release(epoch: 7), from: Self.third), now: at(1)).isEmpty)
        #expect(rules.obeyed(now: at(2))?.epoch == 7)
    }

    @Test("Impossible numbers are ignored, and noted where a peer names such an epoch")
    func bounds() {
        var rules = fresh()
        for bad in [request(0), request(5, length: 999), request(5, length: 10_001), request(5, length: 0)] {
            #expect(rules.handle(bad, now: at(0)).isEmpty)
        }
        #expect(rules.handle(.message(.granted(epoch: .max, round: 1), from: Self.other), now: at(0)).isEmpty)
        func isRefused(_ event: LeaseEvent) -> Bool {
            let actions = rules.handle(event, now: at(0))
            guard actions.count == 1, case .note(.epochRefused(_, from: Self.other)) = actions[0] else { return false }
            return true
        }
        let rejected = LeaseMessage.rejected(epoch: 1, round: 1, maxEpoch: .max, holder: nil, remainingMilliseconds: 0)
        #expect(isRefused(request((1 << 62) + 1)))
        #expect(isRefused(request(.max)))
        #expect(isRefused(.message(rejected, from: Self.other)))
        #expect(isRefused(.message(.preVoteReply(round: 1, yes: true, maxEpoch: .max), from: Self.other)))
        _ = rules.handle(.view(peers: []), now: at(1))
        #expect(rules.isRouter(now: at(1)))
        #expect(rules.heldEpoch == 1, "none of it raised the epoch")
    }

    @Test("Who knows an epoch believes none that is more than 2^32 above it; who knows none believes the first")
    func epochGuard() {
        var rules = fresh()
        func record(_ epoch: UInt64) -> LeaseEvent {
            .announced(
                LeaseRecord(
                    router: Self.other, epoch: epoch, lengthMilliseconds: 2_000, mode: .degraded, priorityClass: 5, domainSize: 1,
                    heldSeconds: 1, counter: 1))
        }
        func isRefused(_ event: LeaseEvent) -> Bool {
            rules.handle(event, now: at(0)).contains { if case .note(.epochRefused) = $0 { true } else { false } }
        }
        #expect(!isRefused(record(1 << 40)), "the first epoch that it hears of")
        #expect(isRefused(record(1 << 62)))
        #expect(isRefused(record(1 << 40 + 1 << 32 + 1)))
        #expect(isRefused(.message(.preVoteReply(round: 1, yes: true, maxEpoch: 1 << 50), from: Self.other)))
        #expect(isRefused(request(1 << 50)))
        #expect(rules.obeyed(now: at(0)) == nil)
        #expect(!isRefused(record(1 << 40 + 1 << 32)), "an honest step, however long it was away")
        _ = rules.handle(.view(peers: []), now: at(1))
        #expect(rules.heldEpoch == 1 << 40 + 1 << 32 + 1)
    }

    @Test("At the highest possible epoch a peer stands no more and does not trap")
    func exhausted() {
        var rules = fresh(DurableLease(maxEpoch: 1 << 62, longestGrantMilliseconds: 5_000, cleanExit: true))
        _ = rules.handle(.view(peers: []), now: at(1))
        #expect(!rules.isRouter(now: at(1)))
    }

    @Test("After an unclean stop the voter is silent for the longest grant, and does not stand")
    func quarantine() {
        var rules = fresh(DurableLease(maxEpoch: 4, longestGrantMilliseconds: 9_000, cleanExit: false))
        _ = rules.handle(.view(peers: []), now: at(0))
        let end = 9_185
        #expect(rules.nextWake == at(end))
        #expect(messages(rules.handle(request(9), now: at(end - 1))).isEmpty)
        #expect(messages(rules.handle(.message(.preVote(round: 1), from: Self.other), now: at(end - 1))).isEmpty)
        #expect(!rules.isRouter(now: at(end - 1)))
        #expect(messages(rules.handle(request(9), now: at(end))) == [.granted(epoch: 9, round: 1, roster: Self.alone)])

        var short = fresh(DurableLease(maxEpoch: 4, longestGrantMilliseconds: 2_000, cleanExit: false))
        #expect(messages(short.handle(request(9), now: at(5_099))).isEmpty)
        #expect(!messages(short.handle(request(9), now: at(5_100))).isEmpty)
    }

    @Test("A clean stop, or a state that never granted, has no quarantine")
    func noQuarantine() {
        for durable in [
            DurableLease(), DurableLease(maxEpoch: 0, longestGrantMilliseconds: 0, cleanExit: false),
            DurableLease(maxEpoch: 4, longestGrantMilliseconds: 5_000, cleanExit: true),
        ] {
            var rules = fresh(durable)
            let actions = rules.handle(request(9), now: at(0))
            #expect(messages(actions) == [.granted(epoch: 9, round: 1, roster: Self.alone)])
            #expect(actions.first == .persist(DurableLease(maxEpoch: 9, longestGrantMilliseconds: 5_000, cleanExit: false)))
        }
    }

    @Test("Without a writable state nothing new is granted and nobody stands; renewals go on")
    func storage() {
        var rules = fresh()
        _ = rules.handle(request(7), now: at(0))
        _ = rules.handle(.wake, now: at(1))
        _ = rules.handle(.storage(writable: false), now: at(2))
        #expect(messages(rules.handle(request(7, 2), now: at(400))) == [.granted(epoch: 7, round: 2, roster: 0)])
        #expect(messages(rules.handle(request(8, 3), now: at(500))).isEmpty)
        #expect(messages(rules.handle(request(7, 4, length: 9_000), now: at(600))).isEmpty, "it would have to be written")
        _ = rules.handle(.view(peers: []), now: at(700))
        _ = rules.handle(.wake, now: at(9_000))
        #expect(!rules.isRouter(now: at(9_000)))
        _ = rules.handle(.storage(writable: true), now: at(9_001))
        #expect(rules.isRouter(now: at(9_001)))
    }

    @Test("A late answer is counted from the sending of its round, and never more")
    func sendTime() {
        var rules = fresh()
        _ = rules.handle(.view(peers: [LeasePeer(id: Self.other)]), now: at(0))
        var round: UInt32 = 0
        var sentAt = Instant.zero
        var now = rules.nextWake
        while !rules.isRouter(now: now) {
            for action in rules.handle(.wake, now: now) {
                guard case .send(let message, _) = action else { continue }
                if case .preVote(let number) = message {
                    let yes = LeaseMessage.preVoteReply(round: number, yes: true, maxEpoch: 0)
                    for next in rules.handle(.message(yes, from: Self.other), now: now) {
                        if case .send(.request(_, let number, _), _) = next { (round, sentAt) = (number, now) }
                    }
                }
            }
            if round > 0 {
                now = sentAt + .milliseconds(550)
                _ = rules.handle(.message(.granted(epoch: 1, round: round), from: Self.other), now: now)
            } else {
                now = rules.nextWake
            }
        }
        #expect(rules.validUntil(Self.other, now: now) == sentAt + .milliseconds(1_980))
        _ = rules.handle(.message(.granted(epoch: 1, round: round), from: Self.other), now: sentAt + .milliseconds(1_999))
        #expect(!rules.isRouter(now: sentAt + .milliseconds(2_000)), "a repeated answer does not extend")
        _ = rules.handle(.message(.granted(epoch: 1, round: round &+ 77), from: Self.other), now: sentAt + .milliseconds(2_001))
        #expect(!rules.isRouter(now: sentAt + .milliseconds(2_001)), "an unknown round counts nothing")
    }

    @Test("A grant for a lease that is held no more is given back")
    func lateGrant() {
        var rules = fresh()
        let late = LeaseEvent.message(.granted(epoch: 3, round: 8), from: Self.other)
        #expect(messages(rules.handle(late, now: at(0))) == [.release(epoch: 3)])
    }
}
