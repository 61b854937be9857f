extension Herd {
    /// The election and lease of this peer, to be read: for checkers and diagnostics.
    public var leaseRules: LeaseRules { lease }
}
