internal import Synchronization

/// Decides whether a request to the client port may come in, and counts what each key uses. One for the whole peer; any thread
/// may ask.
///
/// While there are no client keys, asking costs one read of `isActive`. With keys it costs a SHA-256 and a short lock.
public final class AccessGate: Sendable {
    struct Contents {
        var settings: [(key: String, value: String)] = []
        var ring = ClientKeyRing()
        var meters: [String: KeyMeter] = [:]
        var refused: [AccessRefusal.Reason: UInt64] = [:]
    }

    private enum Mode {
        static let keys: UInt8 = 1
        static let readOnly: UInt8 = 2
        static let starting: UInt8 = 4
    }

    private let contents = Mutex(Contents())
    private let mode: Atomic<UInt8>
    private let ownerToken: [UInt8]

    /// A gate without keys.
    ///
    /// - Parameters:
    ///   - ownerToken: what commands on this machine show; empty: nobody is its owner.
    ///   - readOnlyManagement: nobody but the owner may change anything at this peer.
    ///   - awaitsKeys: nobody comes in before `keysAreKnown()`: a peer that starts must not be open until it has read its keys.
    public init(ownerToken: String = "", readOnlyManagement: Bool = false, awaitsKeys: Bool = false) {
        self.ownerToken = Array(ownerToken.utf8)
        mode = Atomic((readOnlyManagement ? Mode.readOnly : 0) | (awaitsKeys ? Mode.starting : 0))
    }

    // MARK: What it goes by

    /// Takes over the fleet's settings; those that carry no keys are ignored.
    public func take(_ settings: [(key: String, value: String)]) {
        let ours = settings.filter { $0.key.hasPrefix(ClientKey.settingPrefix) }
        let isSame = contents.withLock { contents in
            contents.settings.count == ours.count
                && zip(contents.settings, ours).allSatisfy { $0.key == $1.key && $0.value == $1.value }
        }
        guard !isSame else { return }
        // Read outside the lock: hundreds of keys take milliseconds.
        let ring = ClientKeyRing(settings: ours)
        contents.withLock { contents in
            contents.settings = ours
            contents.ring = ring
            contents.meters = contents.meters.filter { ring[$0.key] != nil }
            if ring.isInForce {
                mode.bitwiseOr(Mode.keys, ordering: .releasing)
            } else {
                mode.bitwiseAnd(~Mode.keys, ordering: .releasing)
            }
        }
    }

    /// What this machine knew of the keys has been taken over.
    public func keysAreKnown() { mode.bitwiseAnd(~Mode.starting, ordering: .releasing) }

    /// Tokens that keys have used on the day of `time` already, as far as it is known from before a restart.
    public func restore(tokensToday: [(keyID: String, tokens: Int)], at time: AccessTime) {
        contents.withLock { contents in
            for entry in tokensToday where contents.ring[entry.keyID] != nil {
                contents.meters[entry.keyID, default: KeyMeter()].charge(entry.tokens, at: time)
            }
        }
    }

    // MARK: Decisions

    /// There is anything to check.
    public var isActive: Bool { mode.load(ordering: .acquiring) != 0 }

    /// Keys are in force: what a client shows as its key is the fleet's business and travels no further.
    public var isInForce: Bool { mode.load(ordering: .acquiring) & Mode.keys != 0 }

    /// Nobody but the owner may change anything at this peer.
    public var isReadOnly: Bool { mode.load(ordering: .acquiring) & Mode.readOnly != 0 }

    /// A command on this machine that could read the peer's data directory: it may do everything, and has no limits.
    ///
    /// - Parameters:
    ///   - token: what it shows; nil for nothing.
    ///   - remote: its IP address.
    ///   - local: the IP address that it came to.
    public func isOwner(token: String?, remote: String?, local: String?) -> Bool {
        guard let token, !ownerToken.isEmpty, LocalCaller.isSameMachine(remote: remote, local: local) else { return false }
        return ConstantTime.equal(Array(token.utf8), ownerToken)
    }

    /// Lets a request in, with a pass where it has a key.
    ///
    /// - Throws: `AccessRefusal`; then nothing was counted against a key.
    public func admit(_ request: AccessRequest, at time: AccessTime) throws(AccessRefusal) -> AccessPass? {
        let need = AccessNeed(method: request.method, path: request.path)
        let now = mode.load(ordering: .acquiring)
        if need == .nothing || request.isOwner || now == 0 { return nil }
        do throws(AccessRefusal) {
            if now & Mode.starting != 0 { throw .starting }
            if now & Mode.readOnly != 0, need == .scope(.manage) { throw .readOnly }
            guard now & Mode.keys != 0 else { return nil }
            guard let shown = request.shownKey(need: need) else { throw .missing }
            guard let id = shown.id else { throw .unknown }
            let digest = ClientKey.digest(of: shown.text)
            return try contents.withLock { contents in contents.admit(id, digest, need, time) }.get()
        } catch {
            contents.withLock { $0.refused[error.reason, default: 0] += 1 }
            throw error
        }
    }

    /// A request is over: its place is free.
    public func finished(_ pass: AccessPass) {
        guard pass.isMetered else { return }
        contents.withLock { $0.meters[pass.keyID]?.finished() }
    }

    /// Counts tokens of a request against its key's day.
    public func charge(_ tokens: Int, to pass: AccessPass, at time: AccessTime) {
        guard pass.isMetered else { return }
        contents.withLock { $0.meters[pass.keyID]?.charge(tokens, at: time) }
    }

    // MARK: What it tells

    /// The keys that it goes by.
    public var ring: ClientKeyRing { contents.withLock(\.ring) }

    /// What a key has used at this peer.
    public func use(of keyID: String, at time: AccessTime) -> KeyUse {
        contents.withLock { contents in
            guard let meter = contents.meters[keyID] else { return KeyUse() }
            return KeyUse(running: meter.running, admitted: meter.admitted, tokensToday: meter.tokensToday(at: time))
        }
    }

    /// How many requests were refused, by reason, in the order of the reasons.
    public var refused: [(reason: AccessRefusal.Reason, count: UInt64)] {
        contents.withLock { contents in AccessRefusal.Reason.allCases.map { ($0, contents.refused[$0] ?? 0) } }
    }
}

extension AccessGate.Contents {
    /// The key's own part of the decision.
    mutating func admit(
        _ id: String, _ digest: [UInt8], _ need: AccessNeed, _ time: AccessTime
    ) -> Result<AccessPass, AccessRefusal> {
        guard let key = ring.key(id: id, digest: digest) else { return .failure(.unknown) }
        if case .scope(let scope) = need, !key.scopes.contains(scope) { return .failure(.scope(key, needs: scope)) }
        let isMetered = need == .scope(.infer)
        if isMetered, let full = meters[id, default: KeyMeter()].admit(key.limits, at: time) {
            return .failure(AccessRefusal(full, of: key))
        }
        return .success(AccessPass(keyID: id, keyName: key.name, isMetered: isMetered))
    }
}
