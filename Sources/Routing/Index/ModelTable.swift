/// All offers of one model, machine by machine.
struct ModelTable: Sendable {
    /// The offers of one machine stand together, the preferred first.
    private(set) var offers: [Offer] = []
    /// The names of `offers`.
    private(set) var names: [Offer.Names] = []
    private var ranges: [Range<Int>]

    /// An empty table for so many machines.
    init(machines: Int) {
        ranges = Array(repeating: 0..<0, count: machines)
    }

    /// Adds an offer. Machines come in order, so each one's offers stay together. Equal offers go by engine, then by name.
    mutating func add(_ offer: Offer, _ name: Offer.Names, of machine: Int) {
        let range = ranges[machine].isEmpty ? offers.count..<offers.count : ranges[machine]
        let place = range.first { other in
            offer.isPreferred(to: offers[other]) ?? ((name.backend, name.model) < (names[other].backend, names[other].model))
        }
        offers.insert(offer, at: place ?? range.upperBound)
        names.insert(name, at: place ?? range.upperBound)
        ranges[machine] = range.lowerBound..<(range.upperBound + 1)
    }

    /// The places of a machine's offers.
    func offers(of machine: Int) -> Range<Int> { ranges[machine] }
}
