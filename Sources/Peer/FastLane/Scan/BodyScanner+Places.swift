extension BodyScanner {
    // MARK: Values that a rewrite may touch

    /// A member that routing needs nothing of; true when it is meant for the fleet alone.
    mutating func otherMember(_ walker: inout JSONWalker, _ key: JSONWalker.Text) throws(ScanError) -> Bool {
        if walker.text(key, is: "think") {
            scan.places.thinks = try thinking(&walker)
        } else if walker.text(key, is: "max_tokens") {
            scan.places.maxTokens = try number(&walker)
        } else if walker.text(key, is: "keep_alive") {
            let kind = try place(&walker)
            scan.places.keepAlive = kind.kind == .null ? .null(kind.range) : .given
        } else if walker.text(key, is: "reasoning_effort") {
            scan.places.thinks = try thinking(&walker)
        } else if walker.text(key, is: "reasoning") {
            try reasoning(&walker)
        } else if walker.text(key, is: "suffix") {
            let place = try place(&walker)
            scan.places.fillsIn = place.kind == .string && place.range.count > 2
        } else if walker.text(key, is: "nomyo") {
            try wishes(&walker)
            return true
        } else {
            try walker.value()
        }
        return false
    }

    /// NOMYO Router's own field: `{"cache":true}`.
    private mutating func wishes(_ walker: inout JSONWalker) throws(ScanError) {
        guard try walker.peek() == UInt8(ascii: "{") else { return _ = try walker.value() }
        try walker.object { walker, key throws(ScanError) in
            guard walker.text(key, is: "cache") else { return _ = try walker.value() }
            let first = try walker.peek()
            scan.wantsCache = try walker.value() == .bool && first == UInt8(ascii: "t")
        }
    }

    mutating func options(_ walker: inout JSONWalker) throws(ScanError) {
        guard try walker.peek() == UInt8(ascii: "{") else {
            let place = try place(&walker)
            guard place.kind == .null else { return scan.places.options = .other }
            // Null takes back what an earlier `options` said.
            scan.places.options = .null(place.range)
            scan.places.context = nil
            scan.places.predict = nil
            scan.requestedContext = nil
            return
        }
        let open = walker.index + 1
        var isEmpty = true
        try walker.object { walker, key throws(ScanError) in
            isEmpty = false
            if walker.text(key, is: "num_ctx") {
                scan.places.context = try number(&walker)
                scan.requestedContext = scan.places.context?.value.flatMap { $0 > 0 ? $0 : nil }
            } else if walker.text(key, is: "num_predict") {
                scan.places.predict = try number(&walker)
            } else {
                try walker.value()
            }
        }
        scan.places.options = .object(open: open, isEmpty: isEmpty)
    }

    /// Reads tags and user; true when nothing but the fleet's own is in it. Ollama's own routes have no `metadata`, so there all of
    /// it is the fleet's.
    mutating func metadata(_ walker: inout JSONWalker) throws(ScanError) -> Bool {
        guard try walker.peek() == UInt8(ascii: "{") else {
            try walker.value()
            return false
        }
        var cuts = MemberCuts()
        try walker.object { walker, key throws(ScanError) in
            if walker.text(key, is: "tags"), try walker.peek() == UInt8(ascii: "[") {
                scan.tags = try strings(&walker, limit: 64)
                cuts.cut((key.start - 1)..<walker.index, in: walker.bytes)
                return
            }
            cuts.keep()
            if walker.text(key, is: "user_id") {
                scan.metadataUser = try optionalString(&walker)
            } else {
                try walker.value()
            }
        }
        let isOwn = isOllamas || cuts.cutsAll
        scan.places.ownTags = isOwn ? MemberCuts() : cuts
        return isOwn
    }

    /// `{"effort":"none"}`
    private mutating func reasoning(_ walker: inout JSONWalker) throws(ScanError) {
        guard try walker.peek() == UInt8(ascii: "{") else { return _ = try walker.value() }
        try walker.object { walker, key throws(ScanError) in
            if walker.text(key, is: "effort") {
                scan.places.thinks = try thinking(&walker)
            } else {
                try walker.value()
            }
        }
    }

    /// A truth, or a word for how much; nil for anything else.
    private func thinking(_ walker: inout JSONWalker) throws(ScanError) -> Bool? {
        let first = try walker.peek()
        guard first == UInt8(ascii: "\"") else {
            return try walker.value() == .bool ? first == UInt8(ascii: "t") : nil
        }
        return !walker.text(try walker.string(), is: "none")
    }

    private func number(_ walker: inout JSONWalker) throws(ScanError) -> BodyPlaces.Number? {
        let place = try place(&walker)
        guard place.kind == .number else { return nil }
        return BodyPlaces.Number(
            range: place.range, value: Int(String(decoding: walker.bytes[place.range], as: UTF8.self)))
    }

    /// Skips a value and says where it was.
    private func place(_ walker: inout JSONWalker) throws(ScanError) -> (kind: JSONWalker.Kind, range: Range<Int>) {
        _ = try walker.peek()
        let from = walker.index
        let kind = try walker.value()
        return (kind, from..<walker.index)
    }
}
