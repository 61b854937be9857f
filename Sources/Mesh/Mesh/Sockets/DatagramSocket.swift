import Glibc
import Gossip
import NIOCore
import NIOPosix

/// One UDP socket of the mesh port. Confined to the mesh's event loop.
///
/// NIO reads; sending is one `sendto` on the own descriptor. NIO's datagram channel closes itself on most send errors
/// (ENETUNREACH after a wake, EPERM from a firewall), which would silence the peer: here they are counted and forgotten (§3.7).
final class DatagramSocket {
    enum SendResult: Equatable {
        case sent
        /// The socket buffer is full.
        case congested
        case failed(Int32)
    }

    /// What is bound, with the real port.
    let local: Endpoint
    private let descriptor: CInt
    private var channel: (any Channel)?
    private var closed = false

    /// Binds `endpoint`; port 0 takes a free one. An IPv6 socket takes IPv6 only, so both families can have the same port.
    init(binding endpoint: Endpoint) throws(MeshStartError) {
        let isV6 = if case .v6 = endpoint.address { true } else { false }
        let made = socket(
            isV6 ? AF_INET6 : AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue),
            0)
        guard made >= 0 else { throw .cannotBind(endpoint, code: errno) }
        descriptor = made
        if isV6 { Self.set(made, level: Int32(IPPROTO_IPV6), option: IPV6_V6ONLY, to: 1) }
        // A burst of a large fleet's answers must fit; the kernel clips it to its own limit.
        Self.set(made, level: SOL_SOCKET, option: SO_RCVBUF, to: 1_048_576)
        let bound = endpoint.withSocketAddress { bind(made, $0, $1) }
        guard bound == 0, let port = Self.port(of: made) else {
            let code = errno
            Glibc.close(made)
            throw .cannotBind(endpoint, code: code)
        }
        local = Endpoint(endpoint.address, port: port)
    }

    deinit {
        if !closed { Glibc.close(descriptor) }
    }

    /// Sends one datagram now, or not at all.
    func send(_ bytes: [UInt8], to endpoint: Endpoint) -> SendResult {
        guard !closed else { return .failed(EBADF) }
        let count = endpoint.withSocketAddress { address, length in
            bytes.withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), address, length) }
        }
        if count >= 0 { return .sent }
        let code = errno
        return code == EAGAIN || code == EWOULDBLOCK || code == ENOBUFS ? .congested : .failed(code)
    }

    /// Starts reading on `loop`; each datagram goes to `receive`. When NIO gives the channel up, reading starts again after a
    /// second.
    func startReading(on loop: any EventLoop, receive: @escaping (ByteBuffer, Endpoint) -> Void) {
        guard !closed else { return }
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { return retryReading(on: loop, receive: receive) }
        let handler = NIOLoopBound(DatagramReader(receive: receive), eventLoop: loop)
        DatagramBootstrap(group: loop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 2_048))
            .channelOption(.maxMessagesPerRead, value: 64)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(handler.value) }
            }
            .withBoundSocket(copy)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    if self.closed {
                        channel.close(promise: nil)
                        return
                    }
                    self.channel = channel
                    channel.closeFuture.assumeIsolated().whenComplete { _ in
                        self.channel = nil
                        self.retryReading(on: loop, receive: receive)
                    }
                case .failure:
                    self.retryReading(on: loop, receive: receive)
                }
            }
    }

    /// Gives the port back.
    func close() {
        guard !closed else { return }
        closed = true
        channel?.close(promise: nil)
        Glibc.close(descriptor)
    }

    private func retryReading(on loop: any EventLoop, receive: @escaping (ByteBuffer, Endpoint) -> Void) {
        guard !closed else { return }
        loop.assumeIsolated().scheduleTask(in: .seconds(1)) { [weak self] in self?.startReading(on: loop, receive: receive) }
    }

    private static func set(_ descriptor: CInt, level: Int32, option: Int32, to value: CInt) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }

    private static func port(of descriptor: CInt) -> UInt16? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard status == 0 else { return nil }
        // The port is at the same place in both families.
        return withUnsafeBytes(of: storage) { UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self)) }
    }
}

/// Hands every datagram on. Errors of the channel are not its affair: a closed channel is opened again.
private final class DatagramReader: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    private let receive: (ByteBuffer, Endpoint) -> Void

    init(receive: @escaping (ByteBuffer, Endpoint) -> Void) { self.receive = receive }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let from = Endpoint(envelope.remoteAddress) else { return }
        receive(envelope.data, from)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
