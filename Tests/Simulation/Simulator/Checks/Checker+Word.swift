public import Gossip

extension Checker {
    /// A router's own word that its peers are free of one epoch, and of no later one.
    public struct Word: Sendable {
        /// The router, as datagrams name it.
        public var router: UInt64
        /// The epoch that it gives back.
        public var epoch: UInt64

        /// The word in an event; nil if there is none.
        public init?(_ event: HerdEvent) {
            let datagram: Datagram
            switch event {
            case .datagram(let came, _): datagram = came
            case .tunnelled(let came, _): datagram = came
            default: return nil
            }
            switch datagram.message {
            case .lease(.release(let epoch)): self.epoch = epoch
            case .lease(.handOver(let epoch, _)): self.epoch = epoch
            default: return nil
            }
            router = datagram.sender
        }
    }
}
