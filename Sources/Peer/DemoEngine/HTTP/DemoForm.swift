/// The fields of a multipart form.
struct DemoForm {
    private var fields: [String: String] = [:]

    /// Nil where the body is none.
    init?(_ body: [UInt8], contentType: String) {
        guard let mark = contentType.split(separator: ";").dropFirst().first(where: { $0.contains("boundary=") }) else {
            return nil
        }
        let boundary = mark.drop { $0 != "=" }.dropFirst().filter { $0 != "\"" }
        let text = String(decoding: body, as: UTF8.self)
        let delimiter = Array("--\(boundary)".utf8)
        var parts: [[UInt8]] = [[]]
        var at = 0
        let bytes = Array(text.utf8)
        while at < bytes.count {
            if bytes[at] == delimiter[0], bytes[at...].starts(with: delimiter) {
                parts.append([])
                at += delimiter.count
            } else {
                parts[parts.count - 1].append(bytes[at])
                at += 1
            }
        }
        guard parts.count > 2 else { return nil }
        for part in parts.dropFirst().dropLast() { take(part) }
    }

    private mutating func take(_ part: [UInt8]) {
        let blank = Array("\r\n\r\n".utf8)
        guard let end = part.indices.first(where: { part[$0...].starts(with: blank) }) else { return }
        let head = String(decoding: part[..<end], as: UTF8.self)
        guard let name = head.split(separator: "\"").dropFirst().first else { return }
        fields[String(name)] = String(decoding: part[(end + 4)...].dropLast(2), as: UTF8.self)
    }

    subscript(name: String) -> String? { fields[name] }
}
