import Gossip

/// The answer of `GET /api/version`: the lowest Ollama version of the fleet, since clients hide what older ones cannot do.
struct VersionBody: Encodable {
    let version: String
    let herd_version: String

    /// Three numbers always: some clients read them as such and break on anything else.
    init(view: FleetView, program: String) {
        let versions = view.members.filter { $0.status == .alive || $0.status == .suspect }
            .flatMap { $0.models?.backends ?? [] }
            .filter { $0.kind.speaksOllama && $0.reachable }
            .compactMap { Self.numbers($0.version) }
        let lowest = versions.min { $0.lexicographicallyPrecedes($1) } ?? Self.withoutEngine
        version = lowest.map(String.init).joined(separator: ".")
        herd_version = program
    }

    /// The version whose routes this program answers by itself.
    static let withoutEngine = [0, 14, 0]

    /// `v0.33.0-rc2` as 0, 33, 0; nil for anything that is no version.
    static func numbers(_ text: String) -> [Int]? {
        let core = text.drop { $0 == "v" }.prefix { $0.isNumber || $0 == "." }
        let numbers = core.split(separator: ".").compactMap { Int($0) }
        return numbers.isEmpty ? nil : Array((numbers + [0, 0]).prefix(3))
    }
}
