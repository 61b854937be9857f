import ArgumentParser

/// `herd-bench burst`: one request per client, all at once.
struct BurstCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "burst", abstract: "Sends one request per connection at the same time; plan and figures as with `load`.")

    func run() throws {
        Socket.raiseFileLimit()
        try Output.json(BurstRun(plan: Output.plan()).run())
    }
}
