/// Finds `"done":true` and `"error":` among the top-level keys of the objects that go by, byte by byte.
///
/// By structure, not by text: a tool call's arguments may hold `"done":true` too.
struct NDJSONWatch {
    private(set) var done = false
    private(set) var error = false

    private enum Key { case none, done, error }
    private var depth = 0
    private var inString = false
    private var escaped = false
    private var readsKey = false
    private var wantsKey = false
    private var word: UInt64 = 0
    private var length = 0
    private var key = Key.none

    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            if inString {
                inside(byte)
            } else {
                outside(byte)
            }
        }
    }

    private mutating func inside(_ byte: UInt8) {
        if escaped {
            escaped = false
            length += 1
        } else if byte == UInt8(ascii: "\\") {
            escaped = true
            length += 8
        } else if byte == UInt8(ascii: "\"") {
            inString = false
            if readsKey { endOfKey() }
        } else if readsKey {
            word = word << 8 | UInt64(byte)
            length += 1
        }
    }

    private mutating func endOfKey() {
        readsKey = false
        switch (length, word) {
        case (4, 0x646F_6E65): key = .done
        case (5, 0x65_7272_6F72): key = .error
        default: key = .none
        }
    }

    private mutating func outside(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""):
            inString = true
            escaped = false
            if depth == 1, wantsKey {
                readsKey = true
                word = 0
                length = 0
            } else if depth == 1, key == .error {
                error = true
            }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if depth == 1, key == .error { error = true }
            depth += 1
            wantsKey = byte == UInt8(ascii: "{")
            key = .none
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth = max(0, depth - 1)
            wantsKey = false
        case UInt8(ascii: ","):
            key = .none
            wantsKey = depth == 1
        case UInt8(ascii: ":"): wantsKey = false
        case UInt8(ascii: "t"): if depth == 1, key == .done { done = true }
        case 0x0A:
            // An object never spans lines here; a torn line does not spoil the next.
            depth = 0
            key = .none
        default: break
        }
    }
}
