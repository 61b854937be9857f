/// The members of a JSON object in the order in which they stand.
struct JSONObject: Sendable, Hashable {
    /// A key with its value.
    struct Member: Sendable, Hashable {
        var key: String
        var value: JSON
    }

    private(set) var members: [Member] = []

    init() {}

    init(members: [Member]) { self.members = members }

    /// The members that are not nil.
    init(_ members: KeyValuePairs<String, JSON?>) {
        for (key, value) in members { add(key, value) }
    }

    /// This and more.
    func with(_ members: KeyValuePairs<String, JSON?>) -> JSONObject {
        var object = self
        for (key, value) in members { object.add(key, value) }
        return object
    }

    var isEmpty: Bool { members.isEmpty }

    /// The last value of a key; nil when it is absent or null.
    subscript(key: String) -> JSON? {
        guard let value = members.last(where: { $0.key == key })?.value, value != .null else { return nil }
        return value
    }

    /// Appends a member, unless its value is nil.
    mutating func add(_ key: String, _ value: JSON?) {
        if let value { members.append(Member(key: key, value: value)) }
    }

    /// Removes every member of that key and gives the last one's value; nil when it is absent or null.
    mutating func take(_ key: String) -> JSON? {
        let value = self[key]
        members.removeAll { $0.key == key }
        return value
    }

    /// Appends the members whose keys are not here yet, in their order. What is here wins.
    mutating func merge(_ other: JSONObject) {
        guard !other.isEmpty else { return }
        let present = Set(members.map(\.key))
        members += other.members.filter { !present.contains($0.key) }
    }
}
