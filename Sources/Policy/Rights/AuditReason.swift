/// The caller's `X-Audit-Reason` in the form that is kept.
package enum AuditReason {
    /// Longest reason that is kept, bytes; the rest is cut off.
    package static let maximumBytes = 1_024

    /// The text without control characters and blanks around it, cut between two characters; nil when nothing is left that says anything.
    package static func sane(_ text: String) -> String? {
        var kept = ""
        for character in text {
            let next = character.unicodeScalars.contains(where: isInvisible) ? " " : character
            if next.isWhitespace, kept.isEmpty { continue }
            guard kept.utf8.count + next.utf8.count <= maximumBytes else { break }
            kept.append(next)
        }
        while kept.last?.isWhitespace == true { kept.removeLast() }
        return kept.contains { $0.isLetter || $0.isNumber } ? kept : nil
    }

    /// Control characters, and those that only change how others are shown.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
    }
}
