/// A bounded table that forgets the entry that was written longest ago. All operations take constant time.
struct RecencyTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Slot: Sendable {
        var key: Key
        var value: Value
        var newer: Int?
        var older: Int?
    }

    private let capacity: Int
    private var slots: [Slot] = []
    private var free: [Int] = []
    /// Only looked up, never walked.
    private var places: [Key: Int] = [:]
    private var newest: Int?
    private var oldest: Int?

    /// An empty table of at most `capacity` entries; at least one.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { places.count }
    var isEmpty: Bool { places.isEmpty }

    /// Reading does not make an entry newer.
    subscript(key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        return slots[place].value
    }

    /// Changes an entry in place and makes it the newest; a new one starts as `initial`.
    mutating func update(_ key: Key, initial: @autoclosure () -> Value, _ change: (inout Value) -> Void) {
        let place: Int
        if let known = places[key] {
            place = known
            if newest == place { return change(&slots[place].value) }
            unlink(place)
        } else {
            if places.count >= capacity, let oldest { remove(slots[oldest].key) }
            let slot = Slot(key: key, value: initial(), newer: nil, older: nil)
            if let reused = free.popLast() {
                slots[reused] = slot
                place = reused
            } else {
                slots.append(slot)
                place = slots.count - 1
            }
            places[key] = place
        }
        link(place)
        change(&slots[place].value)
    }

    /// Changes an entry in place, if there is one, without making it newer.
    mutating func modify(_ key: Key, _ change: (inout Value) -> Void) {
        if let place = places[key] { change(&slots[place].value) }
    }

    /// Forgets an entry. Its slot keeps the value until it is used again, which `capacity` bounds.
    mutating func remove(_ key: Key) {
        guard let place = places.removeValue(forKey: key) else { return }
        unlink(place)
        free.append(place)
    }

    private mutating func link(_ place: Int) {
        slots[place].newer = nil
        slots[place].older = newest
        if let newest { slots[newest].newer = place }
        newest = place
        if oldest == nil { oldest = place }
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (slots[place].newer, slots[place].older)
        if let newer { slots[newer].older = older } else { newest = older }
        if let older { slots[older].newer = newer } else { oldest = newer }
    }
}
