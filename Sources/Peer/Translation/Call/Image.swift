/// An image as a request carries it. Nothing is fetched for a client, so it is always the bytes themselves.
struct Image: Sendable, Hashable {
    /// `image/png` and the like.
    var mediaType: String
    /// The bytes in base64.
    var base64: String

    /// `data:image/png;base64,…`
    var dataURL: String { "data:\(mediaType);base64,\(base64)" }

    /// An image in base64.
    ///
    /// - Parameter mediaType: nil finds it by the first bytes.
    init(base64: String, mediaType: String? = nil, field: String) throws(TranslationError) {
        guard !base64.isEmpty, base64.utf8.allSatisfy(Self.isBase64) else {
            throw .badRequest("`\(field)` is not an image in base64")
        }
        self.base64 = base64
        self.mediaType = mediaType ?? Self.mediaType(of: base64)
    }

    /// An image by URL: `data:` only.
    init(url: String, field: String) throws(TranslationError) {
        let head = url.prefix(8).lowercased()
        if head.hasPrefix("http:") || head.hasPrefix("https:") {
            throw .badRequest(
                "`\(field)` is a web address: no address is fetched for a client, send the image itself as a data: URL")
        }
        guard head.hasPrefix("data:"), let comma = url.utf8.prefix(256).firstIndex(of: UInt8(ascii: ",")) else {
            throw .badRequest("`\(field)` must be a data: URL with the image in base64")
        }
        let words = url[..<comma].dropFirst(5).split(separator: ";", omittingEmptySubsequences: false)
        guard words.count > 1, words.last?.lowercased() == "base64" else {
            throw .badRequest("`\(field)` must be a data: URL with the image in base64")
        }
        let type = words.first.map { $0.lowercased() } ?? ""
        guard type.isEmpty || type.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }) else {
            throw .badRequest("`\(field)` has a media type that is none")
        }
        try self.init(
            base64: String(url[url.utf8.index(after: comma)...]), mediaType: type.isEmpty ? nil : type, field: field)
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// The first bytes of the usual formats, in base64.
    private static func mediaType(of base64: String) -> String {
        if base64.hasPrefix("iVBOR") { return "image/png" }
        if base64.hasPrefix("R0lGOD") { return "image/gif" }
        if base64.hasPrefix("UklGR") { return "image/webp" }
        if base64.hasPrefix("Qk") { return "image/bmp" }
        return "image/jpeg"
    }
}
