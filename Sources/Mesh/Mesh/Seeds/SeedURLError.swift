/// Why a `--router-url` cannot be used.
public enum SeedURLError: Error, Hashable, CustomStringConvertible {
    /// Nothing was written.
    case empty
    /// More than 300 bytes.
    case tooLong
    /// Not `http`.
    case scheme(String, String)
    /// Something behind the port.
    case path(String)
    /// A user name.
    case credentials(String)
    /// Neither a name nor an address.
    case host(String)
    /// Not a number from 1 to 65535.
    case port(String)

    /// What is wrong and how to write it.
    public var description: String {
        let usage = "write it as http://HOST:11435, HOST, HOST:PORT or [IPv6]:PORT"
        return switch self {
        case .empty: "--router-url is empty: \(usage)."
        case .tooLong: "--router-url is longer than 300 bytes: \(usage)."
        case .scheme(let url, let scheme): "--router-url \(url): \(scheme):// is not understood, peers speak http: \(usage)."
        case .path(let url): "--router-url \(url): nothing may follow the port: \(usage)."
        case .credentials(let url): "--router-url \(url): a user name has no meaning here: \(usage)."
        case .host(let url): "--router-url \(url): the host is neither a name nor an address: \(usage)."
        case .port(let url): "--router-url \(url): the port is not a number from 1 to 65535: \(usage)."
        }
    }
}
