import Gossip

/// A datagram's bytes as they come, and the same bytes as the body behind a right head: what a member's broken program may seal.
final class DatagramSubject: FuzzSubject {
    private var rules = RulesUnderFuzz()

    func feed(_ bytes: [UInt8]) -> String? {
        if let envelope = try? Envelope(decoding: bytes), let complaint = decode(bytes, envelope) { return complaint }
        guard let first = bytes.first else { return nil }
        let sender = RulesUnderFuzz.id(1 + Int(first) % (RulesUnderFuzz.neighbours + 1)).short
        let head = DatagramCodec.encode(
            Datagram(sender: sender, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0, message: .gossip),
            keyID: 0, fleetTag: 0, sequence: 1
        ).prefix(Envelope.byteCount)
        let whole = Array(head) + bytes.dropFirst().prefix(Datagram.maximumBytes - Envelope.byteCount)
        guard let envelope = try? Envelope(decoding: whole) else { return "a right head is not read" }
        return decode(whole, envelope)
    }

    private func decode(_ bytes: [UInt8], _ envelope: Envelope) -> String? {
        guard let datagram = try? DatagramCodec.decode(bytes, envelope: envelope) else { return nil }
        let again = DatagramCodec.encode(
            datagram, keyID: envelope.keyID, fleetTag: envelope.fleetTag, sequence: envelope.sequence)
        guard again.count + Envelope.tagByteCount <= Datagram.maximumBytes else { return "it grew to \(again.count) bytes" }
        guard let head = try? Envelope(decoding: again), let back = try? DatagramCodec.decode(again, envelope: head) else {
            return "what was read cannot be written and read again"
        }
        // Items that did not fit are left out; all others come back as they were.
        guard back.message == datagram.message, back.items.elementsEqual(datagram.items.prefix(back.items.count)) else {
            return "\(datagram) comes back as \(back)"
        }
        let from = RulesUnderFuzz.endpoint(1 + Int(datagram.sender >> 56 & 7))
        return rules.take(.datagram(datagram, from: from)) ?? rules.take(.tunnelled(datagram, from: from))
    }
}
