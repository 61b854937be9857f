/// Joins tool calls and results of a conversation whose dialect has no ids, by the tool's name and the order.
struct CallNumbers {
    private var count = 0
    private var open: [(id: String, name: String)] = []

    /// An id for a call without one: nine letters and digits, which even the strictest chat templates accept.
    mutating func id(of given: String?, name: String) -> String {
        let id = given ?? made()
        open.append((id, name))
        return id
    }

    /// The id of the call that a result without one answers: the first open call of that tool, else the first open call.
    mutating func result(of given: String?, name: String?) -> String {
        if let given {
            if let at = open.firstIndex(where: { $0.id == given }) { open.remove(at: at) }
            return given
        }
        if let name, let at = open.firstIndex(where: { $0.name == name }) { return open.remove(at: at).id }
        return open.isEmpty ? made() : open.removeFirst().id
    }

    /// The tool that a call was for.
    func name(of id: String) -> String? { open.last { $0.id == id }?.name }

    private mutating func made() -> String {
        count += 1
        let digits = String(count)
        return "call" + String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
    }
}
