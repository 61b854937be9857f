import API
import FastLane
import Outbound

extension PeerParts {
    /// Several opinions, asked for through this peer's own client port as the client itself would.
    ///
    /// - Parameter port: the port that is really open; nil before that.
    func serveEnsembles(port: @escaping @Sendable () -> Int?) {
        lane.setEnsemble(
            Ensemble { [self] question in
                guard let bodies = EnsembleBodies(question.body, model: question.model) else {
                    return .failed(400, "several opinions need `messages` with something that a user says in text")
                }
                let answers = await ask(Array(repeating: bodies.opinion, count: EnsembleBodies.opinions), question, port())
                let texts = answers.compactMap(\.text)
                guard !texts.isEmpty else {
                    let status = answers.compactMap(\.status).first { $0 != 200 } ?? 502
                    return .failed(status == 200 ? 502 : status, "none of \(answers.count) opinions was given")
                }
                let critiques = await ask(
                    texts.enumerated().map { bodies.critique(of: $1, number: $0 + 1) }, question, port())
                return .judge(bodies.judge(zip(texts, critiques).map { (answer: $0, critique: $1.text) }))
            })
    }

    private struct Opinion: Sendable {
        var text: String?
        var status: Int?
    }

    /// All at once, in the order of the questions.
    private func ask(_ bodies: [[UInt8]], _ question: Ensemble.Question, _ port: Int?) async -> [Opinion] {
        await withTaskGroup(of: (Int, Opinion).self) { group in
            for (place, body) in bodies.enumerated() {
                group.addTask { (place, await opinion(body, question, port)) }
            }
            var all = Array(repeating: Opinion(), count: bodies.count)
            for await (place, opinion) in group { all[place] = opinion }
            return all
        }
    }

    private func opinion(_ body: [UInt8], _ question: Ensemble.Question, _ port: Int?) async -> Opinion {
        guard let port, !body.isEmpty else { return Opinion() }
        let host = configuration.host.contains(":") ? "[::1]" : "127.0.0.1"
        var request = OutboundRequest(
            "POST", url: "http://\(host):\(port)\(question.target)",
            headers: [("Content-Type", "application/json"), ("X-Herd-Tags", "ensemble")] + question.credentials, body: body)
        request.timeout = .seconds(600)
        guard let answer = try? await client.send(request) else { return Opinion() }
        return Opinion(text: answer.status == 200 ? EnsembleBodies.text(of: Array(answer.body)) : nil, status: answer.status)
    }
}
