internal import Synchronization

extension LaneState {
    /// How models are fetched that no machine has; nil to answer that they are unknown.
    public func setAutoPull(_ autoPull: AutoPull?) { handlers.withLock { $0.autoPull = autoPull } }

    /// Who is asked before a request makes a machine load a model; nil for nobody.
    public func setLoadClaims(_ claims: LoadClaims?) { handlers.withLock { $0.loadClaims = claims } }

    var loadClaims: LoadClaims? { handlers.withLock { $0.loadClaims } }

    /// Who asks for several opinions; nil for nobody.
    public func setEnsemble(_ ensemble: Ensemble?) { handlers.withLock { $0.ensemble = ensemble } }

    var ensemble: Ensemble? { handlers.withLock { $0.ensemble } }

    /// Takes a place among the requests that wait for opinions.
    func joinEnsembles(limit: Int) -> Bool {
        contents.withLock { contents in
            guard contents.ensembles < limit else { return false }
            contents.ensembles += 1
            return true
        }
    }

    func leaveEnsembles() { contents.withLock { $0.ensembles -= 1 } }

    var autoPull: AutoPull? { handlers.withLock { $0.autoPull } }

    /// One more request waits for a model; false when too many do.
    func joinFetches(limit: Int) -> Bool {
        contents.withLock { contents in
            guard contents.fetching < limit else { return false }
            contents.fetching += 1
            return true
        }
    }

    func leaveFetches() { contents.withLock { $0.fetching -= 1 } }

    /// How many requests wait for models that are fetched for them.
    public var fetchingCount: Int { contents.withLock { $0.fetching } }
}
