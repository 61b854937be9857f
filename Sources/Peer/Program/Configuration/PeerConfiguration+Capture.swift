extension PeerConfiguration {
    /// `FLEET_DEBUG_REQUEST_BODIES` and its bounds.
    static func capture(_ read: SettingsReader) throws(ConfigurationProblem) -> CaptureSettings {
        CaptureSettings(
            isOn: try read.truth(.debugRequestBodies, default: false),
            days: try read.number(.debugRequestRetentionDays, default: 7, in: 1...365),
            maximumBytes: try read.number(.debugRequestMaximumMegabytes, default: 256, in: 1...1_048_576) << 20)
    }

    /// What the log says of it at every start.
    static let captureWarning =
        "FLEET_DEBUG_REQUEST_BODIES is on: what clients send, prompts included, is written into the data directory"
}
