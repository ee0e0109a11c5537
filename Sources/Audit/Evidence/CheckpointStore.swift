import Files
internal import Glibc

/// The journal's checkpoints on disk: `checkpoint` is the newest, `checkpoints/<size, 20 digits>` are all that are stored.
struct CheckpointStore: Sendable {
    /// The newest.
    static let newestName = "checkpoint"
    /// The directory of all.
    static let directoryName = "checkpoints"

    let directory: String

    /// The path of the checkpoint of this size.
    func path(_ size: UInt64) -> String { "\(directory)/\(Self.directoryName)/\(SegmentName.digits(size))" }

    /// The path of the newest.
    var newestPath: String { "\(directory)/\(Self.newestName)" }

    /// Stores a checkpoint. One that was not synced may be incomplete after a power cut, and is then ignored.
    func keep(_ checkpoint: SignedCheckpoint, isDurable: Bool) -> ErrorCode? {
        let folder = "\(directory)/\(Self.directoryName)"
        if mkdir(folder, 0o700) != 0, errno != EEXIST { return ErrorCode(errno) }
        return SmallFile.replace(path(checkpoint.head.size), checkpoint.note, isDurable: isDurable)
            ?? SmallFile.replace(newestPath, checkpoint.note, isDurable: isDurable)
    }

    /// The sizes of the existing checkpoints, ascending; none where they can't be listed.
    func sizes() -> [UInt64] { (try? listed().get()) ?? [] }

    /// The same, or why they can't be listed.
    func listed() -> Result<[UInt64], ErrorCode> {
        let folder = open("\(directory)/\(Self.directoryName)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return .failure(ErrorCode(errno)) }
        defer { close(folder) }
        guard let names = DirectoryListing.names(in: folder, { SegmentName.number($0) }) else { return .failure(ErrorCode(errno)) }
        return .success(names.sorted())
    }

    /// The checkpoint of a size; nil if it is missing or incomplete.
    func checkpoint(_ size: UInt64) -> SignedCheckpoint? {
        (try? SmallFile.read(path(size)).get()).flatMap(SignedCheckpoint.init(note:))
    }

    /// The newest checkpoint; nil if it is missing or incomplete.
    func newest() -> SignedCheckpoint? {
        (try? SmallFile.read(newestPath).get()).flatMap(SignedCheckpoint.init(note:))
    }

    /// The size that the newest checkpoint with a valid signature covers: all numbers below it have been used, even if segments are missing.
    func signedSize(_ keys: [NoteVerifier]) -> UInt64 {
        guard let newest = newest(), newest.signer(among: keys) != nil else { return 0 }
        return newest.head.size
    }

    /// Removes checkpoints between two sizes that are nearer than `spacing` records to the previous one; those of the two sizes are kept. A gateway
    /// with little traffic makes one for every few records, and a year of them would be millions of files.
    func thin(_ range: Range<UInt64>, spacing: UInt64) {
        var last = range.lowerBound
        for size in sizes() where size > range.lowerBound && size < range.upperBound {
            if size - last < spacing { unlink(path(size)) } else { last = size }
        }
    }

    /// Removes the checkpoints before a size.
    func remove(before size: UInt64) {
        for old in sizes() where old < size { unlink(path(old)) }
    }
}
