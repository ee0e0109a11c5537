import ArgumentParser
import Audit
import Glibc

/// What an auditor brings along and trusts: keys and checkpoints that nobody who can write the journal could have changed.
struct TrustOptions: ParsableArguments {
    /// A year of an anchor's checkpoints.
    private static let checkpointsLimit = 64 << 20

    @Option(help: ArgumentHelp("The public keys, kept by the auditor; the directory's own when left out, which proves less.", valueName: "file"))
    var publicKey: String?
    @Option(help: ArgumentHelp("Checkpoints from an anchor, one or many; may be repeated.", valueName: "file")) var checkpoint: [String] = []

    /// The keys, the newest first; none when no file names any.
    func keys(_ location: JournalLocation, _ directory: String) throws(Failure) -> [NoteVerifier] {
        let beside = publicKey == nil ? try location.publicKeyPath(directory) : nil
        let path = publicKey ?? beside ?? ""
        if publicKey == nil, access(path, F_OK) != 0 { return [] }
        do throws(CheckpointKeyFault) {
            return try CheckpointKey.publicKeys(path: path)
        } catch {
            throw Failure(.usage, error.sentence)
        }
    }

    /// The content of the files with checkpoints, by their names.
    func checkpoints() throws(Failure) -> [(file: String, content: String)] {
        var files: [(file: String, content: String)] = []
        for path in checkpoint {
            guard let text = TextFile.read(path, limit: Self.checkpointsLimit) else { throw Failure(.usage, "\(path) can't be read.") }
            files.append((path, text))
        }
        return files
    }

    /// The checkpoints of a file, in which each must be one.
    static func notes(_ path: String) throws(Failure) -> [SignedCheckpoint] {
        guard let text = TextFile.read(path, limit: checkpointsLimit) else { throw Failure(.usage, "\(path) can't be read.") }
        let notes = SignedCheckpoint.all(in: text)
        guard !notes.isEmpty else { throw Failure(.usage, "\(path) holds no checkpoint.") }
        return notes
    }
}
