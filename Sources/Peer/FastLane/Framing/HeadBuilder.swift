internal import NIOCore

/// Writes heads straight into memory: one look at the room per piece, instead of all that a growing buffer looks at.
///
/// What does not fit is counted, and the buffer is made again with the room that it took.
struct HeadBuilder {
    private let memory: UnsafeMutableRawBufferPointer
    /// Bytes written, or that would have been.
    private(set) var count = 0

    private init(_ memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

    /// A buffer with what `write` writes; called again when the first guess was too small.
    ///
    /// - Parameters:
    ///   - guess: bytes that are probably enough.
    ///   - room: for more bytes behind.
    static func buffer(guess: Int, room: Int = 0, _ write: (inout HeadBuilder) -> Void) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: guess + room)
        var needed = 0
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: guess) { memory in
            var builder = HeadBuilder(memory)
            write(&builder)
            needed = builder.count
            return needed <= memory.count ? needed : 0
        }
        guard buffer.readableBytes != needed else { return buffer }
        return Self.buffer(guess: needed, room: room, write)
    }

    /// Fixed text.
    @inline(__always)
    mutating func put(_ text: StaticString) { put(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }

    /// Bytes as they are.
    @inline(__always)
    mutating func put(_ bytes: UnsafeRawBufferPointer) {
        if let from = bytes.baseAddress, let to = memory.baseAddress, count + bytes.count <= memory.count {
            (to + count).copyMemory(from: from, byteCount: bytes.count)
        }
        count += bytes.count
    }

    /// Bytes as they are.
    mutating func put(_ buffer: ByteBuffer) { buffer.withUnsafeReadableBytes { put($0) } }

    /// A header's value and the line's end. Control characters become `?`: names from request bodies must not end a line.
    mutating func value(_ text: String) {
        let isWhole: Void? = text.utf8.withContiguousStorageIfAvailable { value($0) }
        if isWhole == nil { Array(text.utf8).withUnsafeBufferPointer { value($0) } }
        put("\r\n")
    }

    private mutating func value(_ utf8: UnsafeBufferPointer<UInt8>) {
        let from = count
        put(UnsafeRawBufferPointer(utf8))
        guard count <= memory.count else { return }
        guard let written = memory.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        for at in from..<count where written[at] < 0x20 || written[at] == 0x7F { written[at] = UInt8(ascii: "?") }
    }

    /// One header line; `name` ends with the colon and a space.
    mutating func line(_ name: StaticString, _ text: String) {
        put(name)
        value(text)
    }

    /// One header line with a number; `name` ends with the colon and a space.
    mutating func line(_ name: StaticString, _ number: Int) {
        put(name)
        decimal(number)
        put("\r\n")
    }

    /// One header line of names known only at run time.
    mutating func line(named name: String, _ text: String) {
        var name = name
        name.withUTF8 { put(UnsafeRawBufferPointer($0)) }
        put(": ")
        value(text)
    }

    /// A number in decimal digits.
    mutating func decimal(_ number: Int) {
        var left = number.magnitude
        // 20 digits and the sign are the most.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 21) { digits in
            var at = 21
            repeat {
                at -= 1
                digits[at] = UInt8(48 + left % 10)
                left /= 10
            } while left > 0
            if number < 0 {
                at -= 1
                digits[at] = UInt8(ascii: "-")
            }
            put(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: digits[at...])))
        }
    }
}
