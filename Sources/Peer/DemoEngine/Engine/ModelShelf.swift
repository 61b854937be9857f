import Crypto
import FoundationEssentials
import Synchronization

/// The models that are there and those that are loaded.
final class ModelShelf: Sendable {
    /// A model on disk.
    struct Installed: Sendable {
        var model: DemoModel
        var modified: WallTime
        var digest: String
        /// The system prompt and template that `create` gave it.
        var system: String?
        var parent: String?
    }

    /// A model in memory.
    struct Loaded: Sendable {
        var installed: Installed
        var context: Int
        var keepAlive: KeepAlive
        var running: Int
        var idleSince: ContinuousClock.Instant
        var expires: WallTime
    }

    private struct State {
        var installed: [Installed] = []
        var loaded: [String: Loaded] = [:]
        var blobs: Set<String> = []
    }

    private static let maximumModels = 4096
    private static let maximumBlobs = 65_536

    private let defaultKeepAlive: KeepAlive
    private let defaultContext: Int
    private let state: Mutex<State>

    init(_ configuration: DemoEngineConfiguration) {
        defaultKeepAlive = .seconds(configuration.keepAlive.milliseconds / 1e3)
        defaultContext = configuration.defaultContext
        let now = WallTime.now
        let installed = configuration.models.enumerated().map { index, model in
            Installed(
                model: model, modified: WallTime(seconds: now.seconds - Int64(index), nanoseconds: now.nanoseconds),
                digest: Self.digest(model.name))
        }
        state = Mutex(State(installed: installed))
    }

    /// SHA-256 in hexadecimal digits.
    static func digest(_ text: String) -> String { digest(Array(text.utf8)) }

    /// SHA-256 in hexadecimal digits.
    static func digest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// All models, newest first.
    var all: [Installed] { state.withLock { $0.installed } }

    func find(_ name: String) -> Installed? {
        let key = ModelName.key(name)
        return state.withLock { $0.installed.first { $0.model.name.lowercased() == key } }
    }

    func add(_ model: DemoModel, system: String? = nil, parent: String? = nil, digest: String? = nil) {
        let key = model.name.lowercased()
        let entry = Installed(
            model: model, modified: .now, digest: digest ?? Self.digest(model.name + (system ?? "")), system: system,
            parent: parent)
        state.withLock { state in
            state.installed.removeAll { $0.model.name.lowercased() == key }
            state.installed.insert(entry, at: 0)
            if state.installed.count > Self.maximumModels { state.installed.removeLast() }
        }
    }

    /// Removes a model and unloads it; false when it is not there.
    func remove(_ name: String) -> Bool {
        let key = ModelName.key(name)
        return state.withLock { state in
            let before = state.installed.count
            state.installed.removeAll { $0.model.name.lowercased() == key }
            state.loaded[key] = nil
            return state.installed.count < before
        }
    }

    func hasBlob(_ digest: String) -> Bool { state.withLock { $0.blobs.contains(digest) } }

    /// Keeps a blob's digest; false when it was there already.
    func addBlob(_ digest: String) -> Bool {
        state.withLock { state in
            if state.blobs.count >= Self.maximumBlobs { state.blobs = [] }
            return state.blobs.insert(digest).inserted
        }
    }

    /// The loaded models whose time is not over, last to expire first.
    var loaded: [Loaded] {
        let now = ContinuousClock.now
        return state.withLock { state in
            Self.sweep(&state, now)
            return state.loaded.values.sorted { first, second in
                (first.expires.seconds, first.expires.nanoseconds) > (second.expires.seconds, second.expires.nanoseconds)
            }
        }
    }

    /// Whether the model must be loaded first: it is not in memory, or with another context.
    func needsLoad(_ installed: Installed, context: Int?) -> Bool {
        let key = installed.model.name.lowercased()
        let now = ContinuousClock.now
        return state.withLock { state in
            Self.sweep(&state, now)
            guard let loaded = state.loaded[key] else { return true }
            return context.map { $0 != loaded.context } ?? false
        }
    }

    /// A request begins to run: the model is in memory from now on. Without keep-alive the former one stays.
    func begin(_ installed: Installed, context: Int?, keepAlive: KeepAlive?) {
        let key = installed.model.name.lowercased()
        let now = ContinuousClock.now
        state.withLock { state in
            let former = state.loaded[key]
            let duration = keepAlive ?? former?.keepAlive ?? defaultKeepAlive
            state.loaded[key] = Loaded(
                installed: installed, context: context ?? former?.context ?? min(defaultContext, installed.model.contextLength),
                keepAlive: duration, running: (former?.running ?? 0) + 1, idleSince: now, expires: Self.expiry(duration))
        }
    }

    /// A request has ended: the idle time begins.
    func end(_ installed: Installed) {
        let key = installed.model.name.lowercased()
        let now = ContinuousClock.now
        state.withLock { state in
            guard var loaded = state.loaded[key] else { return }
            loaded.running = max(loaded.running - 1, 0)
            loaded.idleSince = now
            loaded.expires = Self.expiry(loaded.keepAlive)
            state.loaded[key] = loaded
            Self.sweep(&state, now)
        }
    }

    /// Unloads a model, at once or when its last request ends.
    func unload(_ installed: Installed) {
        let key = installed.model.name.lowercased()
        let now = ContinuousClock.now
        state.withLock { state in
            state.loaded[key]?.keepAlive = .seconds(0)
            Self.sweep(&state, now)
        }
    }

    private static func sweep(_ state: inout State, _ now: ContinuousClock.Instant) {
        state.loaded = state.loaded.filter { _, loaded in
            guard loaded.running == 0, case .seconds(let seconds) = loaded.keepAlive else { return true }
            return now - loaded.idleSince < .seconds(min(seconds, 1e9))
        }
    }

    private static func expiry(_ keepAlive: KeepAlive) -> WallTime {
        switch keepAlive {
        case .forever: WallTime.now.adding(.infinity)
        case .seconds(let seconds): WallTime.now.adding(seconds)
        }
    }
}
