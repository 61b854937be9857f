/// The operating system's name for people.
public enum SystemName {
    /// `PRETTY_NAME` of `/etc/os-release`, else `Linux`. At most 128 characters.
    public static func read(files: SystemFiles) -> String {
        let text = files.text("/etc/os-release", limit: 8192) ?? files.text("/usr/lib/os-release", limit: 8192) ?? ""
        for line in text.split(separator: "\n") where line.hasPrefix("PRETTY_NAME=") {
            let value = line.dropFirst("PRETTY_NAME=".count).trimmingBlanks()
            let bare = value.count >= 2 && (value.first == "\"" || value.first == "'") && value.first == value.last
            let name = bare ? value.dropFirst().dropLast() : value
            if !name.isEmpty { return String(name.prefix(128)) }
        }
        return "Linux"
    }
}
