import FastLane
import Hummingbird

/// Which paths exist with which methods: tells "no such path" from "wrong method".
struct RouteTable: Sendable {
    private var exact: [String: [String]] = [:]
    private var prefixes: [(prefix: String, methods: [String])] = []

    /// Adds a path; one that ends in `/**` stands for all below it.
    mutating func add(_ path: String, _ methods: [HTTPRequest.Method]) {
        let names = methods.map(\.rawValue)
        if path.hasSuffix("/**") {
            prefixes.append((String(path.dropLast(2)), names))
        } else {
            exact[path, default: []] += names
        }
    }

    /// Adds the paths that the fast lane answers: only a wrong method brings them here.
    mutating func addInference() {
        for path in LaneRoutes.paths { add(path, [.post]) }
    }

    /// The methods of a path; nil where there is no such path.
    func methods(of path: String) -> [String]? {
        exact[path] ?? prefixes.first { path.hasPrefix($0.prefix) && path.utf8.count > $0.prefix.utf8.count }?.methods
    }

    /// All paths, sorted: for the house test that wants each one documented.
    var paths: [String] { (exact.keys.map { $0 } + prefixes.map { $0.prefix + "**" }).sorted() }
}
