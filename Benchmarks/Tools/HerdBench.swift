import ArgumentParser

/// The tools of `make bench`: an engine's stand-in and a load generator. `Benchmarks/run` puts them to use.
@main
struct HerdBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "herd-bench", abstract: "Measures a relay: an engine's stand-in and a closed-loop load generator.",
        subcommands: [EngineCommand.self, LoadCommand.self, HoldCommand.self, BurstCommand.self])
}
