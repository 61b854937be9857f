import Glibc

/// Which file a path leads to: two that are the same have one mark.
struct FileMark: Hashable {
    private let device: UInt
    private let number: UInt

    /// Nil where there is no file.
    init?(path: String) {
        var found = stat()
        guard stat(path, &found) == 0 else { return nil }
        device = UInt(found.st_dev)
        number = UInt(found.st_ino)
    }
}
