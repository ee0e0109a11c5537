import ArgumentParser
import Assembly
import Audit
import Glibc
import Shipping

/// Keys and checkpoints that an auditor has stored separately and trusts, so that a user who can write the journal can't have changed them.
struct TrustOptions: ParsableArguments {
    /// A year of an anchor's checkpoints.
    private static let checkpointsLimit = 64 << 20
    private static let keysLimit = 1 << 20

    @Option(
        name: [.customLong("public-key"), .customLong("key")],
        help: ArgumentHelp(
            "Public keys, kept by the auditor; may be repeated. Left out, those beside the journal count, or the one that a central copy's "
                + "records name: that proves less.",
            valueName: "file"), completion: .file())
    var publicKey: [String] = []
    @Option(help: ArgumentHelp("Checkpoints from an anchor, one or many; may be repeated.", valueName: "file"), completion: .file()) var checkpoint:
        [String] = []

    /// Whether the auditor has given any of them.
    var isGiven: Bool { !publicKey.isEmpty || !checkpoint.isEmpty }

    /// The keys, the newest first; none if there is no file with keys.
    func keys(_ location: JournalLocation, _ directory: String) throws(Failure) -> [NoteVerifier] {
        guard publicKey.isEmpty else { return try given() }
        let beside = try location.publicKeyPath(directory)
        return access(beside, F_OK) == 0 ? try Self.keys(beside, isNamed: false) : []
    }

    /// The same for proofs, which need no verification: empty for a journal without a key.
    func keysOrNone(_ location: JournalLocation, _ directory: String) throws(Failure) -> [NoteVerifier] {
        guard publicKey.isEmpty else { return try given() }
        return (try? keys(location, directory)) ?? []
    }

    /// The same for central copies of several journals.
    func central() throws(Failure) -> CentralTrust {
        var trust = CentralTrust()
        trust.keys = try given()
        for path in checkpoint { trust.checkpoints += try Self.notes(path) }
        return trust
    }

    private func given() throws(Failure) -> [NoteVerifier] {
        var keys: [NoteVerifier] = []
        for path in publicKey { keys += try Self.keys(path) }
        return keys
    }

    /// The keys of a file.
    static func keys(_ path: String, isNamed: Bool = true) throws(Failure) -> [NoteVerifier] {
        // The auditor's file may be a pipe.
        guard let text = TextFile.read(path, limit: keysLimit, isNamed: isNamed) else { throw Failure(.usage, "\(path) can't be read.") }
        let keys = CheckpointKey.publicKeys(text)
        guard !keys.isEmpty else { throw Failure(.usage, "\(path) holds no public key of checkpoints.") }
        return keys
    }

    /// The content of the files with checkpoints, by their names.
    func checkpoints() throws(Failure) -> [(file: String, content: String)] {
        var files: [(file: String, content: String)] = []
        for path in checkpoint {
            guard let text = TextFile.read(path, limit: Self.checkpointsLimit) else { throw Failure(.usage, "\(path) can't be read.") }
            // Without one, nothing would be compared, as if none had been given.
            guard text.contains(where: { !$0.isWhitespace }) else { throw Failure(.usage, "\(path) holds no checkpoint.") }
            files.append((path, text))
        }
        return files
    }

    /// The checkpoints of a file, which must have one.
    private static func notes(_ path: String) throws(Failure) -> [SignedCheckpoint] {
        guard let text = TextFile.read(path, limit: checkpointsLimit) else { throw Failure(.usage, "\(path) can't be read.") }
        let file = CheckpointFile(text)
        guard !file.checkpoints.isEmpty else { throw Failure(.usage, "\(path) holds no checkpoint.") }
        if file.torn > 0 {
            Console.error("\(path) also holds something that is no whole checkpoint, as a full disk leaves it; it counts for nothing.")
        }
        return file.checkpoints
    }
}
