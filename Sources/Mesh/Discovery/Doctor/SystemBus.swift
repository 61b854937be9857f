import Glibc

/// Where the D-Bus system bus is expected (D-Bus specification, "Well-known Message Bus Instances").
struct SystemBus: Equatable {
    /// The address as D-Bus writes it.
    let address: String
    /// The path of its socket, nil when it is not a socket in the file system.
    let path: String?
    /// Nil when that cannot be told.
    let socketExists: Bool?

    /// The bus that libdbus will use in this process.
    static var current: SystemBus {
        let told = getenv("DBUS_SYSTEM_BUS_ADDRESS").map { String(cString: $0) }
        return SystemBus(address: told ?? "unix:path=/run/dbus/system_bus_socket")
    }

    init(address: String) {
        self.address = address
        let first = address.prefix { $0 != ";" }
        let key = "unix:path="
        path = first.hasPrefix(key) ? String(first.dropFirst(key.count).prefix { $0 != "," }) : nil
        socketExists = path.map { access($0, F_OK) == 0 }
    }
}
