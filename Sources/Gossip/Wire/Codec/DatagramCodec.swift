/// Turns datagrams into bytes and back (mesh protocol §5.1). The authentication tag behind the body is the shell's affair.
public enum DatagramCodec {
    /// Bytes of the body before the message's fields.
    static let headerByteCount = 12

    /// The bytes that items may take beside `message` in one datagram.
    public static func itemBudget(beside message: Message) -> Int {
        Datagram.maximumBytes - Envelope.byteCount - Envelope.tagByteCount - headerByteCount - message.encodedSize
    }

    /// The envelope and body of `datagram`, without the tag: at most `Datagram.maximumBytes` less 16 bytes.
    ///
    /// Items that do not fit are left out from the first such item on; the rules never make such a datagram.
    public static func encode(_ datagram: Datagram, keyID: UInt16, fleetTag: UInt32, sequence: UInt64, kind: UInt8 = 1) -> [UInt8]
    {
        var writer = ByteWriter()
        writer.bytes.reserveCapacity(256)
        Envelope(
            version: datagram.version, kind: kind, keyID: keyID, fleetTag: fleetTag, sender: datagram.sender,
            generation: datagram.generation, sequence: sequence
        ).encode(into: &writer)
        writer.put(datagram.incarnation)
        writer.put(datagram.hotCounter)
        writer.put(datagram.localHealth)
        datagram.message.encode(into: &writer)
        var budget = itemBudget(beside: datagram.message)
        for item in datagram.items {
            budget -= item.encodedSize
            guard budget >= 0 else { break }
            item.encode(into: &writer)
        }
        return writer.bytes
    }

    /// Reads the body of `bytes` behind `envelope`, up to `end`: where the tag begins, or the end of the bytes.
    ///
    /// Items of unknown kind and the tails of longer ones are skipped. Throws on anything cut off or impossible; never crashes.
    public static func decode(_ bytes: [UInt8], until end: Int? = nil, envelope: Envelope) throws(WireError) -> Datagram {
        var reader = ByteReader(bytes, from: Envelope.byteCount, until: end ?? bytes.count)
        let incarnation: UInt32 = try reader.take()
        let hotCounter: UInt32 = try reader.take()
        let localHealth: UInt8 = try reader.take()
        let type: UInt8 = try reader.take()
        var fields = try reader.part(Int(try reader.take(UInt16.self)))
        let message = try Message(type: type, decoding: &fields)
        var items: [Item] = []
        while reader.remaining > 0 {
            let kind: UInt8 = try reader.take()
            var payload = try reader.part(Int(try reader.take(UInt16.self)))
            if let item = try Item(kind: kind, decoding: &payload) { items.append(item) }
        }
        return Datagram(
            version: envelope.version, sender: envelope.sender, generation: envelope.generation, incarnation: incarnation,
            hotCounter: hotCounter,
            localHealth: min(localHealth, 7), message: message, items: items)
    }
}
