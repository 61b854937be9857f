internal import Gossip
internal import Routing

/// Follows who runs on this machine's slots, for histories. Off unless somebody asks for one: it costs a look-up per admission.
///
/// Told under the lane's lock, so the notes are in the order of the decisions.
struct SlotWatch {
    private struct Place {
        var backend: String
        var key: String
        var isRunning = false
    }

    let tell: @Sendable (SlotNote) -> Void
    private var places: [UInt64: Place] = [:]

    init(_ tell: @escaping @Sendable (SlotNote) -> Void) { self.tell = tell }

    mutating func admitted(_ id: UInt64, _ admission: Admission, backend: String, model: ModelKey, backends: [LocalBackend]) {
        if case .busy = admission { return }
        places[id] = Place(backend: backend, key: "\(backend)/\(model)")
        if admission == .run { runs(id, backends) }
    }

    mutating func runs(_ id: UInt64, _ backends: [LocalBackend]) {
        guard let place = places[id], !place.isRunning else { return }
        places[id]?.isRunning = true
        let limit = backends.first { $0.id == place.backend }?.slotLimit ?? 0
        tell(SlotNote(id: id, key: place.key, limit: limit, isTaken: true))
    }

    mutating func released(_ id: UInt64) {
        guard let place = places.removeValue(forKey: id), place.isRunning else { return }
        tell(SlotNote(id: id, key: place.key, limit: 0, isTaken: false))
    }
}
