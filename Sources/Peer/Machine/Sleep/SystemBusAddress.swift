import Glibc

/// Where the system bus is (D-Bus specification, "Well-known Message Bus Instances").
enum SystemBusAddress {
    static var current: String {
        getenv("DBUS_SYSTEM_BUS_ADDRESS").map { String(cString: $0) } ?? "unix:path=/run/dbus/system_bus_socket"
    }
}
