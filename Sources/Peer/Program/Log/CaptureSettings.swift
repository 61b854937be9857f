/// Whether what clients send is kept for somebody who looks for a fault, and how much of it.
struct CaptureSettings: Hashable, Sendable {
    /// Somebody switched it on.
    var isOn = false
    /// Files of earlier days are removed.
    var days = 7
    /// All files together, bytes; beyond it the oldest go.
    var maximumBytes = 256 << 20
}
