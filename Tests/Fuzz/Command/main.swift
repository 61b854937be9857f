import Foundation
import FuzzTargets

// herd-fuzz TARGET [--seconds N] [--seed S]      seeded mutations of the corpus
// herd-fuzz TARGET [libFuzzer options] [FOLDER]  guided by coverage, when built for it (make fuzz)

/// Prints a complaint and ends as a crash, so that libFuzzer keeps the input.
func complain(_ text: String, _ bytes: [UInt8]) -> Never {
    FileHandle.standardError.write(Data("herd-fuzz: \(text)\ninput: \(Data(bytes).base64EncodedString())\n".utf8))
    abort()
}

guard CommandLine.argc > 1, let target = FuzzTarget(rawValue: CommandLine.arguments[1]) else {
    print("usage: herd-fuzz \(FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")) [--seconds N] [--seed S]")
    exit(2)
}
nonisolated(unsafe) let subject = try await target.makeSubject()  // Set once, used by one thread.

#if LIBFUZZER
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    if let text = subject.feed(input) { complain(text, input) }
    return 0
}

// The last argument is the folder of the inputs found so far: start it with the kept ones.
if let folder = CommandLine.arguments.last, !folder.hasPrefix("-"), CommandLine.argc > 2 {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (number, input) in Corpus.load(target).enumerated() {
        try Data(input).write(to: URL(fileURLWithPath: folder).appendingPathComponent("kept-\(number)"))
    }
}
// libFuzzer reads the options behind the target's name.
CommandLine.unsafeArgv[1] = CommandLine.unsafeArgv[0]
var count = CommandLine.argc - 1
var arguments = CommandLine.unsafeArgv + 1
exit(runDriver(&count, &arguments, testOneInput))
#else
var seconds = 60.0
var seed: UInt64 = 1
var rest = CommandLine.arguments.dropFirst(2)
while let flag = rest.popFirst() {
    let value = rest.popFirst() ?? ""
    switch flag {
    case "--seconds": seconds = Double(value) ?? seconds
    case "--seed": seed = UInt64(value) ?? seed
    default:
        print("herd-fuzz: cannot use \(flag)")
        exit(2)
    }
}
let corpus = Corpus.load(target)
var mutator = Mutator(seed: seed, corpus: corpus)
var inputs = 0
let end = Date().addingTimeInterval(seconds)
while Date() < end {
    let input = inputs < corpus.count ? corpus[inputs] : mutator.next()
    if let text = subject.feed(input) { complain(text, input) }
    inputs += 1
}
print("\(target.rawValue): \(inputs) inputs in \(Int(seconds)) s, seed \(seed), no complaint")
exit(0)
#endif
