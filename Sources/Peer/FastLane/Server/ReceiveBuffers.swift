internal import NIOCore

/// How much is read at once from a connection of the lane.
enum ReceiveBuffers {
    /// 1 KiB at first: most requests without their history and most heads of answers fit, and their slices keep the whole piece of
    /// memory alive for as long as the answer runs. It doubles with every read that fills it.
    static var allocator: any RecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 256, initial: 1_024, maximum: 65_536)
    }
}
