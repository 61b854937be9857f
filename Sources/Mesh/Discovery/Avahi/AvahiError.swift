import CAvahi

/// A negative return code of Avahi, in words, with what it means for the client.
struct AvahiError: Equatable {
    let code: Int32

    init(_ code: Int32) { self.code = code }

    /// Avahi's own text.
    var text: String {
        guard let text = avahi_strerror(code) else { return "error \(code)" }
        return String(cString: text)
    }

    /// There is no bus, or no daemon on it.
    var isNoDaemon: Bool { code == Int32(AVAHI_ERR_NO_DAEMON) }
    /// The name is taken.
    var isCollision: Bool { code == Int32(AVAHI_ERR_COLLISION) }
    /// The client is of no use any more.
    var breaksClient: Bool {
        [AVAHI_ERR_DBUS_ERROR, AVAHI_ERR_DISCONNECTED, AVAHI_ERR_NO_DAEMON, AVAHI_ERR_BAD_STATE].contains { code == Int32($0) }
    }
}
