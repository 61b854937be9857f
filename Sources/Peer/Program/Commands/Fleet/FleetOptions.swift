import ArgumentParser
import Foundation

/// The flags of commands about the keys of this machine's peer.
struct FleetOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The peer's folder, as for `serve`; default ~/.fleet-manager.", valueName: "folder"))
    var dataDir: String?

    @Option(help: ArgumentHelp("The peer's client port, as for `serve`; default 11435.", valueName: "number"))
    var port: String?

    @Flag(help: "Print JSON for programs.")
    var json = false

    /// Where the peer is, by flags, environment and file as for `serve`; ends the program with words when they cannot be used.
    func settings() throws -> PeerConfiguration {
        var given: [Setting: [String]] = [:]
        if let dataDir { given[.dataDirectory] = [dataDir] }
        if let port { given[.port] = [port] }
        do {
            return try ServeOptions.configuration(given)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(78)
        }
    }

    /// Does something with the keys on disk; a problem ends the program with words and status 1.
    func withStore<T>(_ body: (KeyStore, PeerConfiguration) throws(FleetProblem) -> T) throws -> T {
        let settings = try settings()
        do throws(FleetProblem) {
            return try body(KeyStore(dataDirectory: settings.dataDirectory), settings)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }

    /// Prints a value as one line of JSON.
    static func print(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        Terminal.say(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
