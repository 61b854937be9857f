/// Walks over JSON bytes: checks the whole structure, decodes nothing that is not asked for (RFC 8259).
///
/// A hand-written pass because routing reads a handful of values out of bodies of up to 256 MiB.
struct JSONWalker {
    /// What a value is.
    enum Kind: String {
        case string, number, bool, null, object, array
    }

    /// A string's place between its quotes.
    struct Text {
        var start: Int
        var end: Int
        var escaped: Bool
        var count: Int { end - start }
    }

    /// Values nested deeper than this are refused; real requests stay below 50.
    static let maximumDepth = 512

    let bytes: UnsafeBufferPointer<UInt8>
    var index = 0
    var depth = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    // MARK: Structure

    mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    /// The next byte that is not space, not consumed.
    mutating func peek() throws(ScanError) -> UInt8 {
        skipSpace()
        guard index < bytes.count else { throw .truncated }
        return bytes[index]
    }

    /// Skips one value and says what it was.
    @discardableResult
    mutating func value() throws(ScanError) -> Kind {
        let first = try peek()
        switch first {
        case UInt8(ascii: "{"):
            try object { walker, _ throws(ScanError) in try walker.value() }
            return .object
        case UInt8(ascii: "["):
            try array { walker throws(ScanError) in try walker.value() }
            return .array
        case UInt8(ascii: "\""):
            _ = try string()
            return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try number()
            return .number
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"):
            try literal("null")
            return .null
        default: throw .invalid(first, "looking for beginning of value")
        }
        return .bool
    }

    /// Walks an object: `member` is called behind each colon and must consume exactly the value.
    mutating func object<Result>(_ member: (inout JSONWalker, Text) throws(ScanError) -> Result) throws(ScanError) {
        try enter()
        if try peek() == UInt8(ascii: "}") { return leave() }
        while true {
            let quote = try peek()
            guard quote == UInt8(ascii: "\"") else { throw .invalid(quote, "looking for beginning of object key string") }
            let key = try string()
            let colon = try peek()
            guard colon == UInt8(ascii: ":") else { throw .invalid(colon, "after object key") }
            index += 1
            _ = try member(&self, key)
            let next = try peek()
            if next == UInt8(ascii: "}") { return leave() }
            guard next == UInt8(ascii: ",") else { throw .invalid(next, "after object key:value pair") }
            index += 1
        }
    }

    /// Walks an array: `element` is called before each element and must consume exactly it.
    mutating func array<Result>(_ element: (inout JSONWalker) throws(ScanError) -> Result) throws(ScanError) {
        try enter()
        if try peek() == UInt8(ascii: "]") { return leave() }
        while true {
            _ = try element(&self)
            let next = try peek()
            if next == UInt8(ascii: "]") { return leave() }
            guard next == UInt8(ascii: ",") else { throw .invalid(next, "after array element") }
            index += 1
        }
    }

    private mutating func enter() throws(ScanError) {
        index += 1
        depth += 1
        guard depth <= Self.maximumDepth else { throw .tooDeep }
    }

    private mutating func leave() {
        index += 1
        depth -= 1
    }
}
