extension Endpoint {
    /// This address as it must be read here when `teller` named it.
    ///
    /// A loopback address told from another machine means a peer on the teller's machine; a link-local one is on the teller's link.
    func localized(toldBy teller: Endpoint?) -> Endpoint {
        guard let teller else { return self }
        if address.isLoopback, !teller.address.isLoopback { return Endpoint(teller.address, port: port) }
        if case .v6(let high, let low, 0) = address, address.isLinkLocal, case .v6(_, _, let scope) = teller.address {
            return Endpoint(.v6(high: high, low: low, scope: scope), port: port)
        }
        return self
    }

    /// Datagrams can be sent to it.
    var isUsable: Bool { port != 0 && !address.isUnspecified }
}
