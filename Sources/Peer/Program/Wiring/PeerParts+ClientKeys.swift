import API
import Access
import Foundation
import Gossip
import Mesh
import Store

extension PeerParts {
    /// What a fleet with client keys has to know while everybody can join it.
    static let openFleetWarning =
        "client keys are in force, but the fleet is open: who joins it as a peer needs none; `herd-peer fleet init` closes it"

    /// Now, as the gate counts it.
    static var accessTime: AccessTime {
        AccessTime(elapsed: SystemMeshClock().boot() - Instant.zero, unixSeconds: Int64(Date().timeIntervalSince1970))
    }

    /// For the log of the start.
    var clientKeysInWords: String {
        gate.isInForce ? "\(gate.ring.keys.count { !$0.isRevoked }) count" : "none: who reaches the client port may use it"
    }

    /// The fleet's keys have been read from disk: clients may come in. What keys used today before a restart is counted as far
    /// as the traces tell.
    func openGate() async {
        gate.keysAreKnown()
        let time = Self.accessTime
        let midnight = Double(time.unixSeconds - time.unixSeconds % 86_400)
        var used: [(keyID: String, tokens: Int)] = []
        for key in gate.ring.keys where key.limits.tokensPerDay != nil {
            let since = max(midnight, Double(key.createdSeconds))
            guard let rows = try? await shard.tagUsage(since: since) else { return }
            for row in rows where row.tag == "key:\(key.name)" {
                used.append((keyID: key.id, tokens: row.totalPromptTokens + row.totalCompletionTokens))
            }
        }
        gate.restore(tokensToday: used, at: time)
    }

    /// Carries out an order of this machine's people: the router writes it, wherever it is.
    func changeClientKeys(_ order: ClientKeyOrder) async -> ClientKeyReply {
        let ring = gate.ring
        switch order {
        case .add(let key):
            guard !key.isRevoked else { return ClientKeyReply(accepted: false, message: "A revoked key cannot be added.") }
            guard ring[key.id] == nil, ring.named(key.name).isEmpty else {
                return ClientKeyReply(
                    accepted: false,
                    message: "There is a key '\(key.name)' already: choose another name, or revoke it first "
                        + "(herd-peer keys revoke \(key.name)).")
            }
            let message =
                ring.isInForce
                ? "The key '\(key.name)' works at every peer of the fleet."
                : "The key '\(key.name)' is the fleet's first: from now on every peer's client port wants a key."
            return await write([(key.settingKey, key.settingValue)], message, [key])
        case .revoke(let word):
            let found = ring.named(word)
            guard !found.isEmpty else {
                let names = Set(ring.keys.filter { !$0.isRevoked }.map(\.name)).sorted().joined(separator: ", ")
                return ClientKeyReply(
                    accepted: false,
                    message: "No key is called '\(word)'. " + (names.isEmpty ? "There is none." : "There are: \(names)."))
            }
            let now = Int64(Date().timeIntervalSince1970)
            let changed = found.map { $0.revoked(atSeconds: now) }
            let isLast = ring.keys.allSatisfy { $0.isRevoked || found.contains($0) }
            return await write(
                changed.map { ($0.settingKey, $0.settingValue) },
                "'\(word)' is revoked at every peer in sight; the others learn it when they come back."
                    + (isLast ? " No key is left, and the client ports stay closed: add one, or `herd-peer keys off`." : ""),
                changed)
        case .off:
            guard ring.isInForce else { return ClientKeyReply(accepted: true, message: "There are no client keys.") }
            let keys = mesh.settings.map(\.key).filter { $0.hasPrefix(ClientKey.settingPrefix) }
            return await write(
                keys.map { ($0, nil) }, "All client keys are removed: requests need none any more.", [], isWarned: false)
        }
    }

    private func write(
        _ writes: [(key: String, value: String?)], _ message: String, _ keys: [ClientKey], isWarned: Bool = true
    ) async -> ClientKeyReply {
        do throws(SettingWriteError) {
            let scope = try await mesh.write(settings: writes.map { SettingWrite(key: $0.key, value: $0.value) })
            await waitUntilKnown(writes)
            var reply = ClientKeyReply(accepted: true, message: message, scope: scope.rawValue, ids: keys.map(\.id))
            if scope == .local {
                reply.warnings.append("there is no router at the moment: this peer wrote it, and it spreads when contact comes")
            }
            if isWarned, mesh.fleetKeys.isOpen { reply.warnings.append(Self.openFleetWarning) }
            return reply
        } catch {
            return ClientKeyReply(accepted: false, message: "Nothing was changed: \(error).")
        }
    }

    /// The router has written; this peer reads it a few hundredths of a second later, and who gave the order may send a request
    /// at once.
    private func waitUntilKnown(_ writes: [(key: String, value: String?)]) async {
        let end = ContinuousClock.now + .seconds(3)
        while ContinuousClock.now < end {
            let settings = mesh.settings
            if writes.allSatisfy({ write in settings.first { $0.key == write.key }?.value == write.value }) { return }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
