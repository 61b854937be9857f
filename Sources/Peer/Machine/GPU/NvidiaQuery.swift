import Subprocess

/// Asks NVIDIA's `nvidia-smi` about the GPUs.
///
/// Its table: `--query-gpu=name,memory.total,memory.free,utilization.gpu --format=csv,noheader,nounits`, one line per GPU.
struct NvidiaQuery: Sendable {
    /// Folders to look for the program in, separated by colons.
    let searchPath: String
    /// How long the program may take before it is stopped.
    let limit: Duration

    private static let arguments: Arguments = [
        "--query-gpu=name,memory.total,memory.free,utilization.gpu", "--format=csv,noheader,nounits",
    ]

    /// The GPUs, or nil where the program is missing, fails, or takes too long.
    func run() async -> [GPUReading]? {
        await withTaskGroup(of: [GPUReading]?.self) { group in
            group.addTask { await ask() }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            // Cancelling stops the program if it still runs.
            group.cancelAll()
            return first
        }
    }

    private func ask() async -> [GPUReading]? {
        let environment = Environment.inherit.updating(["PATH": searchPath, "LC_ALL": "C"])
        guard
            let result = try? await Subprocess.run(
                .name("nvidia-smi"), arguments: Self.arguments, environment: environment, output: .string(limit: 64 << 10)),
            result.terminationStatus.isSuccess
        else { return nil }
        return Self.parse(result.standardOutput)
    }

    /// The GPUs of a table. Lines that make no sense are left out; at most 64 lines count.
    static func parse(_ text: String) -> [GPUReading] {
        text.split(separator: "\n").prefix(64).compactMap { line in
            // From the right: only the name may hold a comma.
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard fields.count >= 4 else { return nil }
            let name = fields.dropLast(3).joined(separator: ",").trimmingBlanks()
            guard !name.isEmpty else { return nil }
            let values = fields.suffix(3).map { Int($0.trimmingBlanks()) }
            // `[N/A]` memory: the GPU lives in the machine's own memory.
            let total = min(max(0, values[0] ?? 0), 1 << 30)
            let free = min(max(0, values[1] ?? 0), total)
            return GPUReading(
                name: String(name), totalMiB: total, freeMiB: free, busyPercent: values[2].map { min(max(0, $0), 100) })
        }
    }
}
