/// Ids in ascending order, searched by halves. Not generic: the rules of a thousand peers live in here.
extension [PeerID] {
    /// The first place whose id is not below `id`.
    func place(of id: PeerID) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The id is one of these.
    func containsInOrder(_ id: PeerID) -> Bool {
        let place = place(of: id)
        return place < count && self[place] == id
    }
}
