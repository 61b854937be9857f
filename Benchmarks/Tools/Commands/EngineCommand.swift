import ArgumentParser

/// `herd-bench engine`: the stand-in.
struct EngineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine", abstract: "Answers like an Ollama, at once: what relays are measured in front of.",
        discussion: """
            It prints its port and serves until it is ended. A request's body says what the answer is like, in `options`:
            bench_chunks, bench_interval_us (0: as fast as they are taken), bench_delay_us.
            """)

    @Option(help: "Port on 127.0.0.1; 0 takes a free one.")
    var port: UInt16 = 0

    @Option(help: "Requests answered at once; 0 sets no limit, others wait their turn.")
    var slots = 0

    @Option(help: "A model's name; repeatable.")
    var model: [String] = ["bench:latest"]

    func run() throws {
        Socket.raiseFileLimit()
        let listener = try Socket.listen(port: port)
        let engine = try StandInEngine(listener: listener, models: model, slots: max(0, slots))
        Output.say("\(Socket.port(of: listener))")
        try engine.run()
    }
}
