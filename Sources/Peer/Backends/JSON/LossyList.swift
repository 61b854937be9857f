/// A JSON list of which bad entries are left out: one odd model must not hide the others. At most 4096 entries are read.
struct LossyList<Element: Decodable>: Decodable {
    var items: [Element] = []

    /// Takes any entry, to step over it.
    private struct Anything: Decodable {}

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        while !container.isAtEnd, container.currentIndex < 4096 {
            if let item = try? container.decode(Element.self) {
                items.append(item)
            } else {
                _ = try container.decode(Anything.self)
            }
        }
    }
}
