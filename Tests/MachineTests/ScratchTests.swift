
import Machine
import Testing
@Suite struct ScratchTests {
    @Test func time() async {
        let reader = MachineReader(diskPath: "/")
        _ = await reader.facts()
        let b = ContinuousClock.now
        for _ in 0..<1000 { _ = await reader.sample() }
        print("SAMPLE", (ContinuousClock.now - b) / 1000)
    }
}
