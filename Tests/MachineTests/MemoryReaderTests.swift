import Gossip
import Machine
import Testing

@Suite struct MemoryReaderTests {
    private func read(_ files: [String: String]) throws -> MemoryReading? {
        let tree = try FixtureTree(files)
        return MemoryReader(files: SystemFiles(root: tree.root)).read()
    }

    @Test func readsTotalAndAvailable() throws {
        let reading = try #require(
            try read(["/proc/meminfo": FixtureTree.meminfo(totalKiB: 16_000_000, availableKiB: 4_000_000)]))
        #expect(reading.totalBytes == 16_000_000 << 10)
        #expect(reading.availableBytes == 4_000_000 << 10)
        #expect(reading.usedPercent == 75)
        #expect(reading.stalledPercent == nil)
        #expect(!reading.limitedByContainer)
    }

    @Test func withoutMemAvailableItCountsFreeAndCache() throws {
        let reading = try read(["/proc/meminfo": "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 20 kB\nCached: 30 kB\n"])
        #expect(reading?.availableBytes == 150 << 10)
    }

    @Test(arguments: [
        "", "MemTotal:\n", "MemTotal: -5 kB\nMemAvailable: 1 kB\n", "MemTotal: 99999999999999999999 kB\n", "MemTotal: lots kB\n",
        "MemTotal: 0 kB\n", "MemTotal 1000 kB\n", "\u{0}\u{0}\u{0}",
    ])
    func nonsenseGivesNothing(_ text: String) throws {
        #expect(try read(["/proc/meminfo": text]) == nil)
    }

    @Test func missingFileGivesNothing() throws { #expect(try read([:]) == nil) }

    @Test func availableIsNeverMoreThanTotal() throws {
        let reading = try #require(try read(["/proc/meminfo": FixtureTree.meminfo(totalKiB: 1000, availableKiB: 5000)]))
        #expect(reading.availableBytes == reading.totalBytes)
        #expect(reading.usedPercent == 0)
    }

    @Test(arguments: [
        (150, MemoryPressure.warn), (151, .normal), (149, .warn), (51, .warn), (50, .critical), (49, .critical), (0, .critical),
        (1000, .normal),
    ])
    func pressureThresholds(_ available: Int, _ pressure: MemoryPressure) {
        #expect(MemoryReading(totalBytes: 1000, availableBytes: Int64(available)).pressure == pressure)
    }

    @Test func waitingTasksWarnButAreNeverCritical() throws {
        let psi = "some avg10=42.50 avg60=0.10 avg300=0.00 total=1\nfull avg10=30.00 avg60=0.00 avg300=0.00 total=1\n"
        let meminfo = FixtureTree.meminfo(totalKiB: 1000, availableKiB: 900)
        let reading = try #require(try read(["/proc/meminfo": meminfo, "/proc/pressure/memory": psi]))
        #expect(reading.stalledPercent == 42.5)
        #expect(reading.pressure == .warn)
        let odd = try read(["/proc/meminfo": meminfo, "/proc/pressure/memory": "some avg10=nan avg60=1\n"])
        #expect(odd?.stalledPercent == nil)
        #expect(odd?.pressure == .normal)
    }

    private func limited(_ cgroup: String, _ files: [String: String]) throws -> MemoryReading? {
        let meminfo = FixtureTree.meminfo(totalKiB: 1 << 20, availableKiB: 1 << 19)
        return try read(files.merging(["/proc/meminfo": meminfo, "/proc/self/cgroup": cgroup]) { $1 })
    }

    @Test func aContainersLimitCounts() throws {
        let reading = try #require(
            try limited(
                "0::/\n",
                [
                    "/sys/fs/cgroup/memory.max": "268435456\n", "/sys/fs/cgroup/memory.current": "200000000\n",
                    "/sys/fs/cgroup/memory.stat": "anon 5\ninactive_file 100000000\n",
                ]))
        #expect(reading.totalBytes == 268_435_456)
        #expect(reading.availableBytes == 268_435_456 - 100_000_000)
        #expect(reading.limitedByContainer)
    }

    @Test func theLimitOfTheServiceUnitDoesNotCountButOnesAboveDo() throws {
        let unit = "/sys/fs/cgroup/system.slice/herd-peer.service"
        let files = [unit + "/memory.max": "104857600\n", unit + "/memory.current": "1000\n"]
        #expect(try limited("0::/system.slice/herd-peer.service\n", files)?.limitedByContainer == false)
        let above = [
            "/sys/fs/cgroup/system.slice/memory.max": "536870912\n", "/sys/fs/cgroup/system.slice/memory.current": "600000000\n",
        ]
        let reading = try limited("0::/system.slice/herd-peer.service\n", files.merging(above) { $1 })
        #expect(reading?.totalBytes == 536_870_912)
        #expect(reading?.availableBytes == 0)
    }

    @Test(arguments: ["0::/../../etc\n", "nonsense", "", "4:memory:/x\n0::/a\n"])
    func oddCgroupsAreHarmless(_ cgroup: String) throws {
        #expect(
            try limited(cgroup, ["/sys/fs/cgroup/memory.max": "max\n", "/sys/fs/cgroup/memory.current": "1\n"])?
                .limitedByContainer == false)
    }
}
