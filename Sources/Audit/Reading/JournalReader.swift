internal import Glibc

/// Reads a journal's records in the order of their numbers, over plain and compressed segments, and continues while it is being written.
///
/// It needs no lock, and a gateway may write, rotate, heal, compress and remove segments meanwhile. Lines that a later segment supersedes are
/// skipped: they were never acknowledged, or were put there from outside. Lines that are no records, and numbers that no segment has, are skipped and
/// counted; the verifier determines what happened to them.
package struct JournalReader: ~Copyable {
    /// How often a segment is looked up again that was compressed or removed between listing and opening.
    private static let attempts = 4
    /// A record whose number is further ahead than this is treated as damaged.
    private static let leapLimit: UInt64 = 1 << 20

    /// Lines that were no records so far.
    package private(set) var damaged = 0
    /// Numbers that no segment has, so far.
    package private(set) var missing: UInt64 = 0

    private let path: String
    private var place: UInt64
    private var source: LineSource?
    private var segment: SegmentName?
    /// The first number of the segment that follows; lines from there on are superseded.
    private var limit = UInt64.max
    /// The next segment, found before the current one is read to its end for the last time.
    private var follower: SegmentName?

    /// Makes a reader of the journal in a directory that begins with this record.
    package init(directory: String, from first: SequenceNumber = SequenceNumber(0)) {
        path = directory
        place = first.value
    }

    /// Calls `body` with each record's number and line (without its newline; valid only during the call) until `body` returns false, until `end`, or
    /// until there are no more at present. Returns the number of records. May be called again to continue.
    ///
    /// To exclude records that a power cut could still undo, pass the journal's `durable` as the end.
    @discardableResult
    package mutating func forEachRecord(
        before end: SequenceNumber = .maximum, _ body: (SequenceNumber, UnsafeRawBufferPointer) -> Bool
    ) throws(JournalError) -> Int {
        var count = 0
        while place < end.value {
            if segment == nil, try !begin() { return count }
            while let line = try source?.next() {
                guard let head = RecordLineHead(line) else {
                    damaged += 1
                    continue
                }
                let number = head.sequence
                guard number >= place, number < limit else { continue }
                guard number - place < Self.leapLimit else {
                    damaged += 1
                    continue
                }
                missing += number - place
                place = number + 1
                count += 1
                if !body(SequenceNumber(number), line) || place >= end.value { return count }
            }
            guard try advance() else { return count }
        }
        return count
    }

    /// Opens the segment with the next record; false if there is none yet.
    private mutating func begin() throws(JournalError) -> Bool {
        try open { names, place in names.last { $0.first <= place } ?? names.first }
    }

    /// Continues with the next segment, after the current one was read to its end once more; false if there is none.
    private mutating func advance() throws(JournalError) -> Bool {
        guard let current = segment else { return false }
        let names = try DirectoryListing.segments(under: path)
        guard let following = names.first(where: { $0.first > current.first }) else { return false }
        guard follower?.first == following.first else {
            // First reads what was written between the last read and the listing.
            follower = following
            if hasLine(following) { limit = following.first }
            return true
        }
        follower = nil
        return try open { names, place in
            names.last { $0.first > current.first && $0.first <= place } ?? names.first { $0.first > current.first }
        }
    }

    /// A segment without a line supersedes nothing: its records may be in the segment before.
    private func hasLine(_ name: SegmentName) -> Bool {
        guard var source = try? LineSource(name, under: path) else { return false }
        return (try? source.next()) != nil
    }

    private mutating func open(_ choose: ([SegmentName], UInt64) -> SegmentName?) throws(JournalError) -> Bool {
        var failure = JournalError.closed
        for _ in 0..<Self.attempts {
            let names = try DirectoryListing.segments(under: path)
            guard let name = choose(names, place) else { return false }
            do throws(JournalError) {
                source = try LineSource(name, under: path, at: place)
                segment = name
                limit = names.first { $0.first > name.first && hasLine($0) }?.first ?? .max
                if name.first > place {
                    missing += name.first - place
                    place = name.first
                }
                return true
            } catch {
                guard case .cannotOpen(_, ENOENT) = error else { throw error }
                failure = error
            }
        }
        throw failure
    }
}
