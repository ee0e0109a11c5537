internal import Glibc

/// When a journal's newest checkpoint was made, and whether records were written since; read from outside, without the journal's lock.
package struct CheckpointAge: Sendable {
    /// The newest checkpoint; nil if there is none, or if its file is incomplete.
    package let newest: SignedCheckpoint?
    /// When it was written.
    package let madeAt: Timestamp?
    /// When the newest segment last grew; nil if the journal has no segment.
    package let lastRecordAt: Timestamp?

    package init(directory: String) {
        let store = CheckpointStore(directory: directory)
        newest = store.newest()
        madeAt = newest == nil ? nil : Self.changed(store.newestPath)
        let segment = (try? DirectoryListing.segments(under: directory))?.last
        lastRecordAt = segment.flatMap { Self.changed("\(directory)/\($0.text)") }
    }

    /// Whether the newest checkpoint was signed by one of these keys.
    package func isSigned(by keys: [NoteVerifier]) -> Bool { newest?.signer(among: keys) != nil }

    private static func changed(_ path: String) -> Timestamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Timestamp(fileSeconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }
}
