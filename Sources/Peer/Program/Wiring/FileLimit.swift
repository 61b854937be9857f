import Glibc

/// How many files and connections this process may have open at once.
enum FileLimit {
    /// Takes all that the system allows: the usual 1,024 end at five hundred streams, each of which has two connections.
    ///
    /// - Returns: the limit now.
    @discardableResult
    static func raise() -> Int {
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(kind, &limit) == 0 else { return 0 }
        let before = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        return Int(clamping: setrlimit(kind, &limit) == 0 ? limit.rlim_max : before)
    }
}
