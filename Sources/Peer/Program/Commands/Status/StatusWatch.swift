import ArgumentParser
import Foundation

/// Shows the fleet's state again and again, until somebody has seen enough.
struct StatusWatch: Sendable {
    let peer: PeerOptions

    static let pause = Duration.seconds(2)

    private static let begin = "\u{1B}[?1049h\u{1B}[?25l"
    private static let end = "\u{1B}[?25h\u{1B}[?1049l"

    /// Runs until a signal comes. Words end the program when the peer cannot be asked the first time; later it is asked again.
    func run() async throws {
        _ = try await peer.fetch("/fleet/status")
        let draws = Screen.current.isTerminal && !peer.json
        defer { if draws { Terminal.draw(Self.end) } }
        _ = try await StopSignal.isStopped {
            // On a page of its own, so that what stood there before is back at the end.
            if draws { Terminal.draw(Self.begin) }
            while !Task.isCancelled {
                let picture = await picture()
                if draws { Terminal.draw(Self.frame(picture, .current)) } else { Terminal.say(picture) }
                try await Task.sleep(for: Self.pause)
            }
        }
    }

    /// One state of the fleet.
    private func picture() async -> String {
        do throws(PeerProblem) {
            let data = try await peer.look("/fleet/status")
            guard !peer.json else { return Terminal.plain(String(decoding: data, as: UTF8.self)) }
            return "\(WallTime.clock())  \(Terminal.plain(peer.base))\n" + (await snapshot(data))
                + (Screen.current.isTerminal ? "" : "\n")
        } catch {
            // The line of a program that reads JSON stays JSON.
            return peer.json ? Self.problem(error) : "\(WallTime.clock())  \(error.words)"
        }
    }

    private func snapshot(_ data: Data) async -> String {
        guard let tables = try? FleetTables(data, screen: .current) else { return "\(peer.base) does not answer as a herd-peer." }
        let answer: Data
        do throws(PeerProblem) { answer = try await peer.look("/dashboard/api/health") } catch {
            return tables.snapshot(health: nil, trouble: error.words)
        }
        return tables.snapshot(health: try? JSONDecoder().decode(HealthReply.self, from: answer), trouble: nil)
    }

    private static func problem(_ problem: PeerProblem) -> String {
        (try? JSONEncoder().encode(["error": problem.words])).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// What draws a picture over the last one without flicker: each line is cleared behind its text, and what is left below. What
    /// does not fit is named, because a line too many would scroll.
    static func frame(_ picture: String, _ screen: Screen) -> String {
        var lines = picture.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if let height = screen.height, lines.count > height {
            let room = max(0, height - 1)
            let hidden = lines.count - room
            lines = Array(lines.prefix(room)) + [screen.cut("… \(hidden) more lines: herd-peer status, herd-peer health")]
        }
        return "\u{1B}[H" + lines.joined(separator: "\u{1B}[K\n") + "\u{1B}[K\u{1B}[J"
    }
}
