import Gossip
import Routing
import Testing

/// Who decides on pulls, and where to.
@Suite struct PullDeskTests {
    private func fleet(router: UInt64?, selfID: UInt64 = 2, dead: Set<UInt64> = []) -> FleetView {
        let members = (1...3).map { machine($0, status: dead.contains($0) ? .unreachable : .alive) }
        let router = router.map { RouterView(id: peer($0), epoch: 1, mode: .quorate) }
        return FleetView(number: 1, selfID: peer(selfID), members: members, router: router)
    }

    @Test func theRouterElseTheSmallestLivingID() {
        #expect(fleet(router: 3).pullDesk == peer(3))
        #expect(fleet(router: nil).pullDesk == peer(1))
        #expect(fleet(router: nil, dead: [1]).pullDesk == peer(2))
        #expect(fleet(router: 3, dead: [3]).pullDesk == peer(1), "a router that is gone decides nothing")
        #expect(fleet(router: 3, selfID: 3, dead: [3]).pullDesk == peer(3))
        #expect(FleetView(number: 0, selfID: peer(9), members: [], router: nil).pullDesk == peer(9))
    }

    @Test func pullsGoWhereMemoryIs() {
        let members = [
            machine(1) { $0.hot?.memoryAvailableMiB = 1_000 }, machine(2) { $0.hot?.memoryAvailableMiB = 9_000 },
            machine(3) {
                $0.hot?.memoryAvailableMiB = 99_000
                $0.hot?.pressure = .critical
            }, machine(4) { $0.hot?.draining = true }, machine(5, status: .unreachable),
            machine(6) { $0.models?.backends = [BackendReport(id: "v", kind: .vllm, reachable: true)] },
        ]
        #expect(view(members).pullTargets("new").map(\.short) == [2, 1])
    }

    @Test func onlyMachinesThatAnswerHaveAModel() {
        #expect(view([machine(1)]).hasInOllama("SMALL:7b"))
        #expect(!view([machine(1)]).hasInOllama("small"))
        #expect(!view([machine(1, status: .unreachable)]).hasInOllama("small:7b"))
        let silent = view([machine(1) { $0.models?.backends[0].reachable = false }])
        #expect(!silent.hasInOllama("small:7b"))
    }
}
