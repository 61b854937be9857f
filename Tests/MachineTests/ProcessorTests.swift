import Foundation
import Machine
import Testing

@Suite struct ProcessorTests {
    @Test func useIsTheDifferenceOfTwoReadings() throws {
        let tree = try FixtureTree(["/proc/stat": "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 1 2 3 4\n"])
        var reader = CPUReader(files: SystemFiles(root: tree.root))
        #expect(reader.read() == nil)
        try tree.write("/proc/stat", "cpu  130 0 120 840 5 0 0 5 7 7\n")
        #expect(reader.read() == 55)
        // Counters that go back (a sleeping machine, a moved container) say nothing; the next reading does.
        try tree.write("/proc/stat", "cpu  1 0 1 8 0 0 0 0 0 0\n")
        #expect(reader.read() == nil)
        try tree.write("/proc/stat", "cpu  1 0 1 18 0 0 0 0 0 0\n")
        #expect(reader.read() == 0)
    }

    @Test(arguments: ["", "cpu", "cpu  1 2 x 4", "cpu  1 2 3", "intr 1 2 3 4", "cpu0 1 2 3 4"])
    func nonsenseGivesNothing(_ text: String) throws {
        let tree = try FixtureTree(["/proc/stat": text])
        var reader = CPUReader(files: SystemFiles(root: tree.root))
        #expect(reader.read() == nil)
    }

    @Test func hugeCountersDoNotTrap() throws {
        let tree = try FixtureTree(["/proc/stat": "cpu  18446744073709551615 18446744073709551615 9 9 9\n"])
        var reader = CPUReader(files: SystemFiles(root: tree.root))
        #expect(reader.read() == nil)
    }

    @Test func loadAverage() throws {
        let tree = try FixtureTree(["/proc/loadavg": "1.52 0.90 0.50 2/345 6789\n"])
        #expect(LoadReader(files: SystemFiles(root: tree.root)).read() == 1.52)
        for text in ["", "x y z", "-1 0 0", "nan 0 0"] {
            try tree.write("/proc/loadavg", text)
            #expect(LoadReader(files: SystemFiles(root: tree.root)).read() == nil)
        }
    }

    @Test func coresAreCountedOncePerSocketAndCore() throws {
        let threads = (0..<8).map { n in
            "processor\t: \(n)\nmodel name\t: AMD Ryzen 7 Test\nphysical id\t: \(n / 4)\ncore id\t\t: \(n % 2)\n"
        }
        let tree = try FixtureTree(["/proc/cpuinfo": threads.joined(separator: "\n")])
        let facts = ProcessorFacts(files: SystemFiles(root: tree.root))
        #expect(facts.cores == 4)
        #expect(facts.chip == "AMD Ryzen 7 Test")
        #expect(!facts.arch.isEmpty)
    }

    @Test func boardsWithoutCoreIdsCountProcessors() throws {
        let tree = try FixtureTree([
            "/proc/cpuinfo": "processor\t: 0\nBogoMIPS\t: 108.00\n\nprocessor\t: 1\n",
            "/sys/firmware/devicetree/base/model": "Raspberry Pi 5 Model B\0",
        ])
        let facts = ProcessorFacts(files: SystemFiles(root: tree.root))
        #expect(facts.cores == 2)
        #expect(facts.chip == "Raspberry Pi 5 Model B")
    }

    @Test func withoutFilesThereIsStillOneCore() throws {
        let tree = try FixtureTree()
        #expect(ProcessorFacts(files: SystemFiles(root: tree.root)).cores == 1)
    }

    @Test(arguments: [
        ("Apple M1", 68.0), ("Apple M2 Pro", 200), ("Apple M3 Max", 400), ("Apple M3 Ultra", 819), ("Apple M4", 120),
        ("NVIDIA GeForce RTX 4090", 1008), ("NVIDIA GeForce RTX 3080 Ti", 760), ("NVIDIA A100-SXM4-40GB", 2039),
        ("NVIDIA L40S", 864),
        ("NVIDIA H100 PCIe", 3350), ("NVIDIA GeForce RTX 5090", 1792),
    ])
    func knownChips(_ name: String, _ value: Double) { #expect(Bandwidth.gigabytesPerSecond(chip: name) == value) }

    @Test(arguments: [
        "", "NVIDIA RTX A1000", "NVIDIA GeForce RTX 4090 Laptop GPU", "Intel(R) Core(TM) i7-4090", "Apple M4 Ultra", "M1",
        "GeForce RTX 3080 with Max-Q Design", "Opteron 2080",
    ])
    func unknownChips(_ name: String) { #expect(Bandwidth.gigabytesPerSecond(chip: name) == nil) }
}
