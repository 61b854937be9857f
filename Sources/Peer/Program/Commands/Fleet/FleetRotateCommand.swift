import API
import ArgumentParser

/// `herd-peer fleet rotate`: gives the whole fleet a new key.
struct FleetRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Gives the whole fleet a new key, and shows how it gets around.",
        discussion: """
            The new key is installed on every machine in sight, then used, and the old one removed 30 days later. A machine that is
            asleep or off meanwhile gets the new key when it comes back while the old one is still there; later it must join again.

            Examples:
              herd-peer fleet rotate
              herd-peer fleet rotate --force          although machines of the fleet are out of sight
            """)

    @OptionGroup var options: FleetOptions
    @OptionGroup var order: OrderOptions

    func run() async throws {
        try await KeyChangeShow(options: options, seconds: order.wait).run(KeyOrder(force: order.force))
    }
}
