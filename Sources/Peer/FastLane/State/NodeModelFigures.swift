/// The figures of one machine and model. Changed and read only under the lane's lock, so that an attempt can keep hold of it.
final class NodeModelFigures: @unchecked Sendable {
    private let node: String
    private let model: String
    var pending = 0
    var inFlight = 0
    var completed = 0
    var failed = 0

    init(node: String, model: String) {
        self.node = node
        self.model = model
    }

    /// For those who ask.
    var shown: LaneCounters.NodeModel {
        var shown = LaneCounters.NodeModel(node: node, model: model)
        shown.pending = pending
        shown.inFlight = inFlight
        shown.completed = completed
        shown.failed = failed
        return shown
    }
}
