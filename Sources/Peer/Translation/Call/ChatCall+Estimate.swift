extension ChatCall {
    /// About how many tokens the prompt has: four bytes of text are one, a message costs four more and an image 150, as the
    /// routing counts them. Tools count with the text of their definitions.
    var estimatedTokens: Int {
        var bytes = 16 * turns.count + (prompt?.text.utf8.count ?? 0) + (prompt?.suffix?.utf8.count ?? 0)
        var images = 0
        for turn in turns {
            bytes += turn.thinking.utf8.count
            for call in turn.calls { bytes += call.name.utf8.count + call.arguments.utf8.count }
            for part in turn.parts {
                switch part {
                case .text(let text): bytes += text.utf8.count
                case .image: images += 1
                case .foreign(let json): bytes += json.bytes.count
                }
            }
        }
        for tool in tools { bytes += tool.bytes.count }
        return max(1, bytes / 4 + 150 * images)
    }
}
