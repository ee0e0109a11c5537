package import Files
import Glibc
import Synchronization

/// When one key was last used. Costs one atomic store per request with the key, and only if the second has changed.
package final class KeyUse: Sendable {
    /// Seconds since 1970; 0 for a key that was not used yet.
    private let seconds: Atomic<Int64>

    init(seconds: Int64 = 0) {
        self.seconds = Atomic(seconds)
    }

    package var lastUsed: Int64? {
        let value = seconds.load(ordering: .relaxed)
        return value == 0 ? nil : value
    }

    func note(_ now: Int64) {
        if seconds.load(ordering: .relaxed) != now { seconds.store(now, ordering: .relaxed) }
    }
}

/// The last uses of all keys. One instance exists for the whole life of the process and is kept when the list of keys changes.
package final class KeyUses: Sendable {
    private let uses = Mutex<[String: KeyUse]>([:])

    package init() {}

    /// The last use of one key, by its id.
    package func use(of id: String) -> KeyUse {
        uses.withLock { uses in
            if let known = uses[id] { return known }
            let made = KeyUse()
            uses[id] = made
            return made
        }
    }

    /// Removes keys that are not listed any more, so that it contains no more than a list may (`CallerKeyList.mostKeys`). Called with the list in
    /// force: a configuration that is read and then refused forgets nothing.
    package func retain(_ ids: Set<String>) {
        uses.withLock { uses in uses = uses.filter { ids.contains($0.key) } }
    }

    /// Takes over the times of an earlier process for keys that this one has not seen since.
    package func adopt(_ lastUsed: [String: Int64]) {
        for (id, seconds) in lastUsed {
            let use = use(of: id)
            if (use.lastUsed ?? 0) < seconds { use.note(seconds) }
        }
    }

    /// By id; unused keys are left out.
    package var lastUsed: [String: Int64] { uses.withLock { $0.compactMapValues(\.lastUsed) } }
}

/// A file next to the journal that keeps, across restarts, the last uses of keys and which warnings about their expiry were given. It may be deleted
/// at any time: then `list` shows no earlier use, and warnings may be repeated.
package struct KeyUseFile: Sendable {
    /// What was reported to the operator about a key's expiry.
    package enum Told: String, Sendable, Hashable {
        case nothing = "-"
        case ending
        case ended
    }

    /// The content of the file.
    package struct Content: Sendable, Hashable {
        package var lastUsed: [String: Int64] = [:]
        package var told: [String: Told] = [:]

        package init() {}
    }

    private static let title = "hss-gateway caller key uses 1"
    private static let largestFile = 2 << 20

    private let path: String

    package init(directory: String) {
        path = "\(directory)/caller-keys.used"
    }

    /// The content; of a damaged file, the part that can be read.
    package func read() -> Content {
        var content = Content()
        guard let bytes = try? FileBytes.read(path, limit: Self.largestFile) else { return content }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.first.map(String.init) == Self.title else { return content }
        for line in lines.dropFirst().prefix(CallerKeyList.mostKeys) {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3, let seconds = Int64(words[1]), let told = Told(rawValue: words[2]) else { continue }
            if seconds > 0 { content.lastUsed[words[0]] = seconds }
            if told != .nothing { content.told[words[0]] = told }
        }
        return content
    }

    /// Replaces the file, or throws the system's error.
    package func write(_ content: Content) throws(ErrorCode) {
        let ids = Set(content.lastUsed.keys).union(content.told.keys).sorted()
        let lines = ids.map { "\($0) \(content.lastUsed[$0] ?? 0) \((content.told[$0] ?? .nothing).rawValue)\n" }
        try FileBytes.replace(path, with: Array("\(Self.title)\n\(lines.joined())".utf8))
    }
}
