import ArgumentParser

/// The program: one binary on every machine.
@main
struct HerdPeer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "herd-peer",
        abstract: "Turns the machines that run local models into one fleet, without a server.",
        discussion: """
            Run `herd-peer serve` on every machine. Peers find each other over mDNS; where that cannot work, name one with
            --router-url. Point any Ollama or OpenAI client at any peer, port 11435.

            Examples:
              herd-peer serve                                   join or start the fleet of this network
              herd-peer serve --backend llamacpp=http://127.0.0.1:8080
              herd-peer serve --no-mdns --router-url http://10.0.0.7:11435
              herd-peer status                                  the fleet as this machine's peer sees it
              herd-peer status --watch                          the same, all the time
              herd-peer pull llama3.2 --node attic              a machine fetches a model
              herd-peer explain llama3.2                        where a request would go now, and why
              herd-peer health                                  what is wrong, and what to do
              herd-peer fleet init                              close the fleet with a key; then token and join
              herd-peer keys add laptop                         from now on clients need a key
              herd-peer doctor                                  why something does not work
              herd-peer demo                                    three peers on this machine, to look at
            """,
        version: Version.text,
        subcommands: [
            ServeCommand.self, StatusCommand.self, PeersCommand.self, TracesCommand.self, ExplainCommand.self,
            HealthCommand.self, ModelsCommand.self, PullCommand.self, DeleteCommand.self, BackupCommand.self,
            SettingsCommand.self, FleetCommand.self, DrainCommand.self, UndrainCommand.self,
            KeysCommand.self, DoctorCommand.self, DemoCommand.self, DemoEngineCommand.self,
        ])
}
