import Glibc

/// Short names of the errors that sending meets, for counters: a small, fixed set of words.
enum ErrnoName {
    static func text(_ code: Int32) -> String {
        switch code {
        case EHOSTUNREACH: "host-unreachable"
        case ENETUNREACH: "net-unreachable"
        case ENETDOWN: "net-down"
        case EPERM, EACCES: "forbidden"
        case EINVAL: "invalid"
        case ECONNREFUSED: "refused"
        case EMSGSIZE: "too-long"
        case EADDRNOTAVAIL: "no-address"
        case EBADF: "closed"
        default: "error-\(code)"
        }
    }
}
