import HeapModule

/// What is to come, in order of time; equal times in the order of posting. The heap holds small entries, so that moving them is
/// cheap; what they stand for lies beside it.
struct Agenda {
    private struct Entry: Comparable {
        let at: Int64
        let order: UInt64
        let place: Int

        static func < (a: Entry, b: Entry) -> Bool { a.at != b.at ? a.at < b.at : a.order < b.order }
        static func == (a: Entry, b: Entry) -> Bool { a.order == b.order }
    }

    private var heap = Heap<Entry>()
    private var contents: [Pending?] = []
    private var free: [Int] = []
    private var lastOrder: UInt64 = 0

    /// The time of the next; the end of time when there is nothing.
    var next: Int64 { heap.min?.at ?? .max }

    /// How much there is.
    var count: Int { heap.count }

    /// Adds something.
    mutating func post(_ at: Int64, _ pending: Pending) {
        lastOrder += 1
        let place: Int
        if let last = free.popLast() {
            place = last
            contents[place] = pending
        } else {
            place = contents.count
            contents.append(pending)
        }
        heap.insert(Entry(at: at, order: lastOrder, place: place))
    }

    /// Takes the next.
    mutating func pop() -> (at: Int64, pending: Pending)? {
        guard let entry = heap.popMin(), let pending = contents[entry.place].take() else { return nil }
        free.append(entry.place)
        return (entry.at, pending)
    }
}
