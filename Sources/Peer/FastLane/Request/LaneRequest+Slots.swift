internal import Gossip
internal import Routing

extension LaneRequest {
    // MARK: Engines whose number of slots is assumed (`SlotTrial`)

    /// A streamed answer begins: what that says of the engine's slots depends on who else streams.
    func noteSpeech(_ attempt: Attempt, _ head: UpstreamHead) {
        guard let slot, head.status == 200, head.content != .whole, let firstByte else { return }
        attempt.isTrial = laneState.spoke(slot, now: firstByte)
        if front?.isWritable == false { laneState.heldSlot(slot) }
    }

    /// Bytes wait for the client: the engine may be done long before this peer sees it.
    func noteSlowClient() {
        if let slot { laneState.heldSlot(slot) }
    }
}
