internal import Gossip
internal import Synchronization

/// What this peer remembers of blobs: which machine has which, and on which machine a client's next model is made.
///
/// A model is made out of files that a client sends beforehand, one request each (`POST /api/blobs/…`), and all of them must be
/// on the machine that then makes it. What is forgotten, or was sent through another peer, is asked of the machines.
public final class BlobLedger: Sendable {
    /// How long a client's machine stays the same without a word of the client: long enough for one very large file.
    public static let homeValidity = Duration.seconds(3_600)
    /// Files that this peer passes on at once.
    public static let maximumUnderWay = 64
    private static let limit = 4_096

    private struct Home {
        var peer: PeerID
        var until: Instant
    }

    private struct State {
        var homes: [String: Home] = [:]
        var holders: [String: PeerID] = [:]
        var underWay = 0
        var finder: (@Sendable ([String]) async -> PeerID?)?
    }

    private let state = Mutex(State())

    /// An empty ledger.
    public init() {}

    /// Where the blobs of `client` go, if that is decided.
    func home(of client: String, now: Instant = LaneClock.now) -> PeerID? {
        state.withLock { state in state.homes[client].flatMap { $0.until > now ? $0.peer : nil } }
    }

    /// Decides where they go unless that is decided; gives the decision. Of several questions at once the first one counts.
    func claim(_ client: String, _ peer: PeerID, now: Instant = LaneClock.now) -> PeerID {
        state.withLock { state in
            let known = state.homes[client].flatMap { $0.until > now ? $0.peer : nil } ?? peer
            if state.homes.count >= Self.limit, state.homes[client] == nil {
                state.homes = state.homes.filter { $0.value.until > now }
                if state.homes.count >= Self.limit { state.homes.removeAll() }
            }
            state.homes[client] = Home(peer: known, until: now + Self.homeValidity)
            return known
        }
    }

    /// The client's next model may be made elsewhere.
    func release(_ client: String) { _ = state.withLock { $0.homes.removeValue(forKey: client) } }

    /// `peer` has this blob.
    func note(_ digest: String, at peer: PeerID) {
        state.withLock { state in
            if state.holders.count >= Self.limit, state.holders[digest] == nil { state.holders.removeAll() }
            state.holders[digest] = peer
        }
    }

    /// Who is known to have a blob.
    func holder(of digest: String) -> PeerID? { state.withLock { $0.holders[digest] } }

    /// The machine that is known to have all of `digests`; nil when one of them is unknown or they are on several.
    func holder(ofAll digests: [String]) -> PeerID? {
        state.withLock { state in
            guard let first = digests.first, let peer = state.holders[first] else { return nil }
            return digests.allSatisfy { state.holders[$0] == peer } ? peer : nil
        }
    }

    /// A file begins to pass; false when too many do. `ended` follows.
    func began() -> Bool {
        state.withLock { state in
            guard state.underWay < Self.maximumUnderWay else { return false }
            state.underWay += 1
            return true
        }
    }

    /// A file has passed, or not.
    func ended() { state.withLock { $0.underWay -= 1 } }

    /// How machines are asked for blobs of which this peer knows nothing.
    func setFinder(_ finder: @escaping @Sendable ([String]) async -> PeerID?) { state.withLock { $0.finder = finder } }

    var finder: (@Sendable ([String]) async -> PeerID?)? { state.withLock { $0.finder } }
}
