import Gossip
import Routing
import Testing

/// Which machine pulls, pushes and makes a model.
@Suite struct PlacementTests {
    private func order(_ wish: Placement, _ members: [MemberView]) -> [UInt64] {
        wish.rank(view(members)).candidates.map(\.peer.short)
    }

    private func free(_ number: UInt64, _ mebibytes: UInt32, _ change: (inout MemberView) -> Void = { _ in }) -> MemberView {
        machine(number) {
            $0.hot?.memoryAvailableMiB = mebibytes
            change(&$0)
        }
    }

    @Test func aPullGoesWhereTheModelIsThenWhereRoomIs() {
        let fleet = [
            free(1, 9_000), free(2, 20_000), free(3, 90_000) { $0.hot?.pressure = .critical },
            free(4, 1_000) { $0.models?.available.append(listed("new:7b")) }, free(5, 20_000),
        ]
        #expect(order(Placement(.pull, model: "new:7b", node: nil), fleet) == [4, 2, 5, 1, 3])
        #expect(Placement(.pull, model: "x", node: nil).rank(view(fleet)).modelKnown)
        var again = Placement(.pull, model: "new:7b", node: nil)
        again.excluded = [peer(4)]
        #expect(order(again, fleet) == [2, 5, 1, 3])
    }

    @Test func onlyMachinesWithAnOllamaTakePart() {
        let fleet = [
            free(1, 9) { $0.models?.backends = [BackendReport(id: "ollama", kind: .vllm, reachable: true)] },
            free(2, 9) { $0.models?.backends[0].reachable = false }, free(3, 9) { $0.hot?.draining = true },
            free(4, 9) { $0.status = .unreachable }, free(5, 9) { $0.status = .left }, free(6, 9) { $0.models = nil },
        ]
        let ranking = Placement(.pull, model: "new", node: nil).rank(view(fleet))
        #expect(ranking.candidates.isEmpty)
        #expect(
            ranking.eliminated.map(\.reason) == [.noBackend, .noBackend, .draining, .unreachable, .left, .noBackend])
    }

    @Test func aNamedMachineIsTheOnlyOne() {
        let fleet = [free(1, 9_000), free(2, 1)]
        let name = fleet[1].name
        for node in [name, peer(2).hex, peer(2).shortHex] {
            #expect(order(Placement(.pull, model: "new", node: node), fleet) == [2])
        }
        let unknown = Placement(.pull, model: "new", node: "nobody")
        #expect(unknown.named(in: view(fleet)) == nil && order(unknown, fleet).isEmpty)
    }

    @Test func aPushAndAModelMadeOutOfAnotherNeedIt() {
        let fleet = [free(1, 9_000), free(2, 1) { $0.models?.available.append(listed("Base:latest")) }]
        #expect(order(Placement(.push, model: "base", node: nil), fleet) == [2])
        #expect(order(Placement(.create(from: "base"), model: "mine", node: nil), fleet) == [2])
        #expect(order(Placement(.create(from: nil), model: "mine", node: nil), fleet) == [1, 2])
        let missing = Placement(.create(from: "none"), model: "mine", node: nil).rank(view(fleet))
        #expect(missing.candidates.isEmpty && !missing.modelKnown)
        #expect(missing.eliminated.map(\.reason) == [.modelMissing, .modelMissing])
    }
}
