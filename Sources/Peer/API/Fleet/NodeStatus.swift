import Gossip

/// One node of `/fleet/status`, under ollama-herd's keys.
struct NodeStatus: Encodable {
    struct Hardware: Encodable {
        let memory_total_gb: Double
        let cores_physical: Int
        let chip: String
        let memory_bandwidth_gbps: Double?
        let arch: String
    }

    struct CPU: Encodable {
        let cores_physical: Int
        let utilization_pct: Double
    }

    struct Memory: Encodable {
        let total_gb: Double
        let used_gb: Double
        let available_gb: Double
        let pressure: String
    }

    struct GPU: Encodable {
        let name: String
        let total_gb: Double
        let free_gb: Double
        let utilization_pct: Double
    }

    struct Thermal: Encodable {
        let state: String
        let temperature_c: Int?
    }

    struct Engines: Encodable {
        let models_loaded: [Loaded]
        let models_available: [String]
        let models_available_sizes: [String: Double]
        let num_parallel: Int
        let requests_active: Int
        let version: String
    }

    struct Loaded: Encodable {
        let name: String
        let size_gb: Double
        let requests_active: Int
        let parameter_size: String
        let quantization: String
        let context_length: Int?
        let runner: String
        let digest: String
    }

    struct Backend: Encodable {
        let id: String
        let kind: BackendKind
        let version: String
        let reachable: Bool
        let problem: String?
        let slots_per_model: Int
        /// `learnt`, `configured` or `assumed`.
        let slots_source: String?
        /// By model, where it showed that it runs more at once than is assumed.
        let slots_raised: [String: Int]?
    }

    let node_id: String
    let status: String
    let hardware: Hardware
    let cpu: CPU
    let memory: Memory
    let gpus: [GPU]
    let thermal: Thermal
    let ollama: Engines
    let backends: [Backend]
    let models_loaded_count: Int
    let free_slots: Int
    let draining: Bool
    let agent_version: String
    let is_self: Bool

    init(member: MemberView, selfID: PeerID) {
        let fixed = member.fixed ?? StaticReport(name: member.name)
        let hot = member.hot ?? HotReport()
        let models = member.models ?? ModelsReport()
        node_id = member.name
        status = Self.word(member.status)
        is_self = member.id == selfID
        hardware = Hardware(
            memory_total_gb: Self.gigabytes(mebibytes: fixed.memoryTotalMiB), cores_physical: fixed.cores, chip: fixed.chip,
            memory_bandwidth_gbps: fixed.bandwidthGBps, arch: fixed.arch)
        cpu = CPU(cores_physical: fixed.cores, utilization_pct: Double(hot.cpuPercent))
        let available = Int(hot.memoryAvailableMiB)
        memory = Memory(
            total_gb: Self.gigabytes(mebibytes: fixed.memoryTotalMiB),
            used_gb: Self.gigabytes(mebibytes: max(0, fixed.memoryTotalMiB - available)),
            available_gb: Self.gigabytes(mebibytes: available), pressure: Self.word(hot.pressure))
        gpus = hot.gpus.enumerated().map { index, gpu in
            GPU(
                name: fixed.gpuNames.indices.contains(index) ? fixed.gpuNames[index] : "GPU \(index)",
                total_gb: Self.gigabytes(mebibytes: fixed.gpuMemoryMiB.indices.contains(index) ? fixed.gpuMemoryMiB[index] : 0),
                free_gb: Self.gigabytes(mebibytes: Int(gpu.freeMiB)), utilization_pct: Double(gpu.busyPercent))
        }
        thermal = Thermal(state: Self.word(hot.thermal), temperature_c: hot.temperatureCelsius.map(Int.init))
        ollama = Self.engines(models: models, hot: hot)
        backends = models.backends.map {
            Backend(
                id: $0.id, kind: $0.kind, version: $0.version, reachable: $0.reachable, problem: $0.problem,
                slots_per_model: $0.slotsPerModel, slots_source: $0.slotsSource,
                slots_raised: Self.raised(by: $0, models))
        }
        models_loaded_count = models.loaded.count
        free_slots = max(0, Int(hot.slots) - Int(hot.inFlight))
        draining = hot.draining
        agent_version = fixed.version
    }

    /// What an engine showed, by its own names of the models.
    private static func raised(by engine: BackendReport, _ models: ModelsReport) -> [String: Int]? {
        engine.raised.map { raised in
            Dictionary(
                raised.map { shown in
                    let name = models.available.first { ModelKey(name: $0.name) == shown.model }?.name
                    return (name ?? "\(shown.model)", engine.slots(of: shown.model))
                }, uniquingKeysWith: max)
        }
    }

    private static func mostSlots(_ engine: BackendReport) -> Int {
        (engine.raised ?? []).map { engine.slots(of: $0.model) }.reduce(engine.slotsPerModel, max)
    }

    private static func engines(models: ModelsReport, hot: HotReport) -> Engines {
        let reachable = Set(models.backends.filter(\.reachable).map(\.id))
        let available = models.available.filter { reachable.contains($0.backend) }
        return Engines(
            models_loaded: models.loaded.map { loaded in
                let known = available.first { $0.name == loaded.name && $0.backend == loaded.backend }
                let key = ModelKey(name: loaded.name)
                return Loaded(
                    name: loaded.name, size_gb: Self.gigabytes(bytes: loaded.sizeBytes),
                    requests_active: Int(hot.loaded.first { $0.key == key }?.inFlight ?? 0),
                    parameter_size: known?.parameterSize ?? "", quantization: known?.quantization ?? "",
                    context_length: loaded.contextLength, runner: loaded.backend, digest: loaded.digest)
            },
            models_available: available.map(\.name),
            models_available_sizes: Dictionary(
                available.map { ($0.name, Self.gigabytes(bytes: $0.sizeBytes)) }, uniquingKeysWith: { first, _ in first }),
            num_parallel: models.backends.first { $0.kind.speaksOllama }.map(mostSlots) ?? 1,
            requests_active: Int(hot.inFlight),
            version: models.backends.first { $0.kind.speaksOllama }?.version ?? "")
    }

    /// ollama-herd's three words.
    static func word(_ status: MemberStatus) -> String {
        switch status {
        case .alive: "online"
        case .suspect: "degraded"
        case .unreachable, .left, .asleep: "offline"
        }
    }

    private static func word(_ pressure: MemoryPressure) -> String {
        switch pressure {
        case .normal: "normal"
        case .warn: "warn"
        case .critical: "critical"
        }
    }

    private static func word(_ level: ThermalLevel) -> String {
        switch level {
        case .unknown: "unknown"
        case .nominal: "nominal"
        case .warning: "warning"
        case .critical: "critical"
        }
    }

    private static func gigabytes(mebibytes: Int) -> Double { (Double(mebibytes) / 1024 * 100).rounded() / 100 }
    private static func gigabytes(bytes: Int64) -> Double { (Double(bytes) / 1_000_000_000 * 100).rounded() / 100 }
}
