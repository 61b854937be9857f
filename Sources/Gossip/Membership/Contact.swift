/// One direct sign of life: what its sender says of itself, and where it came from.
struct Contact {
    /// How it came.
    enum Way {
        case datagram(Message)
        /// By TCP.
        case sync
    }

    var generation: UInt32
    var incarnation: UInt32
    /// The sender's own record, where it came along.
    var introduction: MemberRecord?
    /// The source address; nil when a TCP connection does not show where the sender listens.
    var from: Endpoint?
    var way: Way

    /// A datagram.
    init(_ datagram: Datagram, _ introduction: MemberRecord?, _ from: Endpoint) {
        generation = datagram.generation
        incarnation = datagram.incarnation
        self.introduction = introduction
        self.from = from
        way = .datagram(datagram.message)
    }

    /// A push/pull.
    init(_ message: SyncMessage, from: Endpoint?) {
        generation = message.sender.generation
        incarnation = message.sender.incarnation
        introduction = message.sender
        self.from = from
        way = .sync
    }

    /// What becomes of a sender that says goodbye; nil when it does not.
    var farewell: MemberStatus? {
        if case .datagram(.bye(let reason)) = way { return reason == .asleep ? .asleep : .left }
        guard let status = introduction?.status, status == .left || status == .asleep else { return nil }
        return status
    }

    /// It is part of a dial or the answer to one, or came by TCP: no proof that the sender moved to this address.
    func isDial(_ dialling: Dialling) -> Bool {
        switch way {
        case .sync: true
        case .datagram(.ping(_, let target)): target == 0
        case .datagram(.ack(let sequence)): dialling.index(sequence: sequence) != nil
        case .datagram: false
        }
    }
}
