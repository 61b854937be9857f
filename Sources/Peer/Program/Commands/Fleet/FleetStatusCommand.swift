import ArgumentParser
import Foundation
import Mesh

/// `herd-peer fleet status`: how the fleet is sealed.
struct FleetStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows whether the fleet is open or closed, its keys, who has which, and what was refused.",
        discussion: """
            Asks the peer that runs on this machine; without one it tells what is on disk.

            Examples:
              herd-peer fleet status
              herd-peer fleet status --json
            """)

    @OptionGroup var options: FleetOptions

    func run() async throws {
        let settings = try options.settings()
        guard let data = await LocalPeer(settings).statusBytes() else { return try showDisk() }
        let reply = try JSONDecoder().decode(FleetReply.self, from: data)
        guard options.json else {
            return Terminal.say(FleetReport(mesh: reply.mesh, warnings: reply.warnings).text)
        }
        guard let whole = try JSONSerialization.jsonObject(with: data) as? [String: Any], let mesh = whole["mesh"] else {
            throw ValidationError("the peer's answer has no mesh in it")
        }
        let text = try JSONSerialization.data(withJSONObject: mesh, options: [.sortedKeys, .withoutEscapingSlashes])
        Terminal.say(String(decoding: text, as: UTF8.self))
    }

    /// No peer answers: the ring alone.
    private func showDisk() throws {
        let ring = try options.withStore { store, _ throws(FleetProblem) in try store.load() }
        let name = try ring?.fleetName ?? options.settings().fleetName
        let now = Int64(Date().timeIntervalSince1970)
        let keys = (ring?.keys ?? []).map { Key(id: $0.id, stage: $0.stage.rawValue, age_s: now - $0.createdSeconds) }
        if options.json {
            return try FleetOptions.print(Result(fleet: name, open_fleet: ring == nil, keys: keys, running: false))
        }
        Terminal.complain("No peer runs on this machine; this is what is on disk.")
        guard ring != nil else { return Terminal.say("Fleet '\(name)' is open: this machine has no keys.") }
        var table = Table(["KEY", "STAGE", "AGE"])
        for key in keys { table.add([String(key.id), key.stage, FleetReport.age(seconds: key.age_s)]) }
        Terminal.say("Fleet '\(name)' is closed.\n\n" + table.text)
    }

    private struct Key: Encodable {
        let id: UInt16
        let stage: String
        let age_s: Int64
    }

    private struct Result: Encodable {
        let fleet: String
        let open_fleet: Bool
        let keys: [Key]
        let running: Bool
    }
}
