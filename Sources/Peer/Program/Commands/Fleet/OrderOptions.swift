import ArgumentParser

/// The flags of commands that change the keys of the whole fleet.
struct OrderOptions: ParsableArguments {
    @Flag(help: "Do it although a majority of the fleet is not in sight; says who is not.")
    var force = false

    @Option(
        help: ArgumentHelp("Seconds to watch how the key gets around; it goes on without this command, too.", valueName: "number")
    )
    var wait = 60

    func validate() throws {
        guard (0...3_600).contains(wait) else { throw ValidationError("--wait is a number from 0 to 3600") }
    }
}
