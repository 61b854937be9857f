import History

#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

let usage = """
    herd-history [--clock host|boot|wall] [--tolerance-ms N] [--requests FILE]... FILE...

    Checks histories of herd-peer (FLEET_HISTORY_FILE) or of the simulator: grants, routers, commands, requests, slots, settings.
    --requests names records of the load generator, which are joined with the requests' ends.
    Ends with 0 when every rule was kept, 1 when one was broken, 2 when it was called wrongly or a file cannot be read.
    """

/// What the flags say.
struct Options {
    var clock: CommonClock?
    var toleranceMilliseconds: Int64 = 5
    var requests: [String] = []
    var files: [String] = []
}

/// Reads the flags; nil when they make no sense.
func parse(_ arguments: [String]) -> Options? {
    var options = Options()
    var rest = arguments[...]
    while let argument = rest.popFirst() {
        switch argument {
        case "--clock":
            guard let clock = rest.popFirst().flatMap(CommonClock.init(rawValue:)) else { return nil }
            options.clock = clock
        case "--tolerance-ms":
            guard let text = rest.popFirst(), let value = Int64(text), (0...60_000).contains(value) else { return nil }
            options.toleranceMilliseconds = value
        case "--requests":
            guard let file = rest.popFirst() else { return nil }
            options.requests.append(file)
        default:
            guard !argument.hasPrefix("-") else { return nil }
            options.files.append(argument)
        }
    }
    return options.files.isEmpty ? nil : options
}

/// Reads, judges, prints; the exit status.
func run(_ options: Options) -> Int32 {
    var reader = HistoryReader()
    var records: [RequestRecord] = []
    do {
        for file in options.files { try reader.read(path: file) }
        for file in options.requests { records += try RequestRecord.read(path: file) }
    } catch {
        print("herd-history: a file cannot be read: \(error)")
        return 2
    }
    let judge = HistoryJudge(
        reader.lines, records: records, clock: options.clock, tolerance: options.toleranceMilliseconds * 1_000_000)
    for finding in judge.findings { print(finding) }
    for row in judge.table { print(row) }
    if !reader.damaged.isEmpty {
        print("torn lines: \(reader.damaged.count), such as \(reader.damaged.prefix(3).joined(separator: ", "))")
    }
    return judge.findings.isEmpty ? 0 : 1
}

if let options = parse(Array(CommandLine.arguments.dropFirst())) {
    exit(run(options))
} else {
    print(usage)
    exit(2)
}
