import CAvahi

extension AvahiSession {
    static let onBrowse: AvahiServiceBrowserCallback = { _, interface, ipProtocol, event, name, type, domain, _, context in
        let key: ServiceKey? =
            if let name, let type, let domain {
                ServiceKey(
                    interface: interface, ipProtocol: ipProtocol, name: String(cString: name), type: String(cString: type),
                    domain: String(cString: domain))
            } else { nil }
        enter(context) { $0.browsed(event, key) }
    }

    static let onResolve: AvahiServiceResolverCallback = {
        resolver, interface, _, event, _, _, _, hostName, address, port, text, _, context in
        let service = event == AVAHI_RESOLVER_FOUND ? answer(interface, hostName, address, port, text) : nil
        // Used before the closure ends, on the same thread.
        nonisolated(unsafe) let resolver = resolver
        enter(context) { $0.resolved(resolver, service, found: event == AVAHI_RESOLVER_FOUND) }
    }

    /// Browses if this client does not browse yet.
    func browse() {
        guard browser == nil, let client else { return }
        browser = avahi_service_browser_new(
            client, AvahiIfIndex(AVAHI_IF_UNSPEC), AvahiProtocol(AVAHI_PROTO_UNSPEC), plan.browsedType, nil,
            AvahiLookupFlags(0), Self.onBrowse, contextPointer)
        if browser == nil { reconnectSoon(after: AvahiError(avahi_client_errno(client))) }
    }

    private func browsed(_ event: AvahiBrowserEvent, _ key: ServiceKey?) {
        switch event {
        case AVAHI_BROWSER_NEW:
            guard let key else { return }
            schedule.seen(key, now: .now)
        case AVAHI_BROWSER_REMOVE:
            guard let key else { return }
            schedule.removed(key)
            for gone in resolvers where gone.key == key { avahi_service_resolver_free(gone.pointer) }
            resolvers.removeAll { $0.key == key }
            publish(book.removed(key))
        case AVAHI_BROWSER_ALL_FOR_NOW:
            board.change { $0.browsed = true }
        case AVAHI_BROWSER_FAILURE:
            if let client { reconnectSoon(after: AvahiError(avahi_client_errno(client))) }
        default:
            break
        }
        arm()
    }

    /// Starts the resolves that are due.
    func resolveDue(_ now: ContinuousClock.Instant) {
        guard let client, isRunning, reconnectAt == nil else { return }
        for (key, failures) in schedule.takeDue(now: now) {
            // First an address of the protocol it was seen on, then, if that failed, whatever there is.
            let wanted = failures.isMultiple(of: 2) ? key.ipProtocol : AvahiProtocol(AVAHI_PROTO_UNSPEC)
            let resolver = avahi_service_resolver_new(
                client, key.interface, key.ipProtocol, key.name, key.type, key.domain, wanted, AvahiLookupFlags(0),
                Self.onResolve, contextPointer)
            if let resolver {
                resolvers.append((resolver, key, now))
                continue
            }
            schedule.finished(key, answered: false, now: now)
            let error = AvahiError(avahi_client_errno(client))
            if error.breaksClient { return reconnectSoon(after: error) }
        }
    }

    /// Gives up resolves that got neither an answer nor a failure.
    func dropSilentResolvers(_ now: ContinuousClock.Instant) {
        for silent in resolvers where now >= silent.since + Self.resolveLimit {
            avahi_service_resolver_free(silent.pointer)
            schedule.finished(silent.key, answered: false, now: now)
        }
        resolvers.removeAll { now >= $0.since + Self.resolveLimit }
    }

    private func resolved(_ resolver: OpaquePointer?, _ service: ResolvedService?, found: Bool) {
        guard let resolver, let index = resolvers.firstIndex(where: { $0.pointer == resolver }) else { return }
        let key = resolvers.remove(at: index).key
        avahi_service_resolver_free(resolver)
        schedule.finished(key, answered: found, now: .now)
        if let service { publish(book.resolved(key, service)) }
        arm()
    }

    private func publish(_ events: [DiscoveryEvent]) {
        let peers = book.peerCount
        board.change { $0.peers = peers }
        board.emit(events)
    }

    /// Copies an answer out of Avahi. Nil when it is no announcement of a peer, or has no address that can be dialled.
    private static func answer(
        _ interface: AvahiIfIndex, _ hostName: UnsafePointer<CChar>?, _ address: UnsafePointer<AvahiAddress>?, _ port: UInt16,
        _ text: UnsafeMutablePointer<AvahiStringList>?
    ) -> ResolvedService? {
        guard let address, let numeric = numeric(address.pointee, interface) else { return nil }
        var strings: [[UInt8]] = []
        var next = text
        while let item = next, strings.count < TextRecord.maximumStrings {
            let size = avahi_string_list_get_size(item)
            if let start = avahi_string_list_get_text(item), size <= TextRecord.maximumStringBytes {
                strings.append(Array(UnsafeBufferPointer(start: start, count: size)))
            }
            next = avahi_string_list_get_next(item)
        }
        guard let record = TextRecord(strings: strings), record.port != nil || port != 0 else { return nil }
        let name = hostName.map { String(cString: $0) } ?? ""
        return ResolvedService(hostName: InstanceName.truncated(name, toBytes: 255), address: numeric, port: port, text: record)
    }

    private static func numeric(_ address: AvahiAddress, _ interface: AvahiIfIndex) -> NumericAddress? {
        switch address.proto {
        case AvahiProtocol(AVAHI_PROTO_INET):
            NumericAddress(bytes: withUnsafeBytes(of: address.data.ipv4.address) { Array($0) }, interface: interface)
        case AvahiProtocol(AVAHI_PROTO_INET6):
            NumericAddress(bytes: withUnsafeBytes(of: address.data.ipv6.address) { Array($0) }, interface: interface)
        default:
            nil
        }
    }
}
