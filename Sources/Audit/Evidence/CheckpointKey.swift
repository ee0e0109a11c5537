internal import Glibc

/// Why the key of checkpoints can't be used, for the operator; never what is in its file.
package struct CheckpointKeyFault: Error, Sendable {
    /// One sentence.
    package let sentence: String

    /// Makes a fault.
    package init(sentence: String) {
        self.sentence = sentence
    }
}

/// The file with the key that signs checkpoints, mode 0600, and beside it the public keys (`.pub`).
///
/// 1. One line is a key. A second line is the key before, kept until the journal says, signed by both, that the first has taken over; then it goes.
/// 2. The origin of the journal is the key's name, made once: a host that gets another name goes on with the same journal.
package struct CheckpointKey: Sendable {
    /// What the public keys' file has behind the key file's name.
    package static let publicSuffix = ".pub"

    /// The key that signs.
    package let signer: NoteSigner
    /// The key before, while the journal has not recorded the change.
    let retiring: NoteSigner?
    let path: String

    /// The journal's name.
    package var origin: String { signer.verifier.name }

    /// The file of the public keys.
    package var publicPath: String { path + Self.publicSuffix }

    /// Reads the key, or makes it when there is none.
    package static func load(path: String, instance: String) throws(CheckpointKeyFault) -> CheckpointKey {
        switch SmallFile.read(path) {
        case .success(let text): return try CheckpointKey(path: path, text: text)
        case .failure(let error) where error.code == ENOENT: break
        case .failure(let error): throw CheckpointKeyFault(sentence: "The checkpoint key \(path) can't be read: \(error.text).")
        }
        let key = CheckpointKey(path: path, signer: NoteSigner(name: origin(of: instance)), retiring: nil)
        try key.store()
        return key
    }

    /// The key if there is one: what a start asks before it opens the journal.
    package static func existing(path: String) throws(CheckpointKeyFault) -> CheckpointKey? {
        guard case .success(let text) = SmallFile.read(path) else { return nil }
        return try CheckpointKey(path: path, text: text)
    }

    /// The size that the newest checkpoint of a journal covers, if one of these keys signed it.
    package func signedSize(_ directory: String) -> UInt64 {
        CheckpointStore(directory: directory).signedSize([signer.verifier] + [retiring?.verifier].compactMap { $0 })
    }

    /// Puts a new key in front of the file's; the running gateway, or the next start, notices and records the change.
    package static func rotate(path: String) throws(CheckpointKeyFault) -> NoteVerifier {
        switch SmallFile.read(path) {
        case .failure(let error): throw CheckpointKeyFault(sentence: "The checkpoint key \(path) can't be read: \(error.text).")
        case .success(let text):
            let old = try CheckpointKey(path: path, text: text)
            guard old.retiring == nil else {
                throw CheckpointKeyFault(sentence: "The last change of the key is not recorded yet: start the gateway.")
            }
            let new = CheckpointKey(path: path, signer: NoteSigner(name: old.origin), retiring: old.signer)
            try new.store()
            return new.signer.verifier
        }
    }

    private init(path: String, signer: NoteSigner, retiring: NoteSigner?) {
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
        guard lines.count == 1 || retiring?.verifier.name == signer.verifier.name else {
            throw CheckpointKeyFault(sentence: "The keys in \(path) don't belong together.")
        }
        self.init(path: path, signer: signer, retiring: retiring)
    }

    /// The key alone, its change recorded.
    func settled() -> CheckpointKey { CheckpointKey(path: path, signer: signer, retiring: nil) }

    /// Writes the file, and the public keys beside it: this one in front, earlier ones behind.
    func store() throws(CheckpointKeyFault) {
        let text = signer.secretText + "\n" + (retiring.map { $0.secretText + "\n" } ?? "")
        if let error = SmallFile.replace(path, text, isDurable: true) {
            throw CheckpointKeyFault(sentence: "The checkpoint key \(path) can't be written: \(error.text).")
        }
        try storePublicKeys()
    }

    /// The name of the journal that an instance begins.
    package static func origin(of instance: String) -> String { "hss-gateway/" + sane(instance) }

    /// Makes sure that the public keys' file has this key in front.
    func storePublicKeys() throws(CheckpointKeyFault) {
        var keys = (try? SmallFile.read(publicPath).get()).map { Self.publicKeys($0) } ?? []
        for key in [retiring?.verifier, signer.verifier].compactMap({ $0 }) where keys.first != key {
            keys.removeAll { $0 == key }
            keys.insert(key, at: 0)
        }
        let text = keys.map { $0.text + "\n" }.joined()
        if (try? SmallFile.read(publicPath).get()) == text { return }
        if let error = SmallFile.replace(publicPath, text, mode: 0o644, isDurable: true) {
            throw CheckpointKeyFault(sentence: "\(publicPath) can't be written: \(error.text).")
        }
    }

    /// The keys of a file of public keys, the newest first.
    package static func publicKeys(_ text: String) -> [NoteVerifier] {
        text.split(separator: "\n").compactMap { NoteVerifier($0) }
    }

    /// The keys of a file, or why not.
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
