internal import Glibc

/// Reads a journal's records in the order of their numbers, over plain and compressed segments, and goes on reading while it is written.
///
/// It needs no lock, and a gateway may write, rotate, heal, compress and remove segments meanwhile. Lines that a later segment supersedes are not
/// given: what stands there was never acknowledged, or was put there by somebody. Lines that are no records, and numbers that no segment has, are
/// left out and counted; telling what happened to them is the verifier's task.
package struct JournalReader: ~Copyable {
    /// How often a segment is looked up again that was compressed or removed between being listed and being opened.
    private static let attempts = 4
    /// A record whose number lies further ahead than this is taken for damaged.
    private static let leapLimit: UInt64 = 1 << 20

    /// The number of the next record to come; that of a later one when those before it are gone.
    package var next: SequenceNumber { SequenceNumber(place) }
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
    /// The segment that was seen to follow, before the current one is read to its end for the last time.
    private var follower: SegmentName?

    /// Makes a reader of the journal in a directory that begins with this record.
    package init(directory: String, from first: SequenceNumber = SequenceNumber(0)) {
        path = directory
        place = first.value
    }

    /// Gives each record's number and line (without its newline; valid during the call only) until `body` says false, until `end`, or until there
    /// are no more for now. The result is how many were given. Call it again to go on.
    ///
    /// Whoever must not see a record that a power cut could still take back passes the journal's `durable` as the end.
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

    /// Opens the segment that has the next record; false when there is none yet.
    private mutating func begin() throws(JournalError) -> Bool {
        try open { names, place in names.last { $0.first <= place } ?? names.first }
    }

    /// Goes on with the segment that follows, after the current one was read to its end once more; false when none does.
    private mutating func advance() throws(JournalError) -> Bool {
        guard let current = segment else { return false }
        let names = try DirectoryListing.segments(under: path)
        guard let following = names.first(where: { $0.first > current.first }) else { return false }
        guard follower?.first == following.first else {
            // What was written between the last read and the listing is read first.
            follower = following
            if hasLine(following) { limit = following.first }
            return true
        }
        follower = nil
        return try open { names, place in
            names.last { $0.first > current.first && $0.first <= place } ?? names.first { $0.first > current.first }
        }
    }

    /// A segment that was begun and got no line supersedes nothing: what it would have held may be in the one before.
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
