/// The fleet's settings at one peer: per key the latest write wins, whoever brings it, in whatever order (mesh protocol §4.1).
///
/// Merging is commutative, associative and idempotent, also where there are too many keys: those with the highest versions stay.
/// Deleted keys stay as tombstones, so that an old copy does not bring them back.
public struct SettingsTable: Sendable {
    /// What a merge did.
    public struct Merge: Sendable {
        /// The table is another one than before.
        public var isChanged = false
        /// Writes that lost against one whose writer did not know them.
        public var overruled: [(lost: SettingEntry, by: SettingEntry)] = []
        /// Entries for which there was no room.
        public var dropped: [SettingEntry] = []
        /// How many were refused: out of bounds, or of an epoch that cannot be.
        public var refused = 0
    }

    private struct Slot: Sendable {
        var entry: SettingEntry
        /// When the entry's age was what it says.
        var heldSince: Instant

        func deletedFor(now: Instant) -> Duration {
            entry.value == nil ? .seconds(Int64(entry.deletedSecondsAgo)) + (now - heldSince) : .zero
        }
    }

    /// Most keys, deleted ones included.
    public static let mostKeys = 512
    /// Most bytes of keys and values that writes may fill. Two sides of a partition may each fill it; their merge keeps both.
    public static let mostBytes = 65_536

    /// How long a deleted key is remembered.
    let tombstoneTime: Duration
    /// In the order of the keys.
    private var slots: [Slot] = []
    /// What others compare.
    public private(set) var digest = SettingsDigest()

    /// An empty table.
    public init(tombstoneTime: Duration = .seconds(7 * 24 * 3_600)) {
        self.tombstoneTime = tombstoneTime
    }

    /// The settings in force, in the order of their keys.
    public var current: [SettingEntry] { slots.lazy.map(\.entry).filter { $0.value != nil } }

    /// Everything, deleted keys with their age included, in the order of the keys.
    public func entries(now: Instant) -> [SettingEntry] {
        slots.map { slot in
            var entry = slot.entry
            if entry.value == nil {
                entry.deletedSecondsAgo = UInt32(clamping: slot.deletedFor(now: now).wholeMilliseconds / 1_000)
            }
            return entry
        }
    }

    /// The value of a key; nil when it is not set.
    public subscript(key: String) -> String? { index(key).flatMap { slots[$0].entry.value } }

    /// Throws when `key` cannot be set to `value` here.
    public func check(key: String, value: String?) throws(SettingError) {
        guard SettingEntry.isUsable(key: key) else { throw .unusableKey }
        guard (value?.utf8.count ?? 0) <= SettingEntry.longestValue else { throw .valueTooLong }
        let place = index(key)
        if place == nil, value != nil, slots.count >= Self.mostKeys { throw .tooManyKeys }
        guard let value else { return }
        var bytes = key.utf8.count + value.utf8.count
        for (other, slot) in slots.enumerated() where other != place {
            bytes += slot.entry.key.utf8.count + (slot.entry.value?.utf8.count ?? 0)
        }
        if bytes > Self.mostBytes { throw .tooLarge }
    }

    /// Sets a key, or deletes it with nil. The entry is newer than everything in the table that was written in `epoch` or before;
    /// nil when nothing had to be written.
    public mutating func write(
        key: String, value: String?, epoch: UInt64, node: PeerID, now: Instant
    ) throws(SettingError) -> SettingEntry? {
        try check(key: key, value: value)
        let place = index(key)
        let old = place.map { slots[$0].entry }
        let epoch = max(epoch, old?.version.epoch ?? 0)
        var entry = SettingEntry(
            key: key, value: value, version: SettingVersion(epoch: epoch, counter: 1, node: node),
            replaced: old.map { Array(([$0.version] + $0.replaced).prefix(SettingEntry.mostReplaced)) } ?? [])
        if old.map({ $0.hasSameValue(as: entry) && $0.version.epoch == epoch }) ?? (value == nil) { return nil }
        for slot in slots where slot.entry.version.epoch == epoch {
            entry.version.counter = max(entry.version.counter, slot.entry.version.counter + 1)
        }
        if entry.version.counter > 1 << 62 {
            entry.version = SettingVersion(epoch: epoch + 1, counter: 1, node: node)
        }
        guard entry.isWithinBounds else { throw .versionsUsedUp }
        put(entry, at: place, now: now)
        renewDigest()
        return entry
    }

    /// Takes over what is newer. Epochs above `highestEpoch` are refused.
    public mutating func merge(_ entries: [SettingEntry], highestEpoch: UInt64, now: Instant) -> Merge {
        var result = Merge()
        for entry in entries.prefix(Self.mostKeys) {
            guard entry.isWithinBounds, entry.version.epoch <= highestEpoch else {
                result.refused += 1
                continue
            }
            take(entry, &result, now)
        }
        result.refused += max(0, entries.count - Self.mostKeys)
        while slots.count > Self.mostKeys, let oldest = slots.indices.min(by: { isLess(slots[$0], slots[$1]) }) {
            result.dropped.append(slots.remove(at: oldest).entry)
        }
        if result.isChanged { renewDigest() }
        return result
    }

    private mutating func take(_ entry: SettingEntry, _ result: inout Merge, _ now: Instant) {
        guard let place = index(entry.key) else {
            // A tombstone near its end is not learnt anew: peers forget it at slightly different times.
            let age = Duration.seconds(Int64(entry.deletedSecondsAgo))
            if entry.value == nil, age > tombstoneTime - .seconds(24 * 3_600) { return }
            put(entry, at: nil, now: now)
            result.isChanged = true
            return
        }
        let mine = slots[place].entry
        if mine.isOutdone(by: entry) {
            if !entry.knew(of: mine), !mine.hasSameValue(as: entry) {
                result.overruled.append((lost: mine, by: entry))
            }
            put(entry, at: place, now: now)
            result.isChanged = true
        } else if mine.version == entry.version, mine.value == nil, entry.value == nil,
            .seconds(Int64(entry.deletedSecondsAgo)) > slots[place].deletedFor(now: now)
        {
            // The same deletion: the older age is the true one.
            put(entry, at: place, now: now)
        }
    }

    /// Forgets keys that were deleted long ago; true when there were any.
    public mutating func sweep(now: Instant) -> Bool {
        let before = slots.count
        slots.removeAll { $0.deletedFor(now: now) > tombstoneTime }
        if slots.count != before { renewDigest() }
        return slots.count != before
    }

    private mutating func put(_ entry: SettingEntry, at place: Int?, now: Instant) {
        let slot = Slot(entry: entry, heldSince: now)
        if let place {
            slots[place] = slot
        } else {
            slots.insert(slot, at: firstPlace(from: entry.key))
        }
    }

    private mutating func renewDigest() {
        var mark = Fingerprint()
        for slot in slots {
            mark.add(slot.entry.key)
            mark.add(slot.entry.value == nil ? 0 : 1)
            mark.add(slot.entry.value ?? "")
            mark.add(slot.entry.version.epoch)
            mark.add(slot.entry.version.counter)
            mark.add(slot.entry.version.node)
        }
        digest = SettingsDigest(count: UInt16(clamping: slots.count), hash: slots.isEmpty ? 0 : mark.value)
    }

    /// Who gives way when there is no room.
    private func isLess(_ a: Slot, _ b: Slot) -> Bool {
        (a.entry.version, a.entry.key) < (b.entry.version, b.entry.key)
    }

    private func index(_ key: String) -> Int? {
        let place = firstPlace(from: key)
        return place < slots.count && slots[place].entry.key == key ? place : nil
    }

    /// The first place whose key is not below `key`.
    private func firstPlace(from key: String) -> Int {
        var low = 0
        var high = slots.count
        while low < high {
            let middle = (low + high) / 2
            if slots[middle].entry.key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
