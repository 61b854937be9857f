/// Reads JSON (RFC 8259) from bytes, with limits on its nesting and on the number of its values.
struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: TranslationLimits
    private var index = 0
    private var depth = 0
    private var values = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>, limits: TranslationLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The value that `bytes` are; nothing but space may stand around it.
    static func parse(_ bytes: some Collection<UInt8>, limits: TranslationLimits) throws(JSONError) -> JSON {
        let result = bytes.withContiguousStorageIfAvailable { run($0, limits: limits) }
        if let result { return try result.get() }
        return try Array(bytes).withUnsafeBufferPointer { run($0, limits: limits) }.get()
    }

    private static func run(
        _ bytes: UnsafeBufferPointer<UInt8>, limits: TranslationLimits
    ) -> Result<JSON, JSONError> {
        var parser = JSONParser(bytes, limits: limits)
        do throws(JSONError) {
            let value = try parser.value()
            parser.skipSpace()
            guard parser.index == bytes.count else { throw parser.wrong("something follows the value") }
            return .success(value)
        } catch {
            return .failure(error)
        }
    }

    private func wrong(_ message: String) -> JSONError { JSONError(message: message, offset: index) }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private mutating func peek() throws(JSONError) -> UInt8 {
        skipSpace()
        guard index < bytes.count else { throw wrong("it ends too early") }
        return bytes[index]
    }

    private mutating func value() throws(JSONError) -> JSON {
        values += 1
        guard values <= limits.maximumValues else { throw wrong("it has more than \(limits.maximumValues) values") }
        switch try peek() {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw wrong("a value was expected")
        }
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= limits.maximumNesting else { throw wrong("it nests deeper than \(limits.maximumNesting) levels") }
        index += 1
    }

    private mutating func object() throws(JSONError) -> JSON {
        try enter()
        var object = JSONObject()
        if try peek() == UInt8(ascii: "}") { return leave(.object(object)) }
        while true {
            guard try peek() == UInt8(ascii: "\"") else { throw wrong("a key was expected") }
            let key = try string()
            guard try peek() == UInt8(ascii: ":") else { throw wrong("a colon was expected") }
            index += 1
            object.add(key, try value())
            let next = try peek()
            if next == UInt8(ascii: "}") { return leave(.object(object)) }
            guard next == UInt8(ascii: ",") else { throw wrong("a comma or } was expected") }
            index += 1
        }
    }

    private mutating func array() throws(JSONError) -> JSON {
        try enter()
        var items: [JSON] = []
        if try peek() == UInt8(ascii: "]") { return leave(.array(items)) }
        while true {
            items.append(try value())
            let next = try peek()
            if next == UInt8(ascii: "]") { return leave(.array(items)) }
            guard next == UInt8(ascii: ",") else { throw wrong("a comma or ] was expected") }
            index += 1
        }
    }

    private mutating func leave(_ value: JSON) -> JSON {
        depth -= 1
        index += 1
        return value
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for offset in 0..<word.utf8CodeUnitCount {
            guard index < bytes.count else { throw wrong("it ends too early") }
            guard bytes[index] == word.utf8Start[offset] else { throw wrong("\(word) was expected") }
            index += 1
        }
        return value
    }
}

extension JSONParser {
    // MARK: Scalars

    private mutating func number() throws(JSONError) -> String {
        let start = index
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        if index < bytes.count, bytes[index] == UInt8(ascii: "0") {
            index += 1
        } else {
            try digits()
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try digits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
            try digits()
        }
        return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
    }

    private mutating func digits() throws(JSONError) {
        let start = index
        while index < bytes.count, bytes[index] >= 48, bytes[index] <= 57 { index += 1 }
        guard index > start else { throw wrong(index < bytes.count ? "a digit was expected" : "it ends too early") }
    }

    private mutating func string() throws(JSONError) -> String {
        index += 1
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                index += 1
                return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index - 1]), as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw wrong("a string has a control character") }
            index += 1
        }
        throw wrong("it ends within a string")
    }

    /// The rest of a string from its first escape on.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(to: &text)
            case 0..<0x20: throw wrong("a string has a control character")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw wrong("it ends within a string")
    }

    private mutating func escape(to text: inout [UInt8]) throws(JSONError) {
        index += 1
        guard index < bytes.count else { throw wrong("it ends within a string") }
        let kind = bytes[index]
        index += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): try scalar(to: &text)
        default: throw wrong("a string has an unknown escape")
        }
    }

    /// Four digits of `\u`, and those of the second half of a pair; a half that stands alone becomes U+FFFD.
    private mutating func scalar(to text: inout [UInt8]) throws(JSONError) {
        var code = try hexWord()
        if code & 0xFC00 == 0xD800, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        {
            let before = index
            index += 2
            let second = try hexWord()
            if second & 0xFC00 == 0xDC00 {
                code = 0x10000 + (code & 0x3FF) << 10 + (second & 0x3FF)
            } else {
                index = before
            }
        }
        text.append(contentsOf: String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
    }

    private mutating func hexWord() throws(JSONError) -> UInt32 {
        var word: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count else { throw wrong("it ends within a string") }
            guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else {
                throw wrong("a hexadecimal digit was expected")
            }
            word = word << 4 | UInt32(digit)
            index += 1
        }
        return word
    }
}
