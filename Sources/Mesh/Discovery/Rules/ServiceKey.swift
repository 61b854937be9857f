/// One service instance on one interface and one IP protocol: the unit in which Avahi reports.
struct ServiceKey: Hashable {
    let interface: Int32
    let ipProtocol: Int32
    let name: String
    let type: String
    let domain: String
}
