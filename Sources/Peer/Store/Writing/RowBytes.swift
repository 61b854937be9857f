/// UTF-8 that grows: the texts of a row, one after another, in memory that all rows of a transaction share.
///
/// Its functions are open to the optimiser of other modules: a row has a hundred small pieces.
public struct RowBytes: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    @usableFromInline var used: Int

    /// How many.
    @inlinable public var count: Int { used }

    /// None yet.
    public init() {
        capacity = 8192
        base = .allocate(capacity: capacity)
        used = 0
    }

    deinit { base.deallocate() }

    /// One byte.
    @inlinable public mutating func append(_ byte: UInt8) {
        unsafeAppend(upTo: 1) { target in
            target[0] = byte
            return 1
        }
    }

    /// What stands between the values.
    @inlinable public mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// A text as it is.
    @inlinable public mutating func append(_ text: String) {
        let done: Void? = text.utf8.withContiguousStorageIfAvailable { append($0) }
        if done == nil { for byte in text.utf8 { append(byte) } }
    }

    /// Some bytes.
    @inlinable public mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        unsafeAppend(upTo: bytes.count) { target in
            target.update(from: source, count: bytes.count)
            return bytes.count
        }
    }

    /// Makes room and lets somebody write there.
    /// - Parameter most: As many bytes as may be written.
    /// - Parameter write: Returns how many were written.
    @inlinable public mutating func unsafeAppend(upTo most: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int) {
        if capacity - count < most { grow(by: most) }
        used += write(base + used)
    }

    /// Forgets what was appended behind a place.
    @inlinable public mutating func cut(to place: Int) { used = min(max(place, 0), used) }

    /// Calls with everything.
    @inlinable public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        body(UnsafeBufferPointer(start: base, count: count))
    }

    /// Forgets everything, and gives back the memory of an unusually large row.
    mutating func clear() {
        used = 0
        if capacity > 1 << 20 {
            base.deallocate()
            capacity = 8192
            base = .allocate(capacity: capacity)
        }
    }

    @usableFromInline mutating func grow(by most: Int) {
        let wider = max(capacity * 2, count + most)
        let target = UnsafeMutablePointer<UInt8>.allocate(capacity: wider)
        target.update(from: base, count: count)
        base.deallocate()
        base = target
        capacity = wider
    }
}
