/// Reads AMD GPUs from the files of their kernel driver below `/sys/class/drm`.
struct RadeonReader: Sendable {
    let files: SystemFiles

    /// A processor with built-in graphics has a small fixed share of memory: models do not live there.
    static let leastMiB = 2048

    /// The GPUs with memory of their own.
    func read() -> [GPUReading] {
        files.names(in: "/sys/class/drm").prefix(64).compactMap { card in
            guard card.hasPrefix("card"), !card.contains("-") else { return nil }
            let folder = "/sys/class/drm/" + card + "/device"
            guard let total = files.number(folder + "/mem_info_vram_total"),
                let used = files.number(folder + "/mem_info_vram_used"),
                total >> 20 >= Int64(Self.leastMiB)
            else { return nil }
            return GPUReading(
                name: files.line(folder + "/product_name") ?? "AMD GPU", totalMiB: Int(total >> 20),
                freeMiB: Int(max(0, total - max(0, used)) >> 20),
                busyPercent: files.number(folder + "/gpu_busy_percent").map { Int(min(max(0, $0), 100)) })
        }
    }
}
