import Testing

@testable import Access

/// Always the same numbers, so that a key in a test has the text that the test expects.
struct Counting: RandomNumberGenerator {
    var state: UInt64 = 1
    mutating func next() -> UInt64 {
        state &*= 6_364_136_223_846_793_005
        state &+= 1_442_695_040_888_963_407
        return state
    }
}

/// A key with its text.
struct Sample {
    let key: ClientKey
    let text: String

    init(
        _ name: String = "laptop", scopes: Set<Scope> = [.infer, .observe], limits: KeyLimits = KeyLimits(), seed: UInt64 = 1
    ) throws {
        var random = Counting(state: seed)
        let made = try ClientKey.make(name: name, scopes: scopes, limits: limits, nowSeconds: 1_750_000_000, using: &random)
        (key, text) = (made.key, made.text)
    }

    var setting: (key: String, value: String) { (key.settingKey, key.settingValue) }
    var bearer: [String] { ["Bearer \(text)"] }
}

extension AccessTime {
    /// So many seconds after the start of a test, on a day of UTC that began 1,000 s before it.
    static func at(_ seconds: Double, day: Int64 = 20_000) -> AccessTime {
        AccessTime(elapsed: .milliseconds(Int64(seconds * 1_000)), unixSeconds: day * 86_400 + 1_000 + Int64(seconds))
    }
}

extension AccessGate {
    /// The reason for which a request is refused; nil when it comes in.
    func reason(_ request: AccessRequest, at time: AccessTime = .at(0)) -> AccessRefusal.Reason? {
        do throws(AccessRefusal) {
            _ = try admit(request, at: time)
            return nil
        } catch {
            return error.reason
        }
    }
}
