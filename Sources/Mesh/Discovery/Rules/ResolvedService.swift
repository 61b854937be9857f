/// The answer to one resolve, copied out of Avahi and not yet trusted.
struct ResolvedService: Equatable {
    let hostName: String
    let address: NumericAddress
    /// The port of the SRV record.
    let port: UInt16
    let text: TextRecord
}
