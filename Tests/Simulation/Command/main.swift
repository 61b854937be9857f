import Simulator

/// One history, with whatever is to be written of it. True when it kept every rule.
func runOne(_ schedule: Schedule, _ options: Options) -> Bool {
    let file = options.jsonl.map { TextFile(path: $0) }
    if let file, file == nil {
        complain("herd-simulate: \(options.jsonl ?? "") cannot be written")
        return false
    }
    let output = file ?? nil
    let outcome = Simulation.run(
        schedule, subject: options.subject, mutation: options.mutation,
        transcript: options.transcript ? { print($0) } : nil,
        history: output.map { output in { output.write($0 + "\n") } })
    for violation in outcome.violations { print(violation) }
    print("seed \(outcome.seed), \(outcome.peers) peers, \(outcome.steps) steps, \(outcome.violations.count) violations")
    print(
        "sound peers: \(outcome.suspicions) suspicions, longest \(outcome.longestSuspicion), \(outcome.falseDeaths) false deaths")
    return outcome.violations.isEmpty
}

/// Makes a broken history small and shows it, ready to be kept beside the tests.
func keep(_ outcome: Outcome, of batches: [Batch], _ options: Options) {
    guard let violation = outcome.violations.first,
        let batch = batches.first(where: { $0.peers == outcome.peers })
    else { return }
    var minimiser = Minimiser(subject: options.subject, mutation: options.mutation)
    let whole = Schedule(seed: outcome.seed, peers: outcome.peers, faultTime: batch.faultTime)
    let small = minimiser.minimise(whole, breaking: violation.rule)
    let broken = Simulation.run(small, subject: options.subject, mutation: options.mutation).violations.first ?? violation
    var text = "# \(broken.rule.rawValue): \(broken.text)\n"
    text += "# \(whole.faults.count) faults of seed \(whole.seed) with \(whole.peers) peers made \(small.faults.count)\n"
    text += small.text
    let word = broken.rule.rawValue.split(separator: " ").joined(separator: "-")
    if let folder = options.keep, let file = TextFile(path: "\(folder)/\(word)-\(whole.peers)-\(whole.seed).txt") {
        file.write(text)
    }
    print(text)
}

/// Many histories. True when all kept every rule.
func runMany(_ options: Options) async -> Bool {
    let batches = options.peers.map {
        Batch(peers: $0, first: options.seed, count: options.count, faultTime: .seconds(options.seconds))
    }
    let campaign = Campaign(batches, subject: options.subject, mutation: options.mutation)
    let total = campaign.count
    let report = await campaign.run { report in
        guard report.schedules % max(1, min(1_000, total / 10)) == 0 else { return }
        complain("\(report.schedules) of \(total), \(report.violations) with violations, \(report.wall)")
    }
    for outcome in report.broken {
        for violation in outcome.violations.prefix(3) { print("seed \(outcome.seed), \(outcome.peers) peers: \(violation)") }
    }
    if let first = report.broken.first { keep(first, of: batches, options) }
    print("hash \(String(report.hash, radix: 16))")
    print(report)
    return report.violations == 0
}

/// Every mutant of the protocol's plan. True when each was caught.
func hunt(_ options: Options) async -> Bool {
    guard Mutation.areRulesBuilt || options.mutation.map({ !$0.isOfRules }) ?? false else {
        complain("herd-simulate: built without the trait Mutants; use `make mutants`")
        return false
    }
    let mutations = options.mutation.map { [$0] } ?? Mutation.allCases
    let hunt = MutantHunt(mutations, mostTries: options.tries, faultTime: .seconds(options.seconds))
    let catches = await hunt.run { complain("\($0.mutation.rawValue): \($0.violation.map { $0.rule.rawValue } ?? "survived")") }
    func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
    print("| # | \(pad("mutant", 20)) | \(pad("caught by", 11)) | histories | what was seen |")
    print("|---|\(String(repeating: "-", count: 22))|-------------|-----------|---|")
    for result in catches {
        let rule = result.violation?.rule.rawValue ?? "survived"
        let seen = result.violation.map { "seed \(result.seed), \(result.peers) peers: \($0.text)" } ?? ""
        print(
            "| \(pad("\(result.mutation.number)", 2))| \(pad(result.mutation.rawValue, 20)) | \(pad(rule, 11)) "
                + "| \(pad("\(result.tries)", 9)) | \(seen) |")
    }
    return catches.allSatisfy { $0.violation != nil }
}

if CommandLine.arguments.dropFirst().first == "scale" {
    exitWith(ScaleCommand.run(CommandLine.arguments.dropFirst(2)) ? 0 : 2)
}
guard var options = Options(Array(CommandLine.arguments.dropFirst())) else {
    complain(Options.usage)
    exitWith(2)
}
if let seed = environment("HERD_SIM_SEED").flatMap({ UInt64($0) }) {
    options.seed = seed
    options.count = 1
    options.transcript = true
}
if options.isHunt { exitWith(await hunt(options) ? 0 : 1) }
if let path = options.file {
    guard let text = read(path: path) else {
        complain("herd-simulate: \(path) cannot be read")
        exitWith(2)
    }
    do throws(ScheduleError) {
        exitWith(runOne(try Schedule(text: text), options) ? 0 : 1)
    } catch {
        complain("herd-simulate: \(path): \(error)")
        exitWith(2)
    }
}
if options.transcript || options.jsonl != nil { exitWith(runOne(options.schedule, options) ? 0 : 1) }
exitWith(await runMany(options) ? 0 : 1)
