import Simulator
import Testing

/// A deliberate fault must be seen: otherwise histories without violations show nothing. The faults of the world need no special
/// build; `make mutants` shows those of the rules, too.
@Suite("Mutants")
struct MutantTests {
    @Test("Each mutant of the world is caught")
    func caught() async {
        let mutations = Mutation.allCases.filter { !$0.isOfRules }
        #expect(mutations.count == 9)
        for result in await MutantHunt(mutations).run() {
            #expect(result.violation != nil, "no history showed \(result.mutation.rawValue)")
        }
    }

    @Test("The protocol names fourteen")
    func numbers() {
        #expect(Mutation.allCases.map(\.number) == Array(1...14))
    }
}
