import Audit
import Files
import Recognition

/// Reports expiring keys, once when the end is near and once when it has come; and writes the last uses from time to time.
///
/// Requests write nothing to disk: they store a number in memory (`KeyUse`), which is read here periodically.
struct KeyEnds {
    /// What happened to a key.
    enum Event: Sendable, Hashable {
        case ending(CallerKey)
        case ended(CallerKey)
    }

    /// How often the file is written at most, however much the keys are used.
    private static let spacing = Duration.seconds(10)

    private let file: KeyUseFile
    private var content: KeyUseFile.Content
    private var written: KeyUseFile.Content
    private var writtenAt: ContinuousClock.Instant?

    init(directory: String, uses: KeyUses) {
        file = KeyUseFile(directory: directory)
        content = file.read()
        written = content
        uses.adopt(content.lastUsed)
    }

    /// Returns what was not reported yet of these keys, and marks it as reported.
    mutating func events(of list: CallerKeyList, now: Int64) -> [Event] {
        var events: [Event] = []
        var told: [String: KeyUseFile.Told] = [:]
        for key in list.keys where key.revoked == nil {
            guard let end = key.endsAt else { continue }
            let before = content.told[key.id] ?? .nothing
            if now >= end {
                told[key.id] = .ended
                if before != .ended { events.append(.ended(key)) }
            } else if end - now <= CallerKey.notice {
                told[key.id] = .ending
                if before == .nothing { events.append(.ending(key)) }
            }
        }
        content.told = told
        return events
    }

    /// Writes what changed, unless that was done a moment ago.
    mutating func keep(_ uses: KeyUses, isLast: Bool = false) {
        content.lastUsed = uses.lastUsed
        guard content != written else { return }
        if let writtenAt, !isLast, .now - writtenAt < Self.spacing { return }
        // A failed write is repeated later; the last uses are only a convenience, and no request waits for
        // them.
        do throws(ErrorCode) {
            try file.write(content)
            written = content
        } catch {}
        writtenAt = .now
    }
}
