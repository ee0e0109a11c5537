import Policy

/// The text of the key file: a first line with the format, then one key per line, with six words and a seventh for a key that expires, so that people
/// can read it and a version control system can show changes.
package struct CallerKeyList: Sendable, Hashable {
    /// A change between two versions of a list of keys.
    package enum Change: Sendable, Hashable {
        case created(CallerKey)
        case revoked(CallerKey)
        /// The key's expiry was changed, as for the old key in a rotation.
        case endChanged(CallerKey)
        /// The key was removed from the list, which revokes it as well.
        case removed(CallerKey)

        /// The changes that lead from one version to the other.
        package static func changes(from old: CallerKeyList, to new: CallerKeyList) -> [Change] {
            let before = Dictionary(old.keys.map { ($0.id, $0) }) { first, _ in first }
            var changes: [Change] = []
            for key in new.keys {
                let known = before[key.id]
                if known == nil { changes.append(.created(key)) }
                if key.revoked != nil, known?.revoked == nil { changes.append(.revoked(key)) }
                if let known, known.ends != key.ends { changes.append(.endChanged(key)) }
            }
            let ids = Set(new.keys.map(\.id))
            return changes + old.keys.filter { !ids.contains($0.id) && $0.revoked == nil }.map(Change.removed)
        }
    }

    /// More keys than this are a mistake; each costs some 300 bytes of memory.
    package static let mostKeys = 10_000
    static let title = "hss-gateway caller keys 1"

    package var keys: [CallerKey] = []

    package init() {}

    /// What is wrong with the text, and in which line.
    package struct Fault: Error, Sendable, Hashable {
        package let line: Int
        package let sentence: String
    }

    package init(_ text: String) throws(Fault) {
        var ids: Set<String> = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let number = index + 1
            if number == 1 {
                guard line == CallerKeyList.title else { throw Fault(line: 1, sentence: "the first line must be `\(CallerKeyList.title)`") }
                continue
            }
            if line.isEmpty || line.first == "#" { continue }
            guard keys.count < CallerKeyList.mostKeys else {
                throw Fault(line: number, sentence: "there are more than \(CallerKeyList.mostKeys) keys")
            }
            let key = try CallerKeyList.key(line, number)
            guard ids.insert(key.id).inserted else { throw Fault(line: number, sentence: "this key's id stands there twice") }
            keys.append(key)
        }
    }

    package var text: String {
        var text = CallerKeyList.title + "\n# kind id caller created revoked sha256 [ends]\n"
        for key in keys {
            let words = [key.kind.rawValue, key.id, key.caller, key.created, key.revoked ?? "-", key.digest ?? "-", key.ends]
            text += words.compactMap(\.self).joined(separator: " ") + "\n"
        }
        return text
    }

    private static func key(_ line: Substring, _ number: Int) throws(Fault) -> CallerKey {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard (6...7).contains(words.count), words.allSatisfy({ !$0.isEmpty }) else {
            throw Fault(line: number, sentence: "a key is six or seven words: kind id caller created revoked sha256 [ends]")
        }
        guard let kind = CallerFacts.ProvenKey.Kind(rawValue: words[0]) else {
            throw Fault(line: number, sentence: "the first word must be `api` or `virtual`")
        }
        let isWellFormed =
            switch kind {
            case .api: words[1].utf8.count == 16 && Base32.isLowerCase(words[1])
            case .virtual: CallerKey.VirtualID.isMeant(by: words[1])
            }
        guard isWellFormed else { throw Fault(line: number, sentence: "the second word is no id of such a key") }
        let digest = words[5] == "-" ? nil : words[5]
        let isDigest = digest.map { $0.utf8.count == 64 && $0.utf8.allSatisfy { $0 &- 0x30 < 10 || $0 &- 0x61 < 6 } }
        guard isDigest == (kind == .api ? true : nil) else {
            throw Fault(line: number, sentence: "the sixth word must be the SHA-256 of an API key in hexadecimal, or `-` for a virtual key")
        }
        let key = CallerKey(
            kind: kind, id: words[1], caller: words[2], created: words[3], revoked: words[4] == "-" ? nil : words[4], digest: digest,
            ends: words.count == 7 ? words[6] : nil)
        // An expiry that can't be parsed would mean no expiry.
        guard key.ends == nil || key.endsAt != nil else {
            throw Fault(line: number, sentence: "the seventh word must be the time of the key's end, as 2027-01-31T12:00:00Z")
        }
        return key
    }
}
