extension Herd {
    /// Bytes of items that ride on a ping or an ack.
    static let piggybackBudget = 600

    /// Sends one datagram.
    mutating func send(_ message: Message, _ items: [Item] = [], to endpoint: Endpoint) {
        let datagram = Datagram(
            sender: selfRecord.id.short, generation: selfRecord.generation, incarnation: selfRecord.incarnation,
            hotCounter: own.published.hotVersion.counter, localHealth: UInt8(prober.localHealth), message: message, items: items)
        actions.append(.send(datagram, to: endpoint))
    }

    /// Sends a ping to a member, with what it should know: what is believed of it, who asks, and rumours.
    mutating func sendPing(_ index: Int, sequence: UInt32, _ now: Instant) {
        var items: [Item] = []
        if let belief = belief(index) { items.append(belief) }
        if members.entries[index].lastHeard == nil || !members.entries[index].isActive { items.append(.member(selfRecord)) }
        let id = members.ids[index]
        let endpoint = members.entries[index].record.endpoint
        addRumours(to: &items, budget: Self.piggybackBudget, for: id, now)
        send(.ping(sequence: sequence, target: id.short), items, to: endpoint)
    }

    /// What a member must hear to refute it: that it is suspected, dead or gone; nil for one in good standing.
    func belief(_ index: Int) -> Item? {
        let member = members.entries[index]
        if let suspicion = member.suspicion, member.isActive {
            return .suspect(
                member.id, generation: member.record.generation, incarnation: member.record.incarnation,
                by: suspicion.accusers.first ?? selfRecord.id.short)
        }
        return member.isActive || member.isPlaceholder ? nil : .member(member.record)
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
