import Synchronization

/// Switches of a running engine; the same ones that `POST /demo/control` sets.
public final class DemoControl: Sendable {
    private struct State {
        var settings: DemoSettings
        var failure: FailurePlan?
        var seen = 0
    }

    private let state: Mutex<State>

    init(_ configuration: DemoEngineConfiguration) {
        let settings = DemoSettings(
            tokenDelay: configuration.tokenDelay, loadTime: configuration.loadTime, slotsPerModel: configuration.slotsPerModel)
        state = Mutex(State(settings: settings, failure: configuration.failure))
    }

    /// Speed and slots.
    public var settings: DemoSettings {
        get { state.withLock { $0.settings } }
        set { state.withLock { $0.settings = newValue } }
    }

    /// The misbehaviour that is planned now; setting it starts its count anew.
    public var failure: FailurePlan? {
        get { state.withLock { $0.failure } }
        set {
            state.withLock { state in
                state.failure = newValue
                state.seen = 0
            }
        }
    }

    /// The fate of one more inference request.
    func nextFailure() -> FailurePlan? {
        state.withLock { state in
            guard let plan = state.failure else { return nil }
            state.seen += 1
            if let next = plan.next {
                if state.seen >= next { state.failure = nil }
                return next > 0 ? plan : nil
            }
            return state.seen % max(plan.every ?? 1, 1) == 0 ? plan : nil
        }
    }
}
