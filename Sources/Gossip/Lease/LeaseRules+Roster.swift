/// The roster at every peer: which one it goes by, and when it takes another (I5; decision 28).
extension LeaseRules {
    /// How many peers the roster has.
    public var rosterSize: Int { roster.peers.count }

    /// This peer may leave its roster without anybody's consent: it does not belong to it, is all of it, or nobody can ever hold
    /// more than half of it again.
    private var isFree: Bool { !roster.contains(selfID) || roster.isOnly(selfID) || isRosterDead }

    /// Half of the roster or more has gone over to other lineages, by its own word. None of them comes back to this version.
    /// Also when it was one newcomer's alone: two can each go over to what the other was born with, at the same time.
    var isRosterDead: Bool {
        2 * electors.count { $0.isOnRoster && $0.isElsewhere } >= roster.peers.count
    }

    /// What this peer answers to its router: the roster that is on disk. While nothing can be written nobody knows which one
    /// that is.
    var acknowledgedRoster: UInt64 { writable ? roster.hash : 0 }

    /// Another peer's news. Who follows the sender answers what it goes by now.
    mutating func receive(_ news: RosterNews, from sender: PeerID) {
        let offer: Roster
        var moves: UInt32?
        switch news {
        case .whole(let roster, let count):
            offer = roster
            moves = count
        case .step(let base, let change, let version):
            guard base == roster.hash, let next = roster.changed(by: change, version: version) else { return }
            offer = next
        }
        consider(offer, from: sender, moves: moves)
        guard !stopping, let grant, grant.router == sender else { return }
        if roster.hash == offer.hash {
            acknowledge(epoch: grant.epoch, round: grant.round, to: sender)
        } else if roster.peers.count <= RosterNews.mostTold {
            send(.roster(.whole(roster, moves: durable.rosterMoves)), to: sender)
        }
    }

    /// Tells a router that this peer obeys it, and by which roster it goes.
    mutating func acknowledge(epoch: UInt64, round: UInt32, to router: PeerID) {
        send(.granted(epoch: epoch, round: round, roster: acknowledgedRoster, moves: durable.rosterMoves), to: router)
    }

    /// Takes another peer's roster if it must; a holder keeps one of another lineage in mind, to dissolve it. With `moves` the
    /// sender itself goes by it, unless a later word of it is known: exchanges of state are slow and may be overtaken.
    mutating func consider(_ offer: Roster, from sender: PeerID, moves: UInt32?) {
        if let moves, let place = index(of: sender), moves >= electors[place].rosterMoves {
            electors[place].rosterMoves = moves
            electors[place].isElsewhere = offer.lineage != roster.lineage
        }
        guard offer.hash != roster.hash, offer.peers.count <= Roster.mostPeers else { return }
        guard learn(epoch: offer.version.epoch, from: sender) else { return }
        if offer.lineage == roster.lineage {
            if offer.version > roster.version { adopt(offer) }
        } else if mayMove(to: offer, from: sender) {
            adopt(offer)
        } else if lease != nil, index(of: sender) != nil, offer.contains(sender) {
            if foreign.map({ $0.lineage == offer.lineage ? offer.version > $0.version : !isHeld($0) }) ?? true { foreign = offer }
        }
    }

    /// Whether this peer goes over to another lineage. A member of a roster with others never does so by itself: else a few peers
    /// on the wrong side of a partition could make a quorum of their own. It stays until a router that holds more than half of that
    /// roster has taken it off.
    private func mayMove(to offer: Roster, from sender: PeerID) -> Bool {
        // Back to a lineage that it left only as a newcomer: then those who count on its absence are right.
        if let floor = durable.floors.first(where: { $0.lineage == offer.lineage }) {
            guard offer.version >= floor.version, !offer.contains(selfID) else { return false }
        }
        let follows = sender != selfID && grant?.router == sender
        if isFree {
            // Who is alone joins any company; who only looks on goes where its router is.
            if roster.isOnly(selfID), offer.peers.count > 1 { return true }
            if follows { return isRosterDead || offer.peers.count > 1 || roster.peers.count == 1 }
            return lease != nil && offer.peers.count > 1
                && (isRosterDead || !electors.contains { $0.rosterHash == roster.hash && $0.validUntil > now })
        }
        // Half of the old roster is in the new one: nobody can hold more than half of the old one any more.
        if follows, 2 * roster.peers.count(where: { $0 != selfID && offer.contains($0) }) >= roster.peers.count { return true }
        // After a week, as its router and this peer agree: nobody but itself is missing who was seen since.
        return follows && roster.peers.allSatisfy { $0 == selfID || offer.contains($0) || aged.containsInOrder($0) }
    }

    /// Goes by another roster from now on, once that is on disk.
    mutating func adopt(_ next: Roster) {
        guard writable else { return }
        if next.lineage != roster.lineage {
            durable.floors.removeAll { $0.lineage == roster.lineage || $0.lineage == next.lineage }
            durable.rosterMoves &+= 1
            durable.floors.append(RosterFloor(lineage: roster.lineage, version: roster.version))
            if durable.floors.count > RosterFloor.most { durable.floors.removeFirst() }
            for place in electors.indices { electors[place].isElsewhere = false }
        }
        roster = next
        durable.roster = next
        actions.append(.persist(durable))
        lease?.previousRoster = nil
        lease?.rosterStep = nil
        if foreign?.lineage == next.lineage { foreign = nil }
        markMembers()
    }

    /// Renews what the electors say of their membership.
    mutating func markMembers() {
        for place in electors.indices { electors[place].isOnRoster = roster.contains(electors[place].id) }
    }
}
