import Foundation
import Glibc
import Synchronization

/// A small HTTP server for tests: plain sockets, one thread per connection, a closure for answers, and a log of what was asked.
public final class HTTPStub: Sendable {
    /// Decides the answer to a request.
    public typealias Routes = @Sendable (StubRequest) -> StubAnswer

    private struct State {
        var listener: Int32 = -1
        var connections: Set<Int32> = []
        var log: [StubRequest] = []
        var opened = 0
    }

    /// Where it listens on 127.0.0.1. It stays the same over `stop` and `start`.
    public let port: Int
    /// Bound to the port and never listening: while the door is closed no other test gets the port.
    private let placeholder: Int32
    private let routes: Routes
    private let state = Mutex(State())

    /// A server that listens at once on a free port.
    public init(_ routes: @escaping Routes) throws {
        self.routes = routes
        (placeholder, port) = try Self.bind(to: 0)
        let listener = try Self.listen(on: port)
        state.withLock { $0.listener = listener }
        accept(on: listener)
    }

    deinit {
        stop()
        close(placeholder)
    }

    /// `http://127.0.0.1:PORT`.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// All requests so far.
    public var log: [StubRequest] { state.withLock { $0.log } }

    /// `METHOD path` of all requests so far.
    public var lines: [String] { log.map { "\($0.method) \($0.path)" } }

    /// How many connections were opened so far.
    public var opened: Int { state.withLock { $0.opened } }

    /// How many connections are open now.
    public var open: Int { state.withLock { $0.connections.count } }

    /// Closes the door and every connection.
    public func stop() {
        state.withLock { state in
            // The thread that accepts closes it: a number that is closed here might be another socket's when that thread uses it.
            if state.listener >= 0 { shutdown(state.listener, Int32(SHUT_RDWR)) }
            state.listener = -1
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    /// Opens the door again on the same port.
    public func start() throws {
        var listener: Int32?
        let end = ContinuousClock.now + .seconds(5)
        while listener == nil {
            do {
                listener = try Self.listen(on: port)
            } catch {
                // The old door closes a little later.
                guard ContinuousClock.now < end else { throw error }
                Thread.sleep(forTimeInterval: 0.002)
            }
        }
        guard let listener else { return }
        state.withLock { $0.listener = listener }
        accept(on: listener)
    }

    private struct Failure: Error { var step: String, code: Int32 }

    private static func listen(on port: Int) throws -> Int32 {
        let (listener, _) = try bind(to: port)
        guard Glibc.listen(listener, 64) == 0 else {
            let code = errno
            close(listener)
            throw Failure(step: "listen", code: code)
        }
        return listener
    }

    private static func bind(to port: Int) throws -> (Int32, Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw Failure(step: "socket", code: errno) }
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                Glibc.bind(listener, pointer, size) == 0 && getsockname(listener, pointer, &size) == 0
            }
        }
        guard bound else {
            let code = errno
            close(listener)
            throw Failure(step: "bind", code: code)
        }
        return (listener, Int(in_port_t(bigEndian: address.sin_port)))
    }

    private func accept(on listener: Int32) {
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = Glibc.accept(listener, nil, nil)
                guard connection >= 0 else { break }
                guard let self else {
                    close(connection)
                    break
                }
                self.state.withLock {
                    $0.connections.insert(connection)
                    $0.opened += 1
                }
                Thread.detachNewThread {
                    self.serve(connection)
                    _ = self.state.withLock { $0.connections.remove(connection) }
                    close(connection)
                }
            }
            close(listener)
        }
    }

    private func serve(_ connection: Int32) {
        var buffer: [UInt8] = []
        while let request = StubWire.request(from: connection, rest: &buffer) {
            state.withLock { $0.log.append(request) }
            guard StubWire.send(routes(request), to: connection, head: request.method == "HEAD") else { return }
        }
    }
}
