internal import NIOCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Finds the few fields that routing needs in a multipart form (RFC 7578). Files are passed over by a search for what ends them;
/// behind the model nothing more is looked at.
struct FormScanner {
    /// Parts that are looked at.
    static let maximumParts = 256
    /// The head of a part.
    static let maximumHead = 8 << 10
    /// A field's value.
    static let maximumValue = 1 << 10

    /// The words of the parser that Ollama uses.
    private static func problem(_ why: String) -> ScanError { ScanError("failed to parse multipart form: \(why)") }

    private let bytes: UnsafeRawBufferPointer
    private var scan = BodyScan()
    private var form: FormScan

    /// Scans a body of this `Content-Type`.
    ///
    /// - Parameter findsAudio: the name of a field `audio` is wanted too.
    static func scan(
        _ body: ByteBuffer, contentType: String?, findsAudio: Bool
    ) throws(ScanError) -> (scan: BodyScan, form: FormScan) {
        guard let contentType, contentType.lowercased().hasPrefix("multipart/form-data") else {
            throw problem("request Content-Type isn't multipart/form-data")
        }
        guard let boundary = boundary(of: contentType) else { throw problem("no multipart boundary param in Content-Type") }
        let outcome = body.withUnsafeReadableBytes { raw -> Result<(scan: BodyScan, form: FormScan), ScanError> in
            var scanner = FormScanner(raw, delimiter: Array("--\(boundary)".utf8))
            do throws(ScanError) {
                try scanner.run(findsAudio: findsAudio)
                return .success((scanner.scan, scanner.form))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// The parameter `boundary`, at most 70 characters (RFC 2046 §5.1.1).
    static func boundary(of contentType: String) -> String? {
        for parameter in contentType.split(separator: ";").dropFirst() {
            let text = parameter.trimmingSpaces
            guard text.lowercased().hasPrefix("boundary=") else { continue }
            var value = text.dropFirst(9)
            if value.count >= 2, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
            return (1...70).contains(value.utf8.count) ? String(value) : nil
        }
        return nil
    }

    private init(_ bytes: UnsafeRawBufferPointer, delimiter: [UInt8]) {
        self.bytes = bytes
        form = FormScan(start: 0, delimiter: delimiter)
    }

    private mutating func run(findsAudio: Bool) throws(ScanError) {
        guard let first = find(form.delimiter, from: 0), first == 0 || bytes[first - 1] == 0x0A else {
            throw Self.problem("multipart: NextPart: EOF")
        }
        form.start = first
        var at = first + form.delimiter.count
        let ending = [0x0D, 0x0A] + form.delimiter
        for _ in 0..<Self.maximumParts {
            guard at + 2 <= bytes.count else { throw Self.problem("multipart: NextPart: EOF") }
            if bytes[at] == UInt8(ascii: "-"), bytes[at + 1] == UInt8(ascii: "-") { return }
            guard let head = find(Array("\r\n\r\n".utf8), from: at, limit: Self.maximumHead) else {
                throw Self.problem("malformed MIME header")
            }
            let value = head + 4
            let name = field(at..<head)
            if findsAudio, let name, matches(name, "audio") { form.audioName = name }
            guard let end = find(ending, from: value) else { throw Self.problem("unexpected EOF") }
            if let name, matches(name, "model"), scan.model == nil, end - value <= Self.maximumValue {
                scan.model = String(decoding: bytes[value..<end], as: UTF8.self)
                scan.modelRange = value..<end
            }
            if scan.model != nil, !findsAudio || form.audioName != nil { return }
            at = end + ending.count
        }
    }

    /// Where the name of a part's field stands: the value of `name` of its `Content-Disposition`.
    private func field(_ head: Range<Int>) -> Range<Int>? {
        let key = Array("name=\"".utf8)
        var from = head.lowerBound
        while let found = find(key, from: from, limit: head.upperBound - from) {
            from = found + key.count
            // Not the end of `filename`.
            guard found > head.lowerBound, bytes[found - 1] == UInt8(ascii: " ") || bytes[found - 1] == UInt8(ascii: ";") else {
                continue
            }
            var end = from
            while end < head.upperBound, bytes[end] != UInt8(ascii: "\"") { end += 1 }
            return from..<end
        }
        return nil
    }

    private func matches(_ range: Range<Int>, _ word: StaticString) -> Bool {
        range.count == word.utf8CodeUnitCount
            && bytes[range].elementsEqual(
                UnsafeRawBufferPointer(
                    start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    /// Where `needle` first stands at or behind `from`, within `limit` bytes.
    private func find(_ needle: [UInt8], from: Int, limit: Int = .max) -> Int? {
        guard let base = bytes.baseAddress, let first = needle.first, limit >= needle.count else { return nil }
        // Beyond this no whole needle begins.
        let last = min(bytes.count, limit < bytes.count ? from + limit : bytes.count) - needle.count
        var at = from
        while at <= last, let found = memchr(base + at, Int32(first), last - at + 1) {
            at = UnsafeRawPointer(found) - base
            if memcmp(base + at, needle, needle.count) == 0 { return at }
            at += 1
        }
        return nil
    }
}
