internal import NIOCore

extension LaneRequest {
    /// Hands the body to somebody who looks for a fault. At the client's peer alone: the machine that runs it would keep it twice.
    func show(to capture: any RequestCapture) {
        guard !isTarget else { return }
        let path = head.target.prefix { $0 != "?" }.prefix(256)
        capture.take(CapturedRequest(id: id, path: String(path), clientIP: clientIP, timestamp: arrivedWall, body: body))
    }
}
