import Audit
import Recognition

/// What is to be said of keys that end: once when the end is near, once when it has come; and the last uses, written now and then.
///
/// Requests write nothing: they leave a number in memory (`KeyUse`), and this looks at all of them once in a while.
struct KeyEnds {
    /// What happened to a key.
    enum News: Sendable, Hashable {
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

    /// What nobody was told yet of these keys; from now on it counts as told.
    mutating func news(of list: CallerKeyList, now: Int64) -> [News] {
        var news: [News] = []
        var told: [String: KeyUseFile.Told] = [:]
        for key in list.keys where key.revoked == nil {
            guard let end = key.endsAt else { continue }
            let before = content.told[key.id] ?? .nothing
            if now >= end {
                told[key.id] = .ended
                if before != .ended { news.append(.ended(key)) }
            } else if end - now <= CallerKey.notice {
                told[key.id] = .ending
                if before == .nothing { news.append(.ending(key)) }
            }
        }
        content.told = told
        return news
    }

    /// Writes what changed, unless that was done a moment ago.
    mutating func keep(_ uses: KeyUses, isLast: Bool = false) {
        content.lastUsed = uses.lastUsed
        guard content != written else { return }
        if let writtenAt, !isLast, .now - writtenAt < Self.spacing { return }
        // What can't be written is tried again; it is a convenience, and no request waits for it.
        if file.write(content) { written = content }
        writtenAt = .now
    }
}
