extension Herd {
    /// Spreads a member's record.
    mutating func tell(member index: Int) {
        members.entries[index].memberRumour = rumours.add(.member(members.ids[index]))
    }

    /// Spreads this peer's own member record.
    mutating func tellSelf() {
        own.memberRumour = rumours.add(.member(selfRecord.id))
        changed.view = true
    }

    /// Runs a gossip round when there is something to tell and the last round was long enough ago.
    mutating func gossipIfDue(_ now: Instant) {
        guard !rumours.isEmpty else { return }
        guard !members.active.isEmpty else { return rumours.removeAll() }
        if rumours.count > 8 * members.size + 256 {
            // Under full load outdated rumours are never met again by themselves.
            let herd = self
            rumours.purge { herd.item(for: $0, now) != nil }
        }
        if let last = gossipedAt, now - last < configuration.gossipInterval {
            planGossip(at: last + configuration.gossipInterval)
            return
        }
        gossipedAt = now
        let budget = DatagramCodec.itemBudget(beside: .gossip)
        for index in randomActive(configuration.gossipFanout) {
            var items: [Item] = []
            let room = traffic.roomForItems(now) - Traffic.overhead - DatagramCodec.headerByteCount
            addRumours(to: &items, budget: min(budget, room), for: members.ids[index], now)
            if !items.isEmpty { send(.gossip, items, to: index) }
        }
        if !rumours.isEmpty { planGossip(at: now + configuration.gossipInterval) }
    }

    private mutating func planGossip(at instant: Instant) {
        guard gossipDueAt != instant else { return }
        gossipDueAt = instant
        timers.add(.gossip, at: instant)
    }

    /// Adds rumours, those told least first, while they fit: `budget` is for all of `items`.
    mutating func addRumours(to items: inout [Item], budget: Int, for target: PeerID, _ now: Instant) {
        guard !rumours.isEmpty, budget > 0 else { return }
        var left = items.reduce(budget) { $0 - $1.encodedSize }
        let limit = configuration.retransmitFactor * SuspicionTimes.digits(members.size)
        // What is told now must not be met again in a later bucket of the same datagram.
        var told: [(Rumour, Int)] = []
        var misses = 0
        for bucket in 0..<rumours.depth where misses < 3 {
            var candidates = rumours.count(told: bucket)
            while candidates > 0, misses < 3, let rumour = rumours.take(told: bucket) {
                candidates -= 1
                guard let item = item(for: rumour, now) else { continue }
                let size = item.encodedSize
                if isOf(rumour.subject, target) {
                    // It knows that best itself; count it as told, so that the rumour comes to an end.
                } else if size <= left {
                    left -= size
                    items.append(item)
                } else {
                    misses += left < 48 ? 3 : 1
                    told.append((rumour, bucket))
                    continue
                }
                if bucket + 1 < limit { told.append((rumour, bucket + 1)) }
            }
        }
        for (rumour, times) in told { rumours.put(rumour, told: times) }
    }

    /// A rumour about the one who would be told, and nothing that it must refute.
    private func isOf(_ subject: Rumour.Subject, _ target: PeerID) -> Bool {
        switch subject {
        case .member(let id), .hot(let id), .lease(let id): id == target
        case .suspect: false
        }
    }

    /// What a rumour says now; nil when it is outdated.
    private func item(for rumour: Rumour, _ now: Instant) -> Item? {
        switch rumour.subject {
        case .member(let id):
            if id == selfRecord.id { return rumour.token == own.memberRumour ? .told(selfRecord) : nil }
            guard let index = members.index(id), members.entries[index].memberRumour == rumour.token else { return nil }
            return .told(members.entries[index].record)
        case .suspect(let id, let accuser):
            guard let index = members.index(id), members.entries[index].isActive,
                let suspicion = members.entries[index].suspicion, suspicion.accusers.contains(accuser)
            else { return nil }
            let record = members.entries[index].record
            return .suspect(id, generation: record.generation, incarnation: record.incarnation, by: accuser)
        case .hot(let id):
            if id == selfRecord.id { return rumour.token == own.hotRumour ? hotItem(id, own.published, now) : nil }
            guard let index = members.index(id), members.entries[index].hotRumour == rumour.token else { return nil }
            return hotItem(id, members.entries[index].records, now)
        case .lease(let router):
            guard let announcement = announcements.first(where: { $0.record.router == router }),
                now < announcement.heardAt + Announcement.freshness
            else { return nil }
            return announcement.rumour == rumour.token ? .lease(announcement.record) : nil
        }
    }

    private func hotItem(_ id: PeerID, _ records: PeerRecords, _ now: Instant) -> Item? {
        guard let report = records.hot else { return nil }
        let age = (now - records.hotMadeAt).wholeMilliseconds / 10
        return .hot(
            id, version: records.hotVersion, ageCentiseconds: UInt16(max(0, min(age, 65_535))),
            coldVersions: records.coldVersions,
            report)
    }
}
