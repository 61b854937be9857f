extension HotReport {
    /// At most this many GPUs travel.
    public static let mostGPUs = 4
    /// At most this many models travel.
    public static let mostModels = 6
    /// Bytes of the largest report.
    static let largestEncodedSize = 18 + mostGPUs * 5 + mostModels * 16

    /// Its bytes on the wire.
    var encodedSize: Int { 18 + min(gpus.count, Self.mostGPUs) * 5 + min(loaded.count, Self.mostModels) * 16 }

    /// This report as others will read it: only the first GPUs and models.
    func trimmed() -> HotReport {
        guard gpus.count > Self.mostGPUs || loaded.count > Self.mostModels else { return self }
        var copy = self
        copy.gpus = Array(gpus.prefix(Self.mostGPUs))
        copy.loaded = Array(loaded.prefix(Self.mostModels))
        return copy
    }

    /// Appends the report.
    func encode(into writer: inout ByteWriter) {
        writer.put(inFlight)
        writer.put(queued)
        writer.put(slots)
        writer.put(cpuPercent)
        writer.put(memoryAvailableMiB)
        writer.put(pressure.rawValue)
        writer.put(thermal.rawValue)
        let flags =
            (onBattery ? 1 : 0) | (draining ? 2 : 0) | (temperatureCelsius == nil ? 0 : 4) | (availability == nil ? 0 : 8)
        writer.put(UInt8(flags))
        writer.put(UInt8(bitPattern: temperatureCelsius ?? 0))
        writer.put(availability ?? 0)
        writer.put(UInt8(min(gpus.count, Self.mostGPUs)))
        for gpu in gpus.prefix(Self.mostGPUs) {
            writer.put(gpu.freeMiB)
            writer.put(gpu.busyPercent)
        }
        writer.put(UInt8(min(loaded.count, Self.mostModels)))
        for model in loaded.prefix(Self.mostModels) {
            writer.put(model.key.rawValue)
            writer.put(model.inFlight)
            writer.put(model.queued)
            writer.put(model.firstTokenP75.map { min($0, .max - 1) } ?? .max)
            writer.put(model.tokensPerSecondP75.map { min($0, .max - 1) } ?? .max)
        }
    }

    /// Reads a report.
    init(decoding payload: inout ByteReader) throws(WireError) {
        self.init()
        inFlight = try payload.take()
        queued = try payload.take()
        slots = try payload.take()
        cpuPercent = min(try payload.take(), 100)
        memoryAvailableMiB = try payload.take()
        guard let pressure = MemoryPressure(rawValue: try payload.take()) else { throw .invalid(field: "memory pressure") }
        guard let thermal = ThermalLevel(rawValue: try payload.take()) else { throw .invalid(field: "thermal level") }
        self.pressure = pressure
        self.thermal = thermal
        let flags: UInt8 = try payload.take()
        onBattery = flags & 1 != 0
        draining = flags & 2 != 0
        let celsius = Int8(bitPattern: try payload.take())
        temperatureCelsius = flags & 4 != 0 ? celsius : nil
        let hours: UInt8 = try payload.take()
        availability = flags & 8 != 0 ? hours : nil
        let gpuCount: UInt8 = try payload.take()
        guard gpuCount <= Self.mostGPUs else { throw .invalid(field: "number of GPUs") }
        for _ in 0..<gpuCount {
            gpus.append(GPULoad(freeMiB: try payload.take(), busyPercent: min(try payload.take(), 100)))
        }
        let modelCount: UInt8 = try payload.take()
        guard modelCount <= Self.mostModels else { throw .invalid(field: "number of models") }
        for _ in 0..<modelCount {
            var model = HotModel(key: ModelKey(rawValue: try payload.take()))
            model.inFlight = try payload.take()
            model.queued = try payload.take()
            let firstToken: UInt16 = try payload.take()
            let speed: UInt16 = try payload.take()
            model.firstTokenP75 = firstToken == .max ? nil : firstToken
            model.tokensPerSecondP75 = speed == .max ? nil : speed
            loaded.append(model)
        }
    }
}
