extension ScaleReport {
    /// One table.
    struct Table {
        var title: String
        /// The head of the first column.
        var first: String
        var rows: [Row]
    }

    /// One row: what to measure at each size.
    struct Row {
        /// Which fleet it needs.
        struct Kind: Hashable {
            var variant: Variant
            var lease: Bool
        }

        /// All kinds, in the order of measuring.
        static let kinds = [
            Kind(variant: .herd, lease: false), Kind(variant: .herd, lease: true), Kind(variant: .memberlist, lease: true),
        ]

        var title: String
        var kind: Kind
        var measure: (Int, inout SettledFleets) -> String

        init(
            _ title: String, _ variant: Variant, lease: Bool = true, measure: @escaping (Int, inout SettledFleets) -> String
        ) {
            self.title = title
            kind = Kind(variant: variant, lease: lease)
            self.measure = measure
        }
    }
}
