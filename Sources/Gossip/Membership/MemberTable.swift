/// All other peers in the order of their ids, so that a walk is the same in every process.
struct MemberTable: Sendable {
    /// The ids, in order.
    private(set) var ids: [PeerID] = []
    /// The members, at the same places.
    var entries: [Member] = []
    /// The ids of alive and suspect members, in order.
    private(set) var active: [PeerID] = []
    /// How many of them are suspect.
    var suspects = 0
    /// How many members datagrams do not reach.
    var blocked = 0

    /// No more members than this are kept.
    static let most = SyncMessage.mostMembers

    /// Alive and suspect peers, this one included: the N of all formulas.
    var size: Int { active.count + 1 }

    /// Where the member `id` is.
    func index(_ id: PeerID) -> Int? {
        let place = ids.place(of: id)
        return place < ids.count && ids[place] == id ? place : nil
    }

    /// Where the member with this short id is.
    func index(short: UInt64) -> Int? {
        let place = ids.place(of: PeerID(short: short, low: 0))
        return place < ids.count && ids[place].short == short ? place : nil
    }

    /// Where the member with this address is; a walk, for rare events only.
    func index(endpoint: Endpoint) -> Int? {
        entries.firstIndex { $0.record.endpoint == endpoint && $0.isActive }
            ?? entries.firstIndex { $0.record.endpoint == endpoint }
    }

    /// Adds a member; nil when the table is full or another peer has the same short id.
    mutating func insert(_ member: Member) -> Int? {
        guard ids.count < Self.most, index(short: member.id.short) == nil else { return nil }
        let place = ids.place(of: member.id)
        ids.insert(member.id, at: place)
        entries.insert(member, at: place)
        return place
    }

    /// Forgets members for which `isForgotten` holds; they must not be active. Returns whether there were any.
    mutating func forget(where isForgotten: (Member) -> Bool) -> Bool {
        let before = entries.count
        entries.removeAll { !$0.isActive && isForgotten($0) }
        guard entries.count != before else { return false }
        blocked = entries.count(where: \.isUDPBlocked)
        ids = entries.map(\.id)
        return true
    }

    /// Keeps `active` in step with a member's status.
    mutating func setActive(_ id: PeerID, _ isActive: Bool) {
        let place = active.place(of: id)
        let isListed = place < active.count && active[place] == id
        if isActive, !isListed {
            active.insert(id, at: place)
        } else if !isActive, isListed {
            active.remove(at: place)
        }
    }
}
