import Files
internal import Glibc

/// Why the key for checkpoints can't be used, a sentence for the operator; never the content of its file.
package struct CheckpointKeyFault: Error, Sendable {
    /// One sentence.
    package let sentence: String

    /// Makes a fault.
    package init(sentence: String) {
        self.sentence = sentence
    }
}

/// The file with the key that signs checkpoints, mode 0600, and next to it the public keys (`.pub`).
///
/// 1. The first line is the key. A second line is the previous key, kept until an event signed by both records that the first replaces it. `LOST` and
///    a public key as the second line is a previous key that was lost: the event about it is signed only by the new key.
/// 2. The journal's origin is the key's name, chosen once: it stays the same if the host is renamed.
package struct CheckpointKey: Sendable {
    /// The suffix of the file with the public keys.
    package static let publicSuffix = ".pub"

    /// The key that signs.
    package let signer: NoteSigner
    /// The previous key, until the journal has recorded the change.
    let retiring: NoteSigner?
    /// The lost previous key, until the journal has recorded the loss.
    let lost: NoteVerifier?
    let path: String

    /// The journal's name.
    package var origin: String { signer.verifier.name }

    /// The file of the public keys.
    package var publicPath: String { path + Self.publicSuffix }

    /// Reads the key, or creates it if there was never one. A new key for a journal that another key has signed would change the journal's name, and
    /// the earlier checkpoints would no longer verify.
    /// - Parameter journal: the directory of the journal that it signs.
    package static func load(path: String, instance: String, journal: String? = nil) throws(CheckpointKeyFault) -> CheckpointKey {
        if let key = try found(path: path, journal: journal) { return key }
        let key = CheckpointKey(path: path, signer: NoteSigner(name: origin(of: instance)), retiring: nil, lost: nil)
        try key.store()
        return key
    }

    /// The key that signs a journal; nil if none was ever created; throws if it is missing or belongs to another journal.
    package static func found(path: String, journal: String?) throws(CheckpointKeyFault) -> CheckpointKey? {
        if let key = try existing(path: path) {
            try key.check(journal)
            return key
        }
        if let origin = Self.traces(path: path, journal: journal).origin {
            throw CheckpointKeyFault(
                sentence: "The checkpoint key \(path) is missing, and checkpoints of \(origin) were signed with it. Put it back from a backup. "
                    + "If it is lost, `hss-gateway audit key renew` makes a new one for the same journal, which then says so.")
        }
        return nil
    }

    /// The key if there is one; never creates one.
    package static func existing(path: String) throws(CheckpointKeyFault) -> CheckpointKey? {
        switch SmallFile.read(path) {
        case .success(let text): return try CheckpointKey(path: path, text: text)
        case .failure(let error) where error.code == ENOENT: return nil
        case .failure(let error): throw CheckpointKeyFault(sentence: "The checkpoint key \(path) can't be read: \(error.text).")
        }
    }

    /// Creates a new key in place of a lost one. The journal keeps its name; the next start records the loss.
    package static func renew(path: String, journal: String) throws(CheckpointKeyFault) -> NoteVerifier {
        guard try existing(path: path) == nil else {
            throw CheckpointKeyFault(sentence: "The checkpoint key \(path) is there: `hss-gateway audit key rotate` changes it.")
        }
        let traces = traces(path: path, journal: journal)
        guard let origin = traces.origin else {
            throw CheckpointKeyFault(sentence: "Nothing was signed yet, so there is nothing to renew: the start makes the key.")
        }
        let key = CheckpointKey(path: path, signer: NoteSigner(name: origin), retiring: nil, lost: traces.key)
        try key.store()
        return key.signer.verifier
    }

    /// Evidence that a key existed: the newest public key next to its file, and the name in the checkpoints.
    private static func traces(path: String, journal: String?) -> (origin: String?, key: NoteVerifier?) {
        let key = (try? SmallFile.read(path + publicSuffix).get()).flatMap { publicKeys($0).first }
        return (key?.name ?? journal.flatMap { CheckpointStore(directory: $0).newest()?.origin }, key)
    }

    /// Throws if the key belongs to another journal, for example after copying the wrong file.
    private func check(_ journal: String?) throws(CheckpointKeyFault) {
        guard let signed = journal.flatMap({ CheckpointStore(directory: $0).newest()?.origin }), signed != origin else { return }
        throw CheckpointKeyFault(
            sentence: "The checkpoint key \(path) is that of \(origin), and the journal's checkpoints are of \(signed). "
                + "Put the journal's own key back.")
    }

    /// The size that the newest checkpoint of a journal covers, if one of these keys signed it.
    package func signedSize(_ directory: String) -> UInt64 {
        CheckpointStore(directory: directory).signedSize([signer.verifier] + [retiring?.verifier].compactMap { $0 })
    }

    /// Writes a new key before the present one in the file; the running gateway, or the next start, notices and records the change.
    package static func rotate(path: String) throws(CheckpointKeyFault) -> NoteVerifier {
        switch SmallFile.read(path) {
        case .failure(let error): throw CheckpointKeyFault(sentence: "The checkpoint key \(path) can't be read: \(error.text).")
        case .success(let text):
            let old = try CheckpointKey(path: path, text: text)
            guard old.retiring == nil, old.lost == nil else {
                throw CheckpointKeyFault(sentence: "The last change of the key is not recorded yet: start the gateway.")
            }
            let new = CheckpointKey(path: path, signer: NoteSigner(name: old.origin), retiring: old.signer, lost: nil)
            try new.store()
            return new.signer.verifier
        }
    }

    private init(path: String, signer: NoteSigner, retiring: NoteSigner?, lost: NoteVerifier?) {
        self.lost = lost
        self.path = path
        self.signer = signer
        self.retiring = retiring
    }

    private init(path: String, text: String) throws(CheckpointKeyFault) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o007 == 0 else {
            throw CheckpointKeyFault(sentence: "The checkpoint key \(path) is open to every user of this machine: chmod 0600.")
        }
        let lines = text.split(separator: "\n")
        guard (1...2).contains(lines.count), let signer = NoteSigner(lines[0]) else {
            throw CheckpointKeyFault(sentence: "The checkpoint key \(path) holds no key.")
        }
        let retiring = lines.count == 2 ? NoteSigner(lines[1]) : nil
        let lost = lines.count == 2 && lines[1].hasPrefix(Self.lostMark) ? NoteVerifier(lines[1].dropFirst(Self.lostMark.count)) : nil
        guard lines.count == 1 || (retiring?.verifier.name ?? lost?.name) == signer.verifier.name else {
            throw CheckpointKeyFault(sentence: "The keys in \(path) don't belong together.")
        }
        self.init(path: path, signer: signer, retiring: retiring, lost: lost)
    }

    private static let lostMark = "LOST "

    /// The key without the previous one, once the change is recorded.
    func settled() -> CheckpointKey { CheckpointKey(path: path, signer: signer, retiring: nil, lost: nil) }

    /// Writes the file, and the file of public keys next to it: the present one first, earlier ones after it.
    func store() throws(CheckpointKeyFault) {
        let second = retiring?.secretText ?? lost.map { Self.lostMark + $0.text }
        let text = signer.secretText + "\n" + (second.map { $0 + "\n" } ?? "")
        if let error = SmallFile.replace(path, text, isDurable: true) {
            throw CheckpointKeyFault(sentence: "The checkpoint key \(path) can't be written: \(error.text).")
        }
        try storePublicKeys()
    }

    /// The name of a new journal of an instance.
    package static func origin(of instance: String) -> String { originPrefix + sane(instance) }

    /// The instance that a journal was named for; any other name as it is.
    package static func instance(of origin: String) -> String {
        origin.hasPrefix(originPrefix) ? String(origin.dropFirst(originPrefix.count)) : origin
    }

    private static let originPrefix = "hss-gateway/"

    /// Makes sure that the public keys' file begins with this key.
    func storePublicKeys() throws(CheckpointKeyFault) {
        var keys = (try? SmallFile.read(publicPath).get()).map { Self.publicKeys($0) } ?? []
        for key in [retiring?.verifier, signer.verifier].compactMap({ $0 }) where keys.first != key {
            keys.removeAll { $0 == key }
            keys.insert(key, at: 0)
        }
        let text = keys.map { $0.text + "\n" }.joined()
        var status = stat()
        if (try? SmallFile.read(publicPath).get()) == text, stat(publicPath, &status) == 0, status.st_mode & 0o777 == 0o600 { return }
        if let error = SmallFile.replace(publicPath, text, isDurable: true) {
            throw CheckpointKeyFault(sentence: "\(publicPath) can't be written: \(error.text).")
        }
    }

    /// The keys of a file of public keys, the newest first.
    package static func publicKeys(_ text: String) -> [NoteVerifier] {
        TextLines.plain(text).split(separator: "\n").compactMap { NoteVerifier($0) }
    }

    /// The keys of a file; throws if it can't be used.
    package static func publicKeys(path: String) throws(CheckpointKeyFault) -> [NoteVerifier] {
        switch SmallFile.read(path) {
        case .failure(let error): throw CheckpointKeyFault(sentence: "\(path) can't be read: \(error.text).")
        case .success(let text):
            let keys = publicKeys(text)
            guard !keys.isEmpty else { throw CheckpointKeyFault(sentence: "\(path) holds no public key of checkpoints.") }
            return keys
        }
    }

    private static func sane(_ instance: String) -> String {
        let name = String(
            instance.unicodeScalars.prefix(200).map { scalar -> Character in
                let isSane =
                    scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-".unicodeScalars.contains(scalar))
                return isSane ? Character(scalar) : "-"
            })
        return name.isEmpty ? "gateway" : name
    }
}
