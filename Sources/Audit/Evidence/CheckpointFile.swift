/// The content of a file with several consecutive checkpoints, such as an anchor's. A full disk or a power cut may have left some of them incomplete:
/// those prove nothing, and nothing against the others.
package struct CheckpointFile: Sendable {
    private static let dash = "\u{2014} "

    package let checkpoints: [SignedCheckpoint]
    /// How many pieces are no whole checkpoint.
    package let torn: Int

    /// Reads a file. A checkpoint is a block of lines and, after an empty line, a block of signatures; neither has an empty line in it.
    package init(_ content: String) {
        var checkpoints: [SignedCheckpoint] = []
        var torn = 0
        var text: String?
        for block in Self.blocks(content) {
            guard block.hasPrefix(Self.dash) else {
                if text != nil { torn += 1 }
                text = block
                continue
            }
            let note = (text ?? "") + "\n" + block
            text = nil
            if let checkpoint = SignedCheckpoint(note: note), SignedNote(note)?.isWhole == true { checkpoints.append(checkpoint) } else { torn += 1 }
        }
        self.checkpoints = checkpoints
        self.torn = torn + (text == nil ? 0 : 1)
    }

    private static func blocks(_ content: String) -> [String] {
        var blocks: [String] = []
        var isInBlock = false
        // An editor of Windows, or a mail, may have made both characters of each line break, which Swift takes for one. The signature is over "\n".
        for line in content.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
            if line.isEmpty {
                isInBlock = false
            } else if isInBlock {
                blocks[blocks.count - 1] += "\(line)\n"
            } else {
                blocks.append("\(line)\n")
                isInBlock = true
            }
        }
        return blocks
    }
}
