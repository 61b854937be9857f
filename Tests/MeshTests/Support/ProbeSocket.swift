import Glibc
import Gossip

@testable import Mesh

/// A UDP socket of a test on 127.0.0.1.
final class ProbeSocket: Sendable {
    private let descriptor: Int32
    let endpoint: Endpoint

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        let wanted = Endpoint(.v4(0x7F00_0001), port: 0)
        let descriptor = self.descriptor
        guard wanted.withSocketAddress({ bind(descriptor, $0, $1) }) == 0 else { throw FileFailure("bind", "127.0.0.1") }
        var bytes = [UInt8](repeating: 0, count: 16)
        var length = socklen_t(16)
        _ = bytes.withUnsafeMutableBytes { raw in
            getsockname(descriptor, raw.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
        }
        endpoint = Endpoint(rawBytes: bytes) ?? wanted
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8], to target: Endpoint) {
        _ = target.withSocketAddress { address, length in
            bytes.withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, 0, address, length) }
        }
    }

    /// The next datagram; nil after five seconds.
    func receive() async -> [UInt8]? {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count >= 0 { return Array(bytes[..<count]) }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }
}
