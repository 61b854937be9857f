import API
import ArgumentParser
import Foundation

/// Shows traces as they come, of all peers.
struct TraceFollow: Sendable {
    let peer: PeerOptions
    /// `&model=…`
    let filter: String
    /// Those that are shown before the first new one.
    let limit: Int

    static let pause = Duration.seconds(1)
    static let pageSize = 200
    /// Pages that are read at most while each brings something new.
    static let mostPages = 20
    /// Every so many rounds some pages are read in any case: requests that took long stand far down.
    static let deepEvery = 10
    static let deepPages = 5
    /// What the clocks of two machines may differ, seconds.
    static let clockSlack = 60.0

    /// Runs until a signal comes. Words end the program when the peer cannot be asked the first time; later it is asked again.
    func run() async throws {
        let first: [[TraceBody.Trace]]
        do throws(PeerProblem) { first = try await pages(least: Self.deepPages, most: Self.deepPages) { _ in true } } catch {
            Terminal.complain(error.words)
            throw ExitCode.failure
        }
        _ = try await StopSignal.isStopped { try await follow(first.flatMap(\.self)) }
    }

    private func follow(_ first: [TraceBody.Trace]) async throws {
        var follower = TraceFollower(start: Date().timeIntervalSince1970 - Self.clockSlack)
        follower.skip(first)
        var printer = TracePrinter(isJSON: peer.json)
        printer.show(Array(first.prefix(limit).reversed()))
        var round = 0
        var wasLost = false
        while !Task.isCancelled {
            try await Task.sleep(for: Self.pause)
            round += 1
            var fresh: [TraceBody.Trace] = []
            do throws(PeerProblem) {
                _ = try await pages(
                    least: round % Self.deepEvery == 0 ? Self.deepPages : 1, most: Self.mostPages
                ) { page in
                    let new = follower.fresh(page)
                    fresh = new + fresh
                    return new.count == page.count
                }
                wasLost = false
            } catch {
                if !wasLost { Terminal.complain(error.words + " Asking again.") }
                wasLost = true
            }
            // Also what came before a page that did not: it counts as shown.
            printer.show(fresh)
        }
    }

    /// Reads at least `least` pages, and more as long as `goesOn` wants them.
    private func pages(
        least: Int, most: Int, goesOn: ([TraceBody.Trace]) -> Bool
    ) async throws(PeerProblem) -> [[TraceBody.Trace]] {
        var pages: [[TraceBody.Trace]] = []
        var cursor: String?
        repeat {
            let place = cursor.map { "&cursor=\(TraceFilterOptions.escaped($0))" } ?? ""
            let page = try await peer.traces("limit=\(Self.pageSize)\(filter)\(place)")
            pages.append(page.traces)
            let isWanted = goesOn(page.traces)
            cursor = pages.count < least || (isWanted && pages.count < most) ? page.next : nil
        } while cursor != nil
        return pages
    }
}

/// What the commands read of `GET /dashboard/api/traces`.
struct TracePage: Decodable {
    let traces: [TraceBody.Trace]
    let next: String?
}

extension PeerOptions {
    /// A page of traces.
    /// - Parameter query: behind `?` in the URL.
    func traces(_ query: String) async throws(PeerProblem) -> TracePage {
        let data = try await look("/dashboard/api/traces?" + query)
        guard let page = try? JSONDecoder().decode(TracePage.self, from: data) else {
            throw PeerProblem(words: "\(base) tells no traces: is it a herd-peer of this version?")
        }
        return page
    }
}
