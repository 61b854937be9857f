/// Lines of the form `Name: 123 kB` or `name 123`, as many files of `/proc` and `/sys` have them.
struct KeyedLines {
    private let lines: [Substring]
    private let separator: Character

    /// The lines of `text`; `separator` stands between name and value.
    init(_ text: String, separator: Character = ":") {
        lines = text.split(separator: "\n")
        self.separator = separator
    }

    /// The value of the first line that is named `name`, without blanks around it.
    func value(_ name: String) -> Substring? {
        for line in lines where line.hasPrefix(name) {
            let rest = line.dropFirst(name.count).trimmingPrefix(while: { $0 == " " || $0 == "\t" })
            if separator == " " {
                if rest.startIndex > line.index(line.startIndex, offsetBy: name.count) { return rest.trimmingBlanks() }
            } else if rest.first == separator {
                return rest.dropFirst().trimmingBlanks()
            }
        }
        return nil
    }

    /// The whole number that a value starts with.
    func number(_ name: String) -> Int64? {
        value(name).flatMap { Int64($0.prefix { $0.isASCII && $0.isNumber }) }
    }

    /// A number of kibibytes, in bytes; nil where it is none or too large to be true.
    func kibibytes(_ name: String) -> Int64? {
        guard let number = number(name), number < 1 << 52 else { return nil }
        return number << 10
    }
}
