import Gossip
import Simulator

/// `herd-simulate --seed S --peers N --seconds T [--count K] [--subject herd|lease] [--mutation M] [--transcript]`,
/// or `herd-simulate scale`: see `ScaleCommand`.
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

/// Runs the schedules and prints what came of them; true when nothing was broken.
func simulate(_ options: Options) async -> Bool {
    if options.transcript {
        let schedule = Schedule(seed: options.seed, peers: options.peers, faultTime: .seconds(options.seconds))
        let outcome = Simulation.run(schedule, subject: options.subject, mutation: options.mutation) { print($0) }
        for violation in outcome.violations { print("seed \(outcome.seed): \(violation)") }
        return outcome.violations.isEmpty
    }
    let batch = Batch(
        peers: options.peers, first: options.seed, count: options.count, faultTime: .seconds(options.seconds))
    let report = await Campaign([batch], subject: options.subject, mutation: options.mutation).run()
    for outcome in report.broken {
        for violation in outcome.violations { print("seed \(outcome.seed), \(outcome.peers) peers: \(violation)") }
    }
    print("hash \(String(report.hash, radix: 16))")
    print(report)
    return report.violations == 0
}

if CommandLine.arguments.dropFirst().first == "scale" {
    exitWith(ScaleCommand.run(CommandLine.arguments.dropFirst(2)) ? 0 : 2)
}
guard let options = parse(Array(CommandLine.arguments.dropFirst())) else { exitWith(2) }
exitWith(await simulate(options) ? 0 : 1)
