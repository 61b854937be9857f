import Access
import Backends
import FastLane
import Foundation
import Gossip
import Logging
import Machine
import Mesh
import Outbound
import Store

/// The parts of one running peer, made but not started.
struct PeerParts: Sendable {
    let configuration: PeerConfiguration
    let startedAt: Date
    let logger: Logger
    let client: OutboundClient
    let shard: Shard
    let traces: TraceRecorder
    let machine: MachineReader
    let backends: BackendsService
    let mesh: MeshService
    let lane: LaneState
    /// What commands on this machine show to change keys.
    let adminToken: String
    let settings: FleetSettings
    let routers = RouterTerms()
    /// Who may come in at the client port.
    let gate: AccessGate
    /// What has to be watched to be known.
    let watch: HealthWatch
    /// Keeps what clients send, where it is switched on.
    let capture: CaptureWriter
    /// Learns when this machine's owner needs it; nil unless he wants that.
    let capacity: CapacityKeeper?

    /// This node's name as the fleet knows it: with a suffix where another node had the name first.
    var nodeName: String { mesh.currentView.me?.name ?? configuration.nodeID }
}
