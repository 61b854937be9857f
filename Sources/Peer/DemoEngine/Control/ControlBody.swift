/// The JSON of `/demo/control`: a missing key changes nothing, `"failure": null` ends the misbehaviour.
struct ControlBody: Codable {
    var failure: FailurePlan?
    var clearsFailure = false
    var tokenDelayMilliseconds: Double?
    var loadTimeMilliseconds: Double?
    var slots: Int?

    init(_ control: DemoControl) {
        let settings = control.settings
        failure = control.failure
        tokenDelayMilliseconds = settings.tokenDelay.milliseconds
        loadTimeMilliseconds = settings.loadTime.milliseconds
        slots = settings.slotsPerModel
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        failure = try values.decodeIfPresent(FailurePlan.self, forKey: .failure)
        clearsFailure = values.contains(.failure) && failure == nil
        tokenDelayMilliseconds = try values.decodeIfPresent(Double.self, forKey: .tokenDelayMilliseconds)
        loadTimeMilliseconds = try values.decodeIfPresent(Double.self, forKey: .loadTimeMilliseconds)
        slots = try values.decodeIfPresent(Int.self, forKey: .slots)
    }

    func apply(to control: DemoControl) {
        var settings = control.settings
        if let tokenDelayMilliseconds { settings.tokenDelay = .milliseconds(min(max(tokenDelayMilliseconds, 0), 3_600_000)) }
        if let loadTimeMilliseconds { settings.loadTime = .milliseconds(min(max(loadTimeMilliseconds, 0), 3_600_000)) }
        if let slots { settings.slotsPerModel = min(max(slots, 1), 10_000) }
        control.settings = settings
        if failure != nil || clearsFailure { control.failure = failure }
    }

    private enum CodingKeys: String, CodingKey {
        case failure
        case tokenDelayMilliseconds = "token_delay_ms"
        case loadTimeMilliseconds = "load_time_ms"
        case slots
    }
}
