import Foundation
import Gossip

/// What `/metrics` says. Every name is described in `Documentation/operations.md`.
struct PeerMetrics {
    /// Prometheus' text form.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    let text: String

    init(facts: PeerFacts, mesh: MeshFigures) {
        let view = facts.view()
        let work = facts.work()
        var page = PrometheusText()
        Self.addProcess(to: &page, facts, work)
        Self.addMembers(to: &page, view, mesh, now: facts.now())
        Self.addLease(to: &page, view, mesh)
        Self.addSealing(to: &page, mesh)
        Self.addRequests(to: &page, work)
        Self.addQueues(to: &page, work, slots: Int(view.me?.hot?.slots ?? 0))
        Self.addMachine(to: &page, view.me)
        Self.addTraces(to: &page, work)
        text = page.text
    }

    /// This program itself.
    private static func addProcess(to page: inout PrometheusText, _ facts: PeerFacts, _ work: WorkFacts) {
        page.add(
            "herd_build_info", .gauge, help: "The program, always 1.", samples: [([("version", facts.version)], 1)])
        page.add(
            "process_start_time_seconds", .gauge, help: "When the process started, Unix time.",
            value: facts.startedAt.timeIntervalSince1970.rounded())
        page.add(
            "process_resident_memory_bytes", .gauge, help: "Memory of the process that is in RAM.",
            value: Double(work.residentBytes))
        page.add(
            "process_cpu_seconds_total", .counter, help: "Processor time of the process, user and system.",
            value: work.processorSeconds)
        page.add(
            "herd_ready", .gauge, help: "1 while this peer can serve, as /health says.", value: facts.obstacles().isEmpty ? 1 : 0)
    }

    /// This machine and its engines, as the others are told.
    private static func addMachine(to page: inout PrometheusText, _ me: MemberView?) {
        page.add(
            "herd_engine_up", .gauge, help: "1 for each of this machine's engines that answers.",
            samples: (me?.models?.backends ?? []).map { engine in
                ([("engine", engine.id), ("kind", engine.kind.rawValue)], engine.reachable ? 1 : 0)
            })
        page.add(
            "herd_models_loaded", .gauge, help: "Models in the memory of this machine's engines.",
            value: Double(me?.models?.loaded.count ?? 0))
        page.add(
            "herd_models_loaded_bytes", .gauge, help: "Memory that these models take, as the engines say.",
            value: Double(me?.models?.loaded.reduce(0) { $0 + $1.sizeBytes } ?? 0))
        page.add(
            "herd_memory_total_bytes", .gauge, help: "Memory of this machine.",
            value: Double(me?.fixed?.memoryTotalMiB ?? 0) * 1_048_576)
        page.add(
            "herd_memory_available_bytes", .gauge, help: "Memory of this machine that new work can have.",
            value: Double(me?.hot?.memoryAvailableMiB ?? 0) * 1_048_576)
        page.add(
            "herd_draining", .gauge, help: "1 while this machine takes no new requests.", value: me?.hot?.draining == true ? 1 : 0
        )
    }
}
