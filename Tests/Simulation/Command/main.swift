import Gossip
import Simulator

/// `herd-simulate --seed S --peers N --seconds T [--count K] [--subject herd|lease] [--mutation M] [--transcript]`
struct Options {
    var seed: UInt64 = 1
    var peers = 3
    var seconds = 40
    var count = 1
    var subject = Subject.herd
    var mutation: Mutation?
    var transcript = false
}

/// Reads the flags; nil with a line on what is wrong.
func parse(_ arguments: [String]) -> Options? {
    var options = Options()
    var rest = arguments[...]
    while let flag = rest.popFirst() {
        if flag == "--transcript" {
            options.transcript = true
            continue
        }
        guard let value = rest.popFirst() else {
            print("herd-simulate: \(flag) needs a value")
            return nil
        }
        var understood = true
        switch flag {
        case "--seed": understood = UInt64(value).map { options.seed = $0 } != nil
        case "--peers": understood = Int(value).map { options.peers = $0 } != nil && (1...200).contains(options.peers)
        case "--seconds": understood = Int(value).map { options.seconds = $0 } != nil && (1...3_600).contains(options.seconds)
        case "--count": understood = Int(value).map { options.count = $0 } != nil && options.count > 0
        case "--subject": understood = Subject(rawValue: value).map { options.subject = $0 } != nil
        case "--mutation":
            options.mutation = Mutation(rawValue: value)
            understood = options.mutation != nil
        default: understood = false
        }
        if !understood {
            print("herd-simulate: cannot use \(flag) \(value)")
            return nil
        }
    }
    return options
}

/// Runs the schedules and prints one line each; true when nothing was broken.
func simulate(_ options: Options) -> Bool {
    let clock = ContinuousClock()
    var combined: UInt64 = 0
    var totals = (steps: 0, faults: 0, elections: 0, admitted: 0, refused: 0)
    var simulated = Duration.zero
    var slowest = Duration.zero
    var broken = 0
    let started = clock.now
    for number in 0..<options.count {
        let schedule = Schedule(seed: options.seed &+ UInt64(number), peers: options.peers, faultTime: .seconds(options.seconds))
        let outcome = Simulation.run(
            schedule, subject: options.subject, mutation: options.mutation, transcript: options.transcript ? { print($0) } : nil)
        combined = (combined ^ outcome.hash) &* 0x0000_0100_0000_01B3
        totals.steps += outcome.steps
        totals.faults += outcome.faults
        totals.elections += outcome.elections
        totals.admitted += outcome.admitted
        totals.refused += outcome.refused
        simulated += outcome.simulated
        slowest = max(slowest, outcome.convergence ?? .zero)
        broken += outcome.violations.isEmpty ? 0 : 1
        for violation in outcome.violations {
            print("seed \(outcome.seed): \(violation)")
        }
    }
    let wall = clock.now - started
    print("hash \(String(combined, radix: 16))")
    print("schedules \(options.count), peers \(options.peers), simulated \(simulated), steps \(totals.steps)")
    print(
        "faults \(totals.faults), elections \(totals.elections), commands \(totals.admitted) admitted \(totals.refused) refused")
    print("slowest convergence \(slowest), schedules with violations \(broken)")
    if !options.transcript {
        print("wall \(wall), \(Int(simulated / wall)) times real time")
    }
    return broken == 0
}

guard let options = parse(Array(CommandLine.arguments.dropFirst())) else { exitWith(2) }
exitWith(simulate(options) ? 0 : 1)
