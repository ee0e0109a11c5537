import Files
internal import Glibc

/// The hashes of the leaves, 32 bytes each, in files `tree/<number of the first, 20 digits>`: used to build proofs without reading the records, and
/// to find which record of a range was changed. A file may be missing or end early; the hashes are then computed from the records. It is never
/// trusted: every result is checked against the root that a checkpoint signs.
struct LeafLedger {
    /// The directory.
    static let directoryName = "tree"
    static let hashLength = 32

    let directory: String
    private var descriptor: Int32 = -1
    private var next: UInt64?

    /// Makes a ledger next to a journal.
    init(directory: String) {
        self.directory = directory
    }

    /// Appends the leaves from `first` on; a new file begins if the leaves don't continue the last one.
    mutating func append(_ leaves: [SHA256Hash], first: UInt64) {
        if next != first || descriptor < 0 { begin(first) }
        guard descriptor >= 0 else { return }
        let count = leaves.count * Self.hashLength
        let written = leaves.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, count) }
        if written == count {
            next = first + UInt64(leaves.count)
        } else {
            // An incomplete hash at the end would shift the following ones.
            finish()
        }
    }

    /// Ends the current file.
    mutating func finish() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        next = nil
    }

    private mutating func begin(_ first: UInt64) {
        finish()
        let folder = "\(directory)/\(Self.directoryName)"
        if mkdir(folder, 0o700) != 0, errno != EEXIST { return }
        descriptor = RegularFile.create("\(folder)/\(SegmentName.digits(first))")
        if descriptor >= 0 { next = first }
    }

    /// The existing files, by the number of their first leaf.
    static func files(_ directory: String) -> [UInt64] {
        let folder = open("\(directory)/\(directoryName)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return [] }
        defer { close(folder) }
        return (DirectoryListing.names(in: folder) { SegmentName.number($0) } ?? []).sorted()
    }

    /// Removes the files that only have leaves before a number.
    static func remove(before number: UInt64, in directory: String) {
        let files = files(directory)
        for (file, following) in zip(files, files.dropFirst()) where following <= number {
            unlink("\(directory)/\(directoryName)/\(SegmentName.digits(file))")
        }
    }

    /// The leaves from `first` on that one file has, at most `limit`; a later file is preferred to an earlier one that also has them.
    static func read(_ directory: String, from first: UInt64, limit: Int) -> [SHA256Hash] {
        for file in files(directory).reversed() where file <= first {
            let descriptor = RegularFile.open("\(directory)/\(directoryName)/\(SegmentName.digits(file))", O_RDONLY | O_NOFOLLOW)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            let (place, isBeyond) = off_t(first - file).multipliedReportingOverflow(by: off_t(hashLength))
            guard !isBeyond else { continue }
            let found = hashes(descriptor, at: place, limit: limit)
            if !found.isEmpty { return found }
        }
        return []
    }

    /// The complete hashes in a file from an offset on, at most `limit`.
    static func hashes(_ descriptor: Int32, at place: off_t, limit: Int) -> [SHA256Hash] {
        var bytes = [UInt8](repeating: 0, count: limit * hashLength)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, place) }
        return bytes.withUnsafeBytes { raw in
            (0..<(max(count, 0) / hashLength)).map { SHA256Hash(bytes: raw.loadUnaligned(fromByteOffset: $0 * hashLength, as: SIMD32<UInt8>.self)) }
        }
    }
}
