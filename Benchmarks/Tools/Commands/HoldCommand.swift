import ArgumentParser

/// `herd-bench hold`: many open streams, and the relay's memory.
struct HoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Opens streams and holds them; plan and figures as with `load`.")

    func run() throws {
        Socket.raiseFileLimit()
        try Output.json(HoldRun(plan: Output.plan()).run())
    }
}
