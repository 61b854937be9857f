extension Herd {
    /// Bytes of items that ride on a ping or an ack.
    static let piggybackBudget = 600

    /// Sends one datagram to a member, in the version that both speak, the way that works.
    mutating func send(_ message: Message, _ items: [Item] = [], to index: Int) {
        let record = members.entries[index].record
        guard let version = Self.commonVersion(selfRecord.protocolRange, record.protocolRange) else { return }
        dispatch(message, items, to: record.endpoint, version: version, isTunnelled: members.entries[index].isUDPBlocked)
    }

    /// Sends one datagram to an address: as an answer to the datagram that is being handled, when that came from there.
    mutating func send(_ message: Message, _ items: [Item] = [], to endpoint: Endpoint) {
        let answered = incoming.flatMap { $0.from == endpoint ? $0 : nil }
        dispatch(
            message, items, to: endpoint, version: answered?.version ?? selfRecord.protocolRange.lowerBound,
            isTunnelled: answered?.isTunnelled ?? isBlocked(endpoint))
    }

    /// Puts a datagram on its way.
    mutating func dispatch(_ message: Message, _ items: [Item], to endpoint: Endpoint, version: UInt8, isTunnelled: Bool) {
        let datagram = Datagram(
            version: version, sender: selfRecord.id.short, generation: selfRecord.generation,
            incarnation: selfRecord.incarnation, hotCounter: own.published.hotVersion.counter,
            localHealth: UInt8(prober.localHealth), message: message, items: items)
        traffic.count(datagram, present)
        actions.append(isTunnelled ? .tunnel(datagram, to: endpoint) : .send(datagram, to: endpoint))
    }

    /// The highest protocol version in both ranges; nil when there is none.
    static func commonVersion(_ mine: ClosedRange<UInt8>, _ theirs: ClosedRange<UInt8>) -> UInt8? {
        let highest = min(mine.upperBound, theirs.upperBound)
        return highest >= mine.lowerBound && highest >= theirs.lowerBound ? highest : nil
    }

    /// Sends a ping to a member, with what it should know: what is believed of it, who asks, and rumours.
    mutating func sendPing(_ index: Int, sequence: UInt32, _ now: Instant) {
        let id = members.ids[index]
        send(.ping(sequence: sequence, target: id.short), pingItems(index, now), to: index)
    }

    /// What rides on a ping to a member.
    mutating func pingItems(_ index: Int, _ now: Instant) -> [Item] {
        var items: [Item] = []
        if let belief = belief(index) { items.append(belief) }
        if members.entries[index].lastHeard == nil || !members.entries[index].isActive { items.append(.told(selfRecord)) }
        addRumours(to: &items, budget: piggybackBudget(now), for: members.ids[index], now)
        return items
    }

    /// Bytes of items that may ride on a datagram now.
    mutating func piggybackBudget(_ now: Instant) -> Int {
        rumours.isEmpty ? 0 : min(Self.piggybackBudget, traffic.roomForItems(now))
    }

    /// What a member must hear to refute it: that it is suspected, dead or gone; nil for one in good standing.
    func belief(_ index: Int) -> Item? {
        let isActive = members.entries[index].isActive
        if isActive, members.entries[index].suspicion == nil { return nil }
        let record = members.entries[index].record
        if isActive, let suspicion = members.entries[index].suspicion {
            return .suspect(
                record.id, generation: record.generation, incarnation: record.incarnation,
                by: suspicion.accusers.first ?? selfRecord.id.short)
        }
        return members.entries[index].isPlaceholder ? nil : .told(record)
    }

    /// Up to `count` different active members, evenly at random.
    mutating func randomActive(_ count: Int, where isWanted: (Member) -> Bool = { _ in true }) -> [Int] {
        let total = members.active.count
        guard total > 0 else { return [] }
        var places: [Int] = []
        var result: [Int] = []
        // A few draws find enough where most are wanted; a walk from a random place finds the rest.
        var draws = 0
        while result.count < count, places.count < total, draws < 4 * count {
            draws += 1
            let place = Int.random(in: 0..<total, using: &random)
            guard !places.contains(place) else { continue }
            places.append(place)
            if let index = members.index(members.active[place]), isWanted(members.entries[index]) { result.append(index) }
        }
        guard result.count < count, places.count < total else { return result }
        let start = Int.random(in: 0..<total, using: &random)
        for offset in 0..<total where result.count < count {
            let place = (start + offset) % total
            guard !places.contains(place), let index = members.index(members.active[place]) else { continue }
            if isWanted(members.entries[index]) { result.append(index) }
        }
        return result
    }

    /// Records a change of status and what follows from it.
    mutating func noteStatus(_ index: Int, from before: MemberStatus?) {
        let after = members.entries[index].status
        changed.leaseView = true
        changed.view = true
        changed.remember = true
        guard before != after else { return }
        actions.append(.note(.status(members.ids[index], from: before, to: after)))
    }
}
