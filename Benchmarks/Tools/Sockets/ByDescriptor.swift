/// Things by their socket's descriptor: the kernel gives small numbers, so an array is the quickest table.
struct ByDescriptor<Element> {
    private var slots: ContiguousArray<Element?> = []

    /// Descriptors in use, in order.
    var descriptors: [Int32] { slots.indices.filter { slots[$0] != nil }.map(Int32.init) }

    subscript(descriptor: Int32) -> Element? {
        get { slots.indices.contains(Int(descriptor)) ? slots[Int(descriptor)] : nil }
        set {
            guard descriptor >= 0 else { return }
            while slots.count <= Int(descriptor) { slots.append(nil) }
            slots[Int(descriptor)] = newValue
        }
    }
}
