import FoundationEssentials
import Gossip

/// The payload of the `static` record: the report, and since when its peer has its name, once that matters.
struct StaticPayload: Codable, Hashable {
    var report: StaticReport
    /// Seconds for which the peer had its name when it first met another alive peer of the same name; nil before.
    ///
    /// Both sides compare what both have published, so both decide alike, and no clocks are compared.
    var nameHeldSeconds: Int?

    private enum ExtraKeys: String, CodingKey {
        case nameHeldSeconds
    }

    init(report: StaticReport, nameHeldSeconds: Int? = nil) {
        self.report = report
        self.nameHeldSeconds = nameHeldSeconds
    }

    init(from decoder: any Decoder) throws {
        report = try StaticReport(from: decoder)
        nameHeldSeconds = try decoder.container(keyedBy: ExtraKeys.self).decodeIfPresent(Int.self, forKey: .nameHeldSeconds)
    }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: ExtraKeys.self)
        try container.encodeIfPresent(nameHeldSeconds, forKey: .nameHeldSeconds)
    }
}
