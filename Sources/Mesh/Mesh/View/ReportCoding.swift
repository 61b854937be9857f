import FoundationEssentials
import Gossip

/// Cold records as JSON. Keys are sorted, so equal reports give equal bytes.
enum ReportCoding {
    static func encode(_ report: some Encodable) -> [UInt8]? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(report)).map(Array.init)
    }

    static func decode<T: Decodable>(_ type: T.Type, _ payload: [UInt8]) -> T? {
        try? JSONDecoder().decode(type, from: Data(payload))
    }
}
