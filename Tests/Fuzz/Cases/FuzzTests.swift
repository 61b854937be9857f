import FuzzTargets
import Testing

/// The kept corpus and a few thousand seeded mutations of it. `make fuzz` runs minutes of it, guided by coverage.
@Suite("Fuzz", .serialized)
struct FuzzTests {
    @Test("The rules behind the wire and a push/pull", arguments: [FuzzTarget.datagram, .sync])
    func rules(target: FuzzTarget) async throws { try await feed(target, mutations: 20_000) }

    @Test("The mesh port, open and closed", arguments: [FuzzTarget.http, .tls])
    func port(target: FuzzTarget) async throws { try await feed(target, mutations: 1_000) }

    private func feed(_ target: FuzzTarget, mutations: Int) async throws {
        let subject = try await target.makeSubject()
        let corpus = Corpus.load(target)
        #expect(corpus.count >= 3, "the corpus of \(target.rawValue) is missing")
        var mutator = Mutator(seed: 42, corpus: corpus)
        for number in 0..<corpus.count + mutations {
            let input = number < corpus.count ? corpus[number] : mutator.next()
            if let complaint = subject.feed(input) {
                Issue.record("\(target.rawValue), input \(number): \(complaint)")
                return
            }
        }
    }
}
