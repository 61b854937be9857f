/// Something that is fed with bytes. It must not crash, hang or grow whatever they are.
public protocol FuzzSubject: AnyObject {
    /// Takes one input.
    ///
    /// - Returns: what was wrong with the outcome; nil when all was well.
    func feed(_ bytes: [UInt8]) -> String?
}
