internal import Gossip
public import NIOCore
internal import Routing
internal import Synchronization

extension LaneState {
    /// Why a request cannot be explained.
    public struct Unexplained: Error, Sendable, CustomStringConvertible {
        /// In words.
        public let description: String
    }

    /// Ranks all machines for a request as if it came now, without sending it.
    /// - Parameter body: The request's own body, as the client would send it.
    /// - Parameter path: The route that it would be sent to, such as `/api/chat`.
    /// - Throws: ``Unexplained`` for what is no such request.
    public func explain(_ body: ByteBuffer, path: String) throws(Unexplained) -> Explanation {
        guard let route = LaneRoute(rawValue: path), !route.isManagement else {
            throw Unexplained(description: "'\(path.prefix(64))' is no route that asks a model")
        }
        let scan: BodyScan
        do throws(ScanError) { scan = try BodyScanner.scan(body, route: route) } catch {
            throw Unexplained(description: error.message)
        }
        guard let model = scan.model, !model.isEmpty, model.utf8.count <= 1024 else {
            throw Unexplained(description: "model is required")
        }
        var query = RouteRequest(model: model, kind: route.kind)
        query.prefersOllama = route.dialect == .ollama
        query.fallbackModels = scan.fallbackAllowed == false ? [] : scan.fallbackModels
        query.hasImages = scan.imageCount > 0
        query.hasAudio = scan.audioCount > 0
        query.hasTools = scan.hasTools
        query.estimatedTokens = scan.estimatedTokens
        query.requestedContext = scan.requestedContext
        query.prefix = route.kind == .embed ? nil : scan.prefix
        query.wantsThoughts = scan.places.thinks == true
        query.fillsIn = scan.places.fillsIn
        query.substitution =
            switch scan.fallbackAllowed {
            case true?: .always
            case false?: .never
            case nil: limits.substitution
            }
        query.session = scan.tags.first { $0.hasPrefix("session:") }.map { ModelKey(name: $0).rawValue }
        let now = LaneClock.now
        var plan = plan(query, now: now)
        if route.takesStandIns, !plan.ranking.modelKnown, plan.ranking.candidates.isEmpty, scan.fallbackAllowed != false {
            query.fallbackModels += configuration.standIns.names(for: query, in: plan.view)
            plan = self.plan(query, now: now)
        }
        let marks = contents.withLock(\.busyMarks)
        let busy = plan.ranking.candidates.filter { marks.isMarked($0.peer, model: ModelKey(name: $0.servedModel), now: now) }
        return Explanation(query, path: path, plan: plan, busy: Set(busy.map(\.peer)))
    }
}
