import Synchronization

/// Looks for a history that shows a deliberate fault, for each of them: checks that see nothing would prove nothing.
public struct MutantHunt: Sendable {
    /// How a mutant fared.
    public struct Catch: Sendable {
        /// Which.
        public var mutation: Mutation
        /// The first violation; nil if it survived.
        public var violation: Violation?
        /// After how many histories.
        public var tries: Int
        /// The history that showed it.
        public var seed: UInt64
        /// Its number of peers.
        public var peers: Int
    }

    /// Which mutants.
    public var mutations: [Mutation]
    /// How many histories each gets at most.
    public var mostTries: Int
    /// How long faults occur in each.
    public var faultTime: Duration

    /// A hunt for these mutants.
    public init(_ mutations: [Mutation], mostTries: Int = 1_000, faultTime: Duration = .seconds(60)) {
        self.mutations = mutations
        self.mostTries = mostTries
        self.faultTime = faultTime
    }

    /// The histories that a mutant is shown, in order.
    public static func schedule(_ number: Int, faultTime: Duration) -> Schedule {
        Schedule(seed: UInt64(number + 1), peers: [3, 5, 2, 4][number % 4], faultTime: faultTime)
    }

    /// One mutant after the other, on two threads; in the order of the list.
    public func run(progress: (@Sendable (Catch) -> Void)? = nil) async -> [Catch] {
        let shared = Shared()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    while let mutation = shared.take(mutations) {
                        let result = hunt(mutation)
                        shared.add(result)
                        progress?(result)
                    }
                }
            }
        }
        let catches = shared.catches
        return mutations.compactMap { mutation in catches.first { $0.mutation == mutation } }
    }

    private func hunt(_ mutation: Mutation) -> Catch {
        for number in 0..<mostTries {
            let schedule = Self.schedule(number, faultTime: faultTime)
            // What the right rules break, too, shows nothing.
            if let violation = Simulation.run(schedule, mutation: mutation).violations.first,
                Simulation.run(schedule).violations.isEmpty
            {
                return Catch(
                    mutation: mutation, violation: violation, tries: number + 1, seed: schedule.seed, peers: schedule.peers)
            }
        }
        return Catch(mutation: mutation, violation: nil, tries: mostTries, seed: 0, peers: 0)
    }

    private final class Shared: Sendable {
        private let state = Mutex((next: 0, catches: [Catch]()))

        func take(_ mutations: [Mutation]) -> Mutation? {
            state.withLock { state in
                guard state.next < mutations.count else { return nil }
                state.next += 1
                return mutations[state.next - 1]
            }
        }

        func add(_ result: Catch) { state.withLock { $0.catches.append(result) } }

        var catches: [Catch] { state.withLock { $0.catches } }
    }
}
