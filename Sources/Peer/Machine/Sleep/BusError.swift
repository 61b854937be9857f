import CDBus

/// A D-Bus call that failed.
struct BusError: Error, CustomStringConvertible {
    /// `org.freedesktop.DBus.Error.ServiceUnknown` and the like.
    let name: String
    let description: String

    init(name: String, description: String) {
        self.name = name
        self.description = description
    }

    /// Takes what libdbus wrote into `error`, and frees it.
    init(_ error: inout DBusError) {
        name = error.name.map { String(cString: $0) } ?? "none"
        description = error.message.map { String(cString: $0) } ?? "the bus gave no reason"
        dbus_error_free(&error)
    }

    static let noMemory = BusError(name: "org.freedesktop.DBus.Error.NoMemory", description: "out of memory")
}
