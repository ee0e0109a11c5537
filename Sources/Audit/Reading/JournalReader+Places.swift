extension JournalReader {
    /// The number of a record from which on all records since a time are found: the beginning of the last segment that begins before that time.
    package static func start(since time: Timestamp, in directory: String) throws(JournalError) -> SequenceNumber {
        let names = try DirectoryListing.segments(under: directory)
        for name in names.reversed() {
            if let begun = try beginning(of: name, under: directory), begun < time { return SequenceNumber(name.first) }
        }
        return SequenceNumber(names.first?.first ?? 0)
    }

    /// The time of the first record of the newest segment that has one.
    static func newestBeginning(in directory: String) -> Timestamp? {
        guard let names = try? DirectoryListing.segments(under: directory) else { return nil }
        for name in names.reversed() { if let begun = try? beginning(of: name, under: directory) { return begun } }
        return nil
    }

    /// The leaf of one record in the journal's tree; nil if there is no such record.
    package static func leaf(of sequence: SequenceNumber, in directory: String) throws(JournalError) -> SHA256Hash? {
        var leaf: SHA256Hash?
        var reader = JournalReader(directory: directory, from: sequence)
        try reader.forEachRecord(before: sequence.advanced(by: 1)) { found, line in
            if found == sequence { leaf = MerkleTree.leaf(line) }
            return false
        }
        return leaf
    }

    private static func beginning(of name: SegmentName, under path: String) throws(JournalError) -> Timestamp? {
        do throws(JournalError) {
            var lines = try LineSource(name, under: path)
            return try lines.next().flatMap { RecordFields($0)?.time }
        } catch {
            // Removed or compressed meanwhile: an earlier segment can be used as well.
            if case .cannotOpen = error { return nil }
            throw error
        }
    }
}
