import Gossip
import Routing
import Testing

/// How long a request is held for a machine with the model in memory.
@Suite struct HoldRuleTests {
    @Test(arguments: [
        (5.0, 30, 30, 5_000), (40, 30, 120, 30_000), (40, 30, 30, 15_000), (0.4, 30, 30, 0), (0.5, 30, 30, 500), (0, 30, 30, 0),
        (-1, 30, 30, 0), (5, 0, 30, 0), (5, 30, 0, 0), (1e30, 30, 3_600, 30_000), (.infinity, 30, 3_600, 30_000),
    ])
    func limit(_ gigabytes: Double, _ most: Int, _ patience: Int, _ milliseconds: Int) {
        let rule = HoldRule(most: .seconds(most))
        #expect(rule.limit(weightBytes: gigabytes * 1e9, patience: .seconds(patience)) == .milliseconds(milliseconds))
    }

    @Test func whatIsInMemory() throws {
        func memory(_ change: (inout MemberView) -> Void) throws -> (isLoaded: Bool, weightBytes: Double)? {
            let candidate = try #require(rank([machine(1)]).candidates.first)
            return machine(1, change).memory(of: candidate)
        }
        #expect(try memory { _ in }?.isLoaded == false)
        #expect(try memory { $0.load() }?.isLoaded == true)
        #expect(try memory { _ in }?.weightBytes == 5e9)
        #expect(try memory { $0.models?.available = [listed("small:7b")] }?.weightBytes == 5e9)
        #expect(try memory { $0.models?.available = [] } == nil)
    }
}
