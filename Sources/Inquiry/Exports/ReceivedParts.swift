import Audit

/// What callers have of files after each download. A file can be fetched in parts (RFC 9110 section 14): by a client that resumes, or by one that
/// doesn't want it to show that it takes everything.
struct ReceivedParts {
    private struct Copy: Hashable {
        let caller: String
        let project: String
        let file: String
    }

    private struct Held {
        /// In their order; none touches another.
        var parts: [Range<Int64>] = []
        /// The file's length, once a part has told it.
        var whole: Int64?

        mutating func add(_ part: Range<Int64>) {
            guard !part.isEmpty else { return }
            let first = parts.firstIndex { $0.upperBound >= part.lowerBound } ?? parts.endIndex
            let end = parts[first...].firstIndex { $0.lowerBound > part.upperBound } ?? parts.endIndex
            var joined = part
            for old in parts[first..<end] { joined = min(joined.lowerBound, old.lowerBound)..<max(joined.upperBound, old.upperBound) }
            parts.replaceSubrange(first..<end, with: [joined])
        }
    }

    private var copies: [Copy: Held] = [:]

    /// Takes the next download.
    /// - Returns: whether its caller has the whole file by it.
    mutating func take(_ download: JournalRecord) -> Bool {
        // Neither answer has anything of the file.
        guard download[.method] != "HEAD", download.integer(.status) != 304 else { return false }
        let range = download.contentRange
        // Of an answer that doesn't say which part it is, it isn't known that something is missing.
        if range == nil, download[.outcome] == Record.Outcome.success.rawValue { return true }
        guard range != nil || download.integer(.status) == 200 else { return false }
        let copy = Copy(caller: download[.callerName] ?? "", project: download[.projectID] ?? "", file: download[.fileID] ?? "")
        var held = copies[copy] ?? Held()
        if let whole = range?.whole {
            // Another length is another version of the file.
            if let known = held.whole, known != whole { held = Held() }
            held.whole = whole
        }
        let part = range?.part ?? 0..<Int64.max
        let received = max(0, download.integer(.responseBytes) ?? 0)
        held.add(part.lowerBound..<min(part.upperBound, part.lowerBound.saturatingSum(received)))
        let isWhole = held.whole.map { whole in held.parts.first.map { $0.lowerBound == 0 && $0.upperBound >= whole } ?? false } ?? false
        copies[copy] = isWhole ? nil : held
        return isWhole
    }
}

extension JournalRecord {
    /// Which part of a file a download is; nil for a whole one, and for one that doesn't say it.
    var contentRange: ContentRange? {
        let detail = raw(.detail).map(Array.init) ?? []
        return detail.withUnsafeBytes { RecordFields($0)?.text(.contentRange) }.flatMap(ContentRange.init)
    }
}
