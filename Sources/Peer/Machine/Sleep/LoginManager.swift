/// What is said to systemd-logind (`org.freedesktop.login1(5)`).
enum LoginManager {
    static let name = "org.freedesktop.login1"
    static let path = "/org/freedesktop/login1"
    static let interface = "org.freedesktop.login1.Manager"
    static let signal = "PrepareForSleep"
    /// A service that the bus has to start first takes a moment; one that hangs must not hold the thread for long.
    static let patience: CInt = 5_000

    static let sleepRule = "type='signal',sender='\(name)',path='\(path)',interface='\(interface)',member='\(signal)'"
    static let ownerRule =
        "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='\(name)'"

    /// Has logind wait for this peer before the machine sleeps: until the descriptor is closed, but not for ever (5 s by default).
    static func inhibit(_ bus: BusConnection, patience: CInt = patience) throws(BusError) -> CInt {
        let reply = try bus.call(
            name, path, interface, "Inhibit", ["sleep", "herd-peer", "tells the fleet that this machine sleeps", "delay"],
            milliseconds: patience)
        guard let descriptor = reply.descriptor else {
            throw BusError(name: "org.freedesktop.DBus.Error.InvalidArgs", description: "the answer to Inhibit holds no lock")
        }
        return descriptor
    }
}
