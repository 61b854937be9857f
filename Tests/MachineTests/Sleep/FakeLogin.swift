import CDBus
import Foundation
import Synchronization

/// A small stand-in for systemd-logind on a bus of the test's own: hands out delay locks and says when the machine sleeps.
final class FakeLogin: Sendable {
    private struct State {
        var ended = false
        var signals: [Bool] = []
        /// The read ends of the locks that were given out.
        var locks: [CInt] = []
        var asked: [[String]] = []
        var refuses = false
    }

    private let state = Mutex(State())

    /// Takes logind's name on the bus and serves until `stop`.
    init(address: String, refusing: Bool = false) throws {
        state.withLock { $0.refuses = refusing }
        var error = DBusError()
        dbus_error_init(&error)
        guard let opened = dbus_connection_open_private(address, &error) else { throw Failure.noBus }
        dbus_connection_set_exit_on_disconnect(opened, 0)
        guard dbus_bus_register(opened, &error) != 0,
            dbus_bus_request_name(opened, "org.freedesktop.login1", 4, &error) == DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER
        else { throw Failure.noName }
        let connection = Connection(raw: opened)
        Thread.detachNewThread { [self] in
            serve(connection.raw)
            dbus_connection_close(connection.raw)
            dbus_connection_unref(connection.raw)
        }
    }

    enum Failure: Error { case noBus, noName }

    private struct Connection: @unchecked Sendable { let raw: OpaquePointer }

    /// What was asked of `Inhibit`, call by call.
    var asked: [[String]] { state.withLock(\.asked) }

    /// Locks that are held now: a lock is over when its other end is closed everywhere.
    var held: Int {
        state.withLock { state in
            state.locks.filter { lock in
                var wanted = pollfd(fd: lock, events: Int16(POLLIN), revents: 0)
                return poll(&wanted, 1, 0) == 0
            }.count
        }
    }

    /// Sends `PrepareForSleep`.
    func prepareForSleep(_ begins: Bool) { state.withLock { $0.signals.append(begins) } }

    func stop() { state.withLock { $0.ended = true } }

    private func serve(_ bus: OpaquePointer) {
        while !state.withLock(\.ended) {
            guard dbus_connection_read_write(bus, 10) != 0 else { return }
            while let message = dbus_connection_pop_message(bus) {
                if dbus_message_is_method_call(message, "org.freedesktop.login1.Manager", "Inhibit") != 0 {
                    inhibit(bus, message)
                }
                dbus_message_unref(message)
            }
            let signals = state.withLock { state in
                defer { state.signals = [] }
                return state.signals
            }
            for begins in signals { tell(bus, begins) }
        }
    }

    private func inhibit(_ bus: OpaquePointer, _ message: OpaquePointer) {
        var texts: [String] = []
        var iterator = DBusMessageIter()
        dbus_message_iter_init(message, &iterator)
        repeat {
            var text: UnsafePointer<CChar>?
            guard dbus_message_iter_get_arg_type(&iterator) == herd_dbus_string else { break }
            dbus_message_iter_get_basic(&iterator, &text)
            texts.append(text.map { String(cString: $0) } ?? "")
        } while dbus_message_iter_next(&iterator) != 0
        var ends: [CInt] = [-1, -1]
        pipe(&ends)
        let refuses = state.withLock { state in
            state.asked.append(texts)
            if !state.refuses { state.locks.append(ends[0]) }
            return state.refuses
        }
        let reply =
            refuses
            ? dbus_message_new_error(message, "org.freedesktop.DBus.Error.AccessDenied", "no")
            : dbus_message_new_method_return(message)
        if !refuses {
            var answer = DBusMessageIter()
            dbus_message_iter_init_append(reply, &answer)
            dbus_message_iter_append_basic(&answer, herd_dbus_unix_fd, &ends[1])
        }
        dbus_connection_send(bus, reply, nil)
        dbus_connection_flush(bus)
        dbus_message_unref(reply)
        close(ends[1])
    }

    private func tell(_ bus: OpaquePointer, _ begins: Bool) {
        let signal = dbus_message_new_signal("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep")
        var iterator = DBusMessageIter()
        dbus_message_iter_init_append(signal, &iterator)
        var value: dbus_bool_t = begins ? 1 : 0
        dbus_message_iter_append_basic(&iterator, herd_dbus_boolean, &value)
        dbus_connection_send(bus, signal, nil)
        dbus_connection_flush(bus)
        dbus_message_unref(signal)
    }
}
