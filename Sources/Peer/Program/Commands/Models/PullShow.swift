import ArgumentParser
import Foundation
import Outbound

/// Runs a pull and shows it.
struct PullShow: Sendable {
    let peer: PeerOptions
    let model: String
    let node: String?

    private struct Order: Encodable {
        let model: String
        let node_id: String?
        let stream = true
    }

    /// Ends the program with words and status 1 when the model did not come.
    func run() async throws {
        let client = OutboundClient()
        defer { client.close() }
        let body = try JSONEncoder().encode(Order(model: model, node_id: node))
        let request = OutboundRequest(
            "POST", url: peer.base + "/api/pull", headers: [("Content-Type", "application/json")], body: Array(body))
        do throws(PeerProblem) {
            let answer = try await peer.stream(request, with: client)
            guard answer.head.status == 200 else {
                throw peer.problem("/api/pull", OutboundResponse(head: answer.head, body: try await Self.whole(answer.body)))
            }
            let place = Terminal.plain(answer.head.header("X-Fleet-Node") ?? node ?? "The machine")
            try await show(answer.body, place)
            if !peer.json { Terminal.say("\(place) has \(Terminal.plain(model)).") }
        } catch {
            // Ctrl-C has words of its own.
            try Task.checkCancellation()
            Terminal.complain(error.words)
            throw ExitCode.failure
        }
    }

    private func show(_ body: OutboundBody, _ place: String) async throws(PeerProblem) {
        let draws = Screen.current.isTerminal && !peer.json
        if draws { Terminal.draw("\u{1B}[?25l") }
        defer { if draws { Terminal.draw("\r\u{1B}[K\u{1B}[?25h") } }
        if !peer.json { Terminal.say("Pulling \(Terminal.plain(model)) to \(place)") }
        var progress = PullProgress()
        var splitter = LineSplitter()
        func take(_ line: [UInt8]) {
            progress.read(line, now: ProcessInfo.processInfo.systemUptime)
            if peer.json {
                Terminal.say(Terminal.plain(String(decoding: line, as: UTF8.self)))
            } else if draws {
                // One column stays free: some terminals break the line behind the last.
                Terminal.draw("\r" + progress.bar(width: max(10, (Screen.current.width ?? 80) - 1)) + "\u{1B}[K")
            } else if progress.isNews {
                Terminal.say(progress.plainLine)
            }
        }
        do throws(OutboundError) {
            for try await chunk in body { for line in splitter.take(chunk) { take(line) } }
        } catch {
            throw PeerProblem(words: "The pull broke off: \(error). The next one goes on from what came so far.")
        }
        if let rest = splitter.remainder { take(rest) }
        if let error = progress.error { throw PeerProblem(words: "\(place) could not pull \(Terminal.plain(model)): \(error)") }
        guard progress.isDone else {
            throw PeerProblem(words: "The pull ended early, at '\(progress.status)'. The next one goes on from what came so far.")
        }
    }

    /// What a refusal says; a peer's are short.
    private static func whole(_ body: OutboundBody) async throws(PeerProblem) -> [UInt8] {
        var bytes: [UInt8] = []
        do throws(OutboundError) {
            for try await chunk in body {
                bytes += chunk
                if bytes.count > 64 << 10 { break }
            }
        } catch {
            throw PeerProblem(words: "The peer's answer broke off: \(error)")
        }
        return bytes
    }
}
