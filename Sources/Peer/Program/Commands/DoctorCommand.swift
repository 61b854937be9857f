import ArgumentParser
import Backends
import Discovery
import Foundation
import Outbound

/// `herd-peer doctor`: says in plain words why something does not work.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Looks at ports, mDNS, engines and files of this machine and says what to do.",
        discussion: """
            Takes the flags of 'serve', so that it looks at what that would use. Exits with 1 when something is broken.

            Examples:
              herd-peer doctor
              herd-peer doctor --backend llamacpp=http://127.0.0.1:8080 --json
            """)

    @OptionGroup var options: ServeOptions

    @Flag(help: "Print JSON for programs.")
    var json = false

    func run() async throws {
        let settings: PeerConfiguration
        do {
            settings = try options.configuration()
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(78)
        }
        let findings = await Diagnosis(settings: settings).findings()
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            Terminal.say(String(decoding: try encoder.encode(["findings": findings]), as: UTF8.self))
        } else {
            for finding in findings {
                Terminal.say("\(finding.mark) \(finding.part): \(finding.text)")
                if !finding.advice.isEmpty { Terminal.say("    \(finding.advice)") }
            }
        }
        if findings.contains(where: { $0.level == .problem }) { throw ExitCode.failure }
    }
}
