internal import NIOHTTP1

/// A request's head as it came: its bytes, and where the parts stand. What nobody asks for is never made into text.
///
/// An object, because many look at it on a request's way and each look at a value would count its references.
final class RequestHead {
    /// The head from the method to the empty line.
    private(set) var bytes: [UInt8]
    /// The header lines, in order.
    private(set) var fields: [RequestField]
    /// `HTTP/1.minor`
    let minor: Int
    /// The declared length; nil without one.
    let contentLength: Int?
    /// The body comes in chunks.
    let isChunked: Bool
    /// The client keeps the connection (RFC 9112 §9.3).
    let keepsAlive: Bool
    private let methodEnd: Int
    private let targetEnd: Int
    private var changedTarget: String?

    init(
        bytes: [UInt8], fields: [RequestField], minor: Int, methodEnd: Int, targetEnd: Int, contentLength: Int?,
        isChunked: Bool, keepsAlive: Bool
    ) {
        self.bytes = bytes
        self.fields = fields
        self.minor = minor
        self.methodEnd = methodEnd
        self.targetEnd = targetEnd
        self.contentLength = contentLength
        self.isChunked = isChunked
        self.keepsAlive = keepsAlive
    }

    var isHTTP11: Bool { minor >= 1 }

    // MARK: Request line

    /// The method is this one, upper case.
    func hasMethod(_ word: StaticString) -> Bool {
        guard methodEnd == word.utf8CodeUnitCount else { return false }
        return (0..<methodEnd).allSatisfy { bytes[$0] == word.utf8Start[$0] }
    }

    var method: String { text(0..<methodEnd) }

    /// The target with its query.
    var target: String { changedTarget ?? text(methodEnd + 1..<targetEnd) }

    /// The target as it came, with its query.
    func withTarget<T>(_ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
        if var changedTarget { return changedTarget.withUTF8(body) }
        return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[(methodEnd + 1)..<targetEnd])) }
    }

    /// Another target in its place.
    func change(target: String) { changedTarget = target }

    // MARK: Header lines

    /// The first value of a kind.
    func first(_ kind: RequestField.Kind) -> String? {
        for field in fields where field.kind == kind { return text(field.value) }
        return nil
    }

    /// All values of a kind.
    func all(_ kind: RequestField.Kind) -> [String] { fields.filter { $0.kind == kind }.map { text($0.value) } }

    /// There is a line of this kind.
    func has(_ kind: RequestField.Kind) -> Bool {
        for field in fields where field.kind == kind { return true }
        return false
    }

    /// The first line of a kind has this value, to the letter.
    func has(_ kind: RequestField.Kind, _ value: String) -> Bool {
        for field in fields where field.kind == kind {
            return bytes.withUnsafeBufferPointer { all in all[field.value].elementsEqual(value.utf8) }
        }
        return false
    }

    /// The first value of a name, lower case.
    func first(name: StaticString) -> String? {
        bytes.withUnsafeBufferPointer { all in
            for field in fields where field.kind != .removed {
                if UnsafeBufferPointer(rebasing: all[field.name]).isWord(name) {
                    return String(decoding: all[field.value], as: UTF8.self)
                }
            }
            return nil
        }
    }

    /// There is a line of this name, lower case.
    func contains(name: StaticString) -> Bool {
        bytes.withUnsafeBufferPointer { all in
            for field in fields where field.kind != .removed {
                if UnsafeBufferPointer(rebasing: all[field.name]).isWord(name) { return true }
            }
            return false
        }
    }

    /// Takes all lines of a kind out: they reach nobody.
    func remove(_ kind: RequestField.Kind) {
        for place in fields.indices where fields[place].kind == kind { fields[place].kind = .removed }
    }

    /// Takes all lines of a name, lower case, out.
    func remove(name: StaticString) {
        for place in fields.indices where fields[place].kind == .other {
            let isSame = bytes.withUnsafeBufferPointer { all in
                UnsafeBufferPointer(rebasing: all[fields[place].name]).isWord(name)
            }
            if isSame { fields[place].kind = .removed }
        }
    }

    /// Another head, without what says who the client is: its keys, its cookies, what it tells the fleet.
    func withoutPersonal() -> RequestHead {
        var kept = fields
        bytes.withUnsafeBufferPointer { all in
            for place in kept.indices {
                switch kept[place].kind {
                case .authorization, .apiKey, .fleet: kept[place].kind = .removed
                case .other:
                    let name = UnsafeBufferPointer(rebasing: all[kept[place].name])
                    if Self.personal.contains(where: name.isWord) { kept[place].kind = .removed }
                default: break
                }
            }
        }
        let head = RequestHead(
            bytes: bytes, fields: kept, minor: minor, methodEnd: methodEnd, targetEnd: targetEnd, contentLength: contentLength,
            isChunked: isChunked, keepsAlive: keepsAlive)
        head.changedTarget = changedTarget
        return head
    }

    private static let personal: [StaticString] = [
        "cookie", "api-key", "x-goog-api-key", "x-forwarded-for", "x-real-ip", "forwarded", "referer",
    ]

    /// `Expect: 100-continue`
    var expectsContinue: Bool { isHTTP11 && first(.expect)?.lowercased() == "100-continue" }

    /// The lines that go on, as they came: in as few pieces as there are gaps between them.
    func forEachPassedOn(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        bytes.withUnsafeBufferPointer { all in
            var from = 0
            var to = 0
            for field in fields where field.kind.passesOn {
                if Int(field.start) != to {
                    if to > from { body(UnsafeBufferPointer(rebasing: all[from..<to])) }
                    from = Int(field.start)
                }
                to = Int(field.end)
            }
            if to > from { body(UnsafeBufferPointer(rebasing: all[from..<to])) }
        }
    }

    /// Calls `body` with name and value of each line between peers.
    func forEachMeshLine(_ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Void) {
        bytes.withUnsafeBufferPointer { all in
            for field in fields where field.kind == .mesh {
                body(UnsafeBufferPointer(rebasing: all[field.name]), UnsafeBufferPointer(rebasing: all[field.value]))
            }
        }
    }

    /// The same for the API router.
    var http: HTTPRequestHead {
        var headers = HTTPHeaders()
        headers.reserveCapacity(fields.count + 2)
        for field in fields where field.kind != .removed { headers.add(name: text(field.name), value: text(field.value)) }
        return HTTPRequestHead(
            version: HTTPVersion(major: 1, minor: minor), method: HTTPMethod(rawValue: method), uri: target, headers: headers)
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
