import CAvahi
import Logging

extension AvahiSession {
    static let onGroup: AvahiEntryGroupCallback = { group, state, context in
        // Used before the closure ends, on the same thread.
        nonisolated(unsafe) let group = group
        enter(context) { $0.groupChanged(to: state, group) }
    }

    /// Announces this peer if it is not announced yet.
    func publish() {
        guard plan.announcement != nil, let client, isSettled else { return }
        if group == nil {
            group = avahi_entry_group_new(client, Self.onGroup, contextPointer)
            guard group != nil else { return refused(AvahiError(avahi_client_errno(client))) }
        }
        if let group, avahi_entry_group_is_empty(group) == 1 { addService(to: group) }
    }

    /// Reset, add, commit: every record is sent again, and those who know this peer see no change.
    func announceAnew() {
        republishAt = nil
        guard isSettled else { return }
        guard let group else { return publish() }
        if let last = lastAnnounced, ContinuousClock.now < last + Self.reannounceGap {
            republishAt = last + Self.reannounceGap
            return arm()
        }
        avahi_entry_group_reset(group)
        addService(to: group)
    }

    /// Takes the announcement back while the name of the machine is unsettled.
    func withdraw() {
        board.change { $0.announced = false }
        if let group { avahi_entry_group_reset(group) }
    }

    private func addService(to group: OpaquePointer) {
        guard let announcement = plan.announcement else { return }
        let text = Self.list(TextRecord(announcement).strings)
        defer { avahi_string_list_free(text) }
        // A name taken on this very machine is refused here, at once; one taken elsewhere by the callback.
        for _ in 0..<32 {
            guard let name = instanceName else { return }
            let code = avahi_entry_group_add_service_strlst(
                group, AvahiIfIndex(AVAHI_IF_UNSPEC), AvahiProtocol(AVAHI_PROTO_UNSPEC), AvahiPublishFlags(0), name,
                plan.announcedType, nil, nil, announcement.meshPort, text)
            if code >= 0 { return commit(group) }
            guard AvahiError(code).isCollision else { return refused(AvahiError(code)) }
            rename()
        }
        refused(AvahiError(Int32(AVAHI_ERR_COLLISION)))
    }

    private func commit(_ group: OpaquePointer) {
        lastAnnounced = .now
        let code = avahi_entry_group_commit(group)
        if code < 0 { refused(AvahiError(code)) }
    }

    private func groupChanged(to state: AvahiEntryGroupState, _ group: OpaquePointer?) {
        guard let group else { return }
        self.group = group
        switch state {
        case AVAHI_ENTRY_GROUP_ESTABLISHED:
            board.change { $0.announced = true }
            report(.running(name: instanceName))
        case AVAHI_ENTRY_GROUP_COLLISION:
            rename()
            avahi_entry_group_reset(group)
            addService(to: group)
        case AVAHI_ENTRY_GROUP_FAILURE:
            if let client { refused(AvahiError(avahi_client_errno(client))) }
        default:
            break
        }
        arm()
    }

    private func rename() {
        guard let taken = instanceName else { return }
        let next = InstanceName.alternative(to: taken)
        instanceName = next
        log.warning(
            "mDNS name is taken: is this machine a copy of another?",
            metadata: ["mdns.name": "\(taken)", "mdns.next": "\(next)"])
    }

    private func refused(_ error: AvahiError) {
        log.warning("mDNS announcement was refused", metadata: ["error.message": "\(error.text)"])
        board.change { $0.lastError = error.text }
        if error.breaksClient { return reconnectSoon(after: error) }
        republishAt = .now + Self.republish
        arm()
    }

    /// Avahi's list of strings; it grows at its head.
    private static func list(_ strings: [[UInt8]]) -> UnsafeMutablePointer<AvahiStringList>? {
        strings.reversed().reduce(nil) { avahi_string_list_add_arbitrary($0, $1, $1.count) }
    }
}
