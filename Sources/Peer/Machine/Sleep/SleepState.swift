/// What this machine's login manager lets the peer know of sleep.
public enum SleepState: Sendable, Hashable {
    /// Not looked at yet, or ended.
    case off
    /// No D-Bus system bus answers; says why.
    case noBus(String)
    /// The bus answers and no systemd-logind is on it, or it refuses; says why.
    case noLogin(String)
    /// systemd-logind waits for this peer before the machine sleeps.
    case watching

    /// One sentence for status and doctor.
    public var sentence: String {
        switch self {
        case .off: "Sleep is not watched."
        case .noBus(let reason): "Sleep cannot be announced: there is no D-Bus system bus (\(reason))."
        case .noLogin(let reason): "Sleep cannot be announced: systemd-logind does not help (\(reason))."
        case .watching: "Sleep is announced: systemd-logind waits until this peer has told the others."
        }
    }
}
