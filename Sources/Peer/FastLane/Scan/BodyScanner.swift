internal import NIOCore

/// Reads the few values that routing needs out of an inference request, and checks that the rest is JSON.
struct BodyScanner {
    private let route: LaneRoute
    var scan = BodyScan()
    private var headRanges: [Range<Int>] = []
    /// About 2,000 tokens (herd-compat §6.3).
    private static let shortestPrefix = 8_000

    private init(route: LaneRoute) { self.route = route }

    /// One of Ollama's own routes.
    var isOllamas: Bool { route.dialect == .ollama }

    /// Scans a whole body.
    ///
    /// - Throws: a `ScanError` with the words that Ollama's parser has for it.
    static func scan(_ body: ByteBuffer, route: LaneRoute) throws(ScanError) -> BodyScan {
        let outcome = body.withUnsafeReadableBytes { raw -> Result<BodyScan, ScanError> in
            var scanner = BodyScanner(route: route)
            do throws(ScanError) {
                try scanner.run(JSONWalker(raw.bindMemory(to: UInt8.self)))
                // Moved out: a copy would count all of its texts.
                var result = BodyScan()
                swap(&result, &scanner.scan)
                return .success(result)
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private mutating func run(_ start: JSONWalker) throws(ScanError) {
        var walker = start
        walker.skipSpace()
        guard walker.index < walker.bytes.count else { throw ScanError("EOF") }
        if walker.bytes[walker.index] == UInt8(ascii: "{") {
            scan.places.open = walker.index + 1
            try walker.object { walker, key throws(ScanError) in try member(&walker, key) }
        } else {
            let kind = try walker.value()
            if kind != .null {
                throw ScanError("json: cannot unmarshal \(kind.rawValue) into Go value of type api.\(route.requestTypeName)")
            }
        }
        walker.skipSpace()
        if walker.index < walker.bytes.count {
            throw .invalid(walker.bytes[walker.index], "after top-level value")
        }
        scan.prefix = prefix(of: walker.bytes)
    }

    /// FNV-1a over system prompt and tools.
    private func prefix(of bytes: UnsafeBufferPointer<UInt8>) -> UInt64? {
        guard headRanges.reduce(0, { $0 + $1.count }) >= Self.shortestPrefix else { return nil }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for range in headRanges {
            for at in range { hash = (hash ^ UInt64(bytes[at])) &* 0x0000_0100_0000_01B3 }
        }
        return hash
    }

    /// Skips a value that belongs to the part of a prompt that repeats.
    private mutating func headValue(
        _ walker: inout JSONWalker, _ read: (inout BodyScanner, inout JSONWalker) throws(ScanError) -> Void
    ) throws(ScanError) {
        _ = try walker.peek()
        let from = walker.index
        try read(&self, &walker)
        headRanges.append(from..<walker.index)
    }

    private mutating func member(_ walker: inout JSONWalker, _ key: JSONWalker.Text) throws(ScanError) {
        let isOwn = try read(&walker, key)
        if isOwn {
            scan.places.own.cut((key.start - 1)..<walker.index, in: walker.bytes)
        } else {
            scan.places.own.keep()
        }
    }

    /// Reads a member; true when it is meant for the fleet alone.
    private mutating func read(_ walker: inout JSONWalker, _ key: JSONWalker.Text) throws(ScanError) -> Bool {
        if walker.text(key, is: "messages") {
            try messages(&walker)
        } else if walker.text(key, is: "model") {
            try model(&walker)
        } else if route.isManagement {
            try managementMember(&walker, key)
        } else if walker.text(key, is: "stream") {
            scan.stream = try bool(&walker, "stream")
        } else if walker.text(key, is: "options") {
            try options(&walker)
        } else if walker.text(key, is: "prompt") || walker.text(key, is: "input") {
            try text(&walker)
        } else if walker.text(key, is: "system") {
            try headValue(&walker) { scanner, walker throws(ScanError) in try scanner.text(&walker) }
        } else if walker.text(key, is: "images") {
            scan.imageCount += try count(&walker)
        } else if walker.text(key, is: "tools") {
            try headValue(&walker) { scanner, walker throws(ScanError) in
                scanner.scan.hasTools = try scanner.count(&walker) > 0
            }
        } else if walker.text(key, is: "metadata") {
            return try metadata(&walker)
        } else if walker.text(key, is: "fallback_models") {
            scan.fallbackModels = try strings(&walker, limit: 16)
            return true
        } else if walker.text(key, is: "fallback") {
            scan.fallbackAllowed = try optionalBool(&walker)
            return true
        } else if walker.text(key, is: "user") {
            scan.user = try optionalString(&walker)
        } else {
            return try otherMember(&walker, key)
        }
        return false
    }

    private mutating func managementMember(_ walker: inout JSONWalker, _ key: JSONWalker.Text) throws(ScanError) {
        if walker.text(key, is: "name"), scan.model == nil {
            try model(&walker)
        } else if walker.text(key, is: "node_id") {
            scan.node = try optionalString(&walker)
        } else if walker.text(key, is: "from") {
            scan.from = try optionalString(&walker)
        } else if walker.text(key, is: "files") || walker.text(key, is: "adapters") {
            try blobs(&walker)
        } else if walker.text(key, is: "stream") {
            scan.stream = try bool(&walker, "stream")
        } else {
            try walker.value()
        }
    }

    /// File names and their digests.
    private mutating func blobs(_ walker: inout JSONWalker) throws(ScanError) {
        guard try walker.peek() == UInt8(ascii: "{") else { return _ = try walker.value() }
        try walker.object { walker, _ throws(ScanError) in
            guard let text = try optionalString(&walker), let digest = BlobDigest.canonical(text), scan.blobs.count < 256,
                !scan.blobs.contains(digest)
            else { return }
            scan.blobs.append(digest)
        }
    }

    private mutating func model(_ walker: inout JSONWalker) throws(ScanError) {
        guard try walker.peek() == UInt8(ascii: "\"") else {
            let kind = try walker.value()
            guard kind == .null else { throw wrongType(kind, "model", "string") }
            return
        }
        let from = walker.index
        let text = try walker.string()
        scan.model = walker.decoded(text)
        scan.modelRange = from..<walker.index
    }

    private func wrongType(_ kind: JSONWalker.Kind, _ field: String, _ type: String) -> ScanError {
        ScanError(
            "json: cannot unmarshal \(kind.rawValue) into Go struct field \(route.requestTypeName).\(field) of type \(type)")
    }

    private func bool(_ walker: inout JSONWalker, _ field: String) throws(ScanError) -> Bool? {
        let first = try walker.peek()
        let kind = try walker.value()
        switch kind {
        case .bool: return first == UInt8(ascii: "t")
        case .null: return nil
        default: throw wrongType(kind, field, "bool")
        }
    }
}

extension BodyScanner {
    // MARK: Prompts

    /// `messages`: counts them, their text and their images, whichever API's form those have.
    private mutating func messages(_ walker: inout JSONWalker) throws(ScanError) {
        guard try walker.peek() == UInt8(ascii: "[") else { return _ = try walker.value() }
        var count = 0
        try walker.array { walker throws(ScanError) in
            count += 1
            guard try walker.peek() == UInt8(ascii: "{") else { return _ = try walker.value() }
            let from = walker.index
            var isSystem = false
            try walker.object { walker, key throws(ScanError) in
                if walker.text(key, is: "content") {
                    try text(&walker)
                } else if walker.text(key, is: "images") {
                    scan.imageCount += try self.count(&walker)
                } else if walker.text(key, is: "role"), try walker.peek() == UInt8(ascii: "\"") {
                    isSystem = walker.text(try walker.string(), is: "system")
                } else {
                    try walker.value()
                }
            }
            if count == 1, isSystem { headRanges.append(from..<walker.index) }
        }
        scan.messageCount = count
    }

    /// A prompt: a string, or a list of strings or of OpenAI's content parts.
    private mutating func text(_ walker: inout JSONWalker) throws(ScanError) {
        switch try walker.peek() {
        case UInt8(ascii: "\""): scan.textBytes += try walker.string().count
        case UInt8(ascii: "["):
            try walker.array { walker throws(ScanError) in
                switch try walker.peek() {
                case UInt8(ascii: "\""): scan.textBytes += try walker.string().count
                case UInt8(ascii: "{"): try part(&walker)
                default: try walker.value()
                }
            }
        default: try walker.value()
        }
    }

    /// A part of a prompt, or an item that has such parts: a message of OpenAI's responses, a tool's result of Anthropic's.
    private mutating func part(_ walker: inout JSONWalker) throws(ScanError) {
        try walker.object { walker, key throws(ScanError) in
            if walker.text(key, is: "text"), try walker.peek() == UInt8(ascii: "\"") {
                scan.textBytes += try walker.string().count
            } else if walker.text(key, is: "content") || walker.text(key, is: "output") {
                try text(&walker)
            } else if walker.text(key, is: "type"), try walker.peek() == UInt8(ascii: "\"") {
                // Anthropic's picture has no key of its own.
                if walker.text(try walker.string(), is: "image") { scan.imageCount += 1 }
            } else {
                if walker.text(key, is: "image_url") { scan.imageCount += 1 }
                if walker.text(key, is: "input_audio") { scan.audioCount += 1 }
                try walker.value()
            }
        }
    }

    // MARK: Lenient values: a wrong type is the engine's business, not routing's

    /// Elements of a list; 0 for anything else.
    private func count(_ walker: inout JSONWalker) throws(ScanError) -> Int {
        guard try walker.peek() == UInt8(ascii: "[") else {
            try walker.value()
            return 0
        }
        var count = 0
        try walker.array { walker throws(ScanError) in
            count += 1
            try walker.value()
        }
        return count
    }

    func strings(_ walker: inout JSONWalker, limit: Int) throws(ScanError) -> [String] {
        guard try walker.peek() == UInt8(ascii: "[") else {
            try walker.value()
            return []
        }
        var all: [String] = []
        try walker.array { walker throws(ScanError) in
            guard try walker.peek() == UInt8(ascii: "\"") else { return _ = try walker.value() }
            let text = try walker.string()
            if all.count < limit, text.count <= 256 { all.append(walker.decoded(text)) }
        }
        return all
    }

    func optionalString(_ walker: inout JSONWalker) throws(ScanError) -> String? {
        guard try walker.peek() == UInt8(ascii: "\"") else {
            try walker.value()
            return nil
        }
        let text = try walker.string()
        return text.count <= 256 ? walker.decoded(text) : nil
    }

    private func optionalBool(_ walker: inout JSONWalker) throws(ScanError) -> Bool? {
        let first = try walker.peek()
        return try walker.value() == .bool ? first == UInt8(ascii: "t") : nil
    }
}
