import Machine
import Testing

@Suite struct GPUTests {
    private static let table = """
        echo 'NVIDIA GeForce RTX 4090, 24564, 20000, 37'
        echo 'NVIDIA GB10, [N/A], [N/A], [N/A]'
        echo 'nonsense'
        echo ', 1, 2, 3'
        echo 'Odd, name, 1000, 5000, 900'
        """

    private func reader(_ tree: FixtureTree, _ path: String, _ change: (inout GPUReader.Pace) -> Void = { _ in }) -> GPUReader {
        var pace = GPUReader.Pace()
        change(&pace)
        return GPUReader(files: SystemFiles(root: tree.root), searchPath: path + ":/bin:/usr/bin", pace: pace)
    }

    @Test func readsTheTableOfTheProgram() async throws {
        let tree = try FixtureTree()
        let gpus = await reader(tree, try tree.script("nvidia-smi", "echo \"$@\" > \"$0.arguments\"\n" + Self.table)).settled()
        #expect(
            gpus == [
                GPUReading(name: "NVIDIA GeForce RTX 4090", totalMiB: 24564, freeMiB: 20000, busyPercent: 37),
                GPUReading(name: "NVIDIA GB10", totalMiB: 0, freeMiB: 0, busyPercent: nil),
                GPUReading(name: "Odd, name", totalMiB: 1000, freeMiB: 1000, busyPercent: 100),
            ])
        let asked = SystemFiles(root: tree.root).line("/bin/nvidia-smi.arguments")
        #expect(asked == "--query-gpu=name,memory.total,memory.free,utilization.gpu --format=csv,noheader,nounits")
    }

    @Test func aMissingProgramIsNotTriedAgain() async throws {
        let tree = try FixtureTree()
        let reader = GPUReader(files: SystemFiles(root: tree.root), searchPath: tree.root)
        #expect(await reader.settled().isEmpty)
        for _ in 0..<5 { _ = await reader.settled() }
        #expect(await reader.questions == 1)
    }

    @Test func aFailingProgramGivesNothingAndIsLeftAlone() async throws {
        let tree = try FixtureTree()
        let reader = reader(tree, try tree.script("nvidia-smi", Self.table + "\nexit 9"))
        #expect(await reader.settled().isEmpty)
        _ = await reader.settled()
        #expect(await reader.questions == 1)
    }

    @Test func aHangingProgramIsStopped() async throws {
        let tree = try FixtureTree()
        let path = try tree.script("nvidia-smi", "exec sleep 60")
        let reader = reader(tree, path) { $0.limit = .milliseconds(200) }
        let began = ContinuousClock.now
        #expect(await reader.settled().isEmpty)
        #expect(ContinuousClock.now - began < .seconds(10))
        #expect(await reader.questions == 1)
    }

    @Test func itIsAskedAgainWhenTheTimeHasCome() async throws {
        let tree = try FixtureTree()
        let path = try tree.script("nvidia-smi", "echo 'A, 10, 5, 1'")
        // A question may meet the file while it is rewritten; that costs a moment, not the minute that a missing program does.
        let reader = reader(tree, path) {
            $0.busy = .zero
            $0.absent = .milliseconds(20)
        }
        #expect(await reader.settled().first?.freeMiB == 5)
        _ = try tree.script("nvidia-smi", "echo 'A, 10, 7, 1'")
        var free = 5
        let end = ContinuousClock.now + .seconds(60)
        while free != 7, ContinuousClock.now < end { free = await reader.settled().first?.freeMiB ?? 0 }
        #expect(free == 7)
    }

    @Test func readsRadeonsButNotBuiltInGraphics() async throws {
        let tree = try FixtureTree([
            "/sys/class/drm/card0/device/mem_info_vram_total": "17163091968\n",
            "/sys/class/drm/card0/device/mem_info_vram_used": "1073741824\n",
            "/sys/class/drm/card0/device/gpu_busy_percent": "12\n",
            "/sys/class/drm/card1/device/mem_info_vram_total": "536870912\n",
            "/sys/class/drm/card1/device/mem_info_vram_used": "1\n",
            "/sys/class/drm/card0-DP-1/device/mem_info_vram_total": "17163091968\n",
        ])
        let gpus = await GPUReader(files: SystemFiles(root: tree.root), searchPath: tree.root).settled()
        #expect(gpus == [GPUReading(name: "AMD GPU", totalMiB: 16368, freeMiB: 15344, busyPercent: 12)])
    }
}
