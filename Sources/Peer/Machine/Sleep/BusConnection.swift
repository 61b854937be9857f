import CDBus
import Glibc

/// A private connection to a message bus. Confined to the thread that made it.
final class BusConnection {
    /// A reply or signal; freed with the value.
    final class Message {
        let raw: OpaquePointer

        init(_ raw: OpaquePointer) { self.raw = raw }

        deinit { dbus_message_unref(raw) }

        func isSignal(_ interface: String, _ member: String) -> Bool { dbus_message_is_signal(raw, interface, member) != 0 }

        /// The first argument, when it is a truth value.
        var truth: Bool? {
            var value: dbus_bool_t = 0
            return read(herd_dbus_boolean, into: &value) ? value != 0 : nil
        }

        /// The first argument, when it is a file descriptor; the caller closes it.
        var descriptor: CInt? {
            var value: CInt = -1
            return read(herd_dbus_unix_fd, into: &value) && value >= 0 ? value : nil
        }

        /// The text argument at `index`.
        func text(_ index: Int) -> String? {
            var iterator = DBusMessageIter()
            guard dbus_message_iter_init(raw, &iterator) != 0 else { return nil }
            for _ in 0..<index where dbus_message_iter_next(&iterator) == 0 { return nil }
            guard dbus_message_iter_get_arg_type(&iterator) == herd_dbus_string else { return nil }
            var text: UnsafePointer<CChar>?
            dbus_message_iter_get_basic(&iterator, &text)
            return text.map { String(cString: $0) }
        }

        private func read(_ type: CInt, into value: UnsafeMutableRawPointer) -> Bool {
            var iterator = DBusMessageIter()
            guard dbus_message_iter_init(raw, &iterator) != 0, dbus_message_iter_get_arg_type(&iterator) == type else {
                return false
            }
            dbus_message_iter_get_basic(&iterator, value)
            return true
        }
    }

    private let raw: OpaquePointer
    /// What to poll.
    let descriptor: CInt

    /// Connects and says hello.
    init(address: String) throws(BusError) {
        var error = DBusError()
        dbus_error_init(&error)
        guard let opened = dbus_connection_open_private(address, &error) else { throw BusError(&error) }
        dbus_connection_set_exit_on_disconnect(opened, 0)
        var number: CInt = -1
        guard dbus_bus_register(opened, &error) != 0, dbus_connection_get_unix_fd(opened, &number) != 0 else {
            dbus_connection_close(opened)
            dbus_connection_unref(opened)
            throw BusError(&error)
        }
        raw = opened
        descriptor = number
    }

    deinit {
        dbus_connection_close(raw)
        dbus_connection_unref(raw)
    }

    /// Has the bus deliver signals that match `rule`.
    func listen(_ rule: String) throws(BusError) {
        var error = DBusError()
        dbus_error_init(&error)
        dbus_bus_add_match(raw, rule, &error)
        if dbus_error_is_set(&error) != 0 { throw BusError(&error) }
    }

    /// Calls a method with text arguments and waits for its reply.
    func call(
        _ destination: String, _ path: String, _ interface: String, _ method: String, _ arguments: [String],
        milliseconds: CInt
    ) throws(BusError) -> Message {
        guard let made = dbus_message_new_method_call(destination, path, interface, method) else { throw .noMemory }
        let request = Message(made)
        var iterator = DBusMessageIter()
        dbus_message_iter_init_append(request.raw, &iterator)
        for argument in arguments {
            let added = argument.withCString { text in
                var pointer: UnsafePointer<CChar>? = text
                return dbus_message_iter_append_basic(&iterator, herd_dbus_string, &pointer)
            }
            guard added != 0 else { throw .noMemory }
        }
        var error = DBusError()
        dbus_error_init(&error)
        guard let reply = dbus_connection_send_with_reply_and_block(raw, request.raw, milliseconds, &error) else {
            throw BusError(&error)
        }
        return Message(reply)
    }

    /// Reads what has come in; false when the bus has gone.
    func read() -> Bool { dbus_connection_read_write(raw, 0) != 0 }

    /// The next message that was read.
    func next() -> Message? { dbus_connection_pop_message(raw).map(Message.init) }
}
