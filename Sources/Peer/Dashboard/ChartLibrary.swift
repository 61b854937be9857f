internal import Glibc
internal import Synchronization

/// Chart.js as the system's package has it. The page draws tables where there is none, so its absence is an empty
/// script, not an error.
public final class ChartLibrary: Sendable {
    /// Where Debian's and Ubuntu's packages put it; nothing else is ever read.
    public static let places = [
        "/usr/share/javascript/chart.js/chart.umd.min.js", "/usr/share/javascript/chart.js/chart.umd.js",
        "/usr/share/javascript/chart.js/chart.min.js",
    ]
    /// Larger files are none of Chart.js.
    static let maximumBytes = 2 << 20
    /// How long it is believed that nothing changed: who installs the package sees charts without a restart.
    static let freshness = Duration.seconds(30)

    private let places: [String]
    private let last = Mutex<(file: DashboardFile, read: ContinuousClock.Instant)?>(nil)

    /// The library at the first of `places` that can be read.
    public init(places: [String] = ChartLibrary.places) { self.places = places }

    /// The script, or one with a comment alone that says what to install.
    public func script() -> DashboardFile {
        let now = ContinuousClock.now
        if let last = last.withLock(\.self), now - last.read < Self.freshness { return last.file }
        let found = places.lazy.compactMap(Self.read).first
        let file = DashboardFile(
            name: "chart.js", bytes: found ?? Array("/* no Chart.js on this machine: apt install libjs-chart.js */\n".utf8))
        last.withLock { $0 = (file, now) }
        return file
    }

    private static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            (1...maximumBytes).contains(Int(status.st_size))
        else { return nil }
        let size = Int(status.st_size)
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                guard got > 0 else { break }
                count += got
            }
        }
        return bytes.count == size ? bytes : nil
    }
}
