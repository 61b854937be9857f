import Backends
import Gossip

extension BackendSpec {
    /// All engines of a command line; `slotsPerModel` holds for the Ollamas that say nothing of their own.
    static func all(ollamaHosts: [String], backends: [String], slotsPerModel: Int?) throws(BackendSpecError) -> [BackendSpec] {
        try all(ollamaHosts: ollamaHosts, backends: backends).map { spec in
            var spec = spec
            if spec.kind == .ollama, spec.slotsPerModel == nil { spec.slotsPerModel = slotsPerModel }
            return spec
        }
    }
}
