import ArgumentParser
import Foundation

/// `herd-peer health`: what is wrong with the fleet, and what to do.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Shows what is wrong with the fleet and what to do about it.",
        discussion: """
            Ends with 0 when all is well, 1 with warnings, 2 with something critical, 3 when no peer could be asked: what monitoring
            systems expect of a check.

            Examples:
              herd-peer health
              herd-peer health --json | jq '.recommendations[] | .check_id'
              herd-peer health > /dev/null || mail -s "the fleet" me@example.org
            """)

    @OptionGroup var peer: PeerOptions

    func run() async throws {
        let data: Data
        let reply: HealthReply
        do {
            data = try await peer.look("/dashboard/api/health?refresh=1")
            reply = try JSONDecoder().decode(HealthReply.self, from: data)
        } catch {
            let words = (error as? PeerProblem)?.words
            Terminal.complain(words ?? "\(peer.base) tells no health: is it a herd-peer of this version?")
            throw ExitCode(3)
        }
        Terminal.say(peer.json ? String(decoding: data, as: UTF8.self) : HealthText(reply: reply, screen: .current).whole)
        if reply.exitStatus != 0 { throw ExitCode(reply.exitStatus) }
    }
}
