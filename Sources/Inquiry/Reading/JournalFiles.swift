import Audit
import Glibc

/// The journal's segments in their order, as files of a directory that another process may be writing.
///
/// Where two segments have the same number, the later one is valid: after a failure of the disk the journal writes its last records
/// again.
struct JournalFiles: Sendable {
    /// The position after a line.
    struct Position: Sendable, Hashable {
        /// The number of the first record of the segment.
        var segment: UInt64
        /// Where the next line begins in it, counted in uncompressed bytes.
        var offset: Int
    }

    /// A line that ends with a newline; one without is still being written.
    struct Line {
        /// The line without its newline; valid during the call only.
        let bytes: UnsafeRawBufferPointer
        /// Where it begins in the segment, counted in uncompressed bytes.
        let offset: Int

        /// Where the next one begins.
        var end: Int { offset + bytes.count + 1 }
    }

    /// A record as it is passed to a reader; valid during the call only.
    struct Visit {
        let scanner: RecordScanner
        let line: Line
        let sequence: UInt64
        /// The segment's first record.
        let segment: UInt64

        /// Where the next line begins.
        var place: Position { Position(segment: segment, offset: line.end) }
        /// A copy of the record, which may be kept.
        var record: JournalRecord? { JournalRecord(Array(line.bytes), scanner) }
    }

    let directory: String
    /// The oldest first.
    let segments: [SegmentName]

    init(directory: String) throws(InquiryError) {
        self.directory = directory
        segments = try InquiryError.translating { () throws(JournalError) in try DirectoryListing.segments(under: directory) }
    }

    /// The segment that a record is in.
    func segment(of sequence: UInt64) -> SegmentName? {
        segments.last { $0.first <= sequence }
    }

    /// Passes on every record from a number on until the journal ends or `body` returns false.
    ///
    /// - Parameter hint: a position where `sequence` or a record before it begins, to avoid reading a segment from its
    ///   beginning.
    func forEachRecord(from sequence: UInt64, hint: Position? = nil, _ body: (Visit) throws(InquiryError) -> Bool) throws(InquiryError) {
        var next = sequence
        var scanner = RecordScanner()
        let start = segments.lastIndex { $0.first <= sequence } ?? 0
        for index in segments.indices where index >= start {
            let name = segments[index]
            let limit = index + 1 < segments.count ? segments[index + 1].first : UInt64.max
            var goesOn = true
            try lines(of: name, from: hint.map { $0.segment == name.first ? $0.offset : 0 } ?? 0) { (line) throws(InquiryError) in
                guard scanner.scan(line.bytes), let number = Self.number(line.bytes[scanner[.sequence]]) else { return true }
                guard number < limit else { return false }
                guard number >= next else { return true }
                // Bounded: a record's number is at most 2^62.
                next = number + 1
                goesOn = try body(Visit(scanner: scanner, line: line, sequence: number, segment: name.first))
                return goesOn
            }
            guard goesOn else { return }
        }
    }

    /// The records at positions, in the order of the positions. One that isn't there is searched for by its number, because another segment may have
    /// it since the position was stored; one that the segments don't have is left out.
    ///
    /// In a compressed segment everything before a position has to be read, so all of its positions are read in
    /// one pass.
    func records(at places: [IndexReader.Found]) throws(InquiryError) -> [JournalRecord] {
        var records: [UInt64: JournalRecord] = [:]
        var rest = places[...]
        while let first = rest.first {
            guard let name = segment(of: first.sequence) else {
                rest = rest.dropFirst()
                continue
            }
            let group = rest.prefix { segment(of: $0.sequence) == name }
            rest = rest.dropFirst(group.count)
            for record in try self.records(at: group, in: name) { records[record.sequence] = record }
            let elsewhere = Set(group.map(\.sequence)).subtracting(records.keys)
            guard let lowest = elsewhere.min(), let highest = elsewhere.max() else { continue }
            try forEachRecord(from: lowest) { (visit) throws(InquiryError) in
                if elsewhere.contains(visit.sequence) { records[visit.sequence] = visit.record }
                return visit.sequence < highest
            }
        }
        return places.compactMap { records[$0.sequence] }
    }

    private func records(at places: ArraySlice<IndexReader.Found>, in name: SegmentName) throws(InquiryError) -> [JournalRecord] {
        guard var source = try plain(name) else { return try compressedRecords(at: places.map(\.offset).sorted(), in: name) }
        var records: [JournalRecord] = []
        for place in places {
            guard let line = try Self.line(at: place.offset, of: &source), let record = JournalRecord(line), record.sequence == place.sequence
            else { continue }
            records.append(record)
        }
        return records
    }

    /// The records whose lines begin at these positions of a compressed segment, ascending; parts far before one are not decompressed.
    private func compressedRecords(at offsets: [Int], in name: SegmentName) throws(InquiryError) -> [JournalRecord] {
        var records: [JournalRecord] = []
        var rest = offsets[...]
        while let first = rest.first {
            try lines(of: name, from: first) { (line) throws(InquiryError) in
                while let next = rest.first, next < line.offset { rest = rest.dropFirst() }
                if rest.first == line.offset {
                    if let record = JournalRecord(Array(line.bytes)) { records.append(record) }
                    rest = rest.dropFirst()
                }
                return rest.first.map { $0 - line.end < Self.leap } ?? false
            }
            // Positions past the end of the segment have no record.
            if rest.first == first { rest = rest.dropFirst() }
        }
        return records
    }

    /// The gap between two positions from which on it is cheaper to start decompressing at the next gzip member, bytes: more than one
    /// member.
    private static let leap = 2 << 20

    /// The line that begins at a position of a segment.
    func line(at offset: Int, in name: SegmentName) throws(InquiryError) -> [UInt8]? {
        guard var source = try plain(name) else { return try compressedRecords(at: [offset], in: name).first?.line }
        return try Self.line(at: offset, of: &source)
    }

    private static func line(at offset: Int, of source: inout LineSource) throws(InquiryError) -> [UInt8]? {
        do throws(JournalError) {
            return try source.line(atByte: offset).map { Array($0) }
        } catch {
            throw InquiryError(error)
        }
    }

    private func lines(of name: SegmentName, from offset: Int, _ body: (Line) throws(InquiryError) -> Bool) throws(InquiryError) {
        guard var source = try source(of: name, from: offset) else { return }
        while true {
            let start = source.offset
            let line: UnsafeRawBufferPointer?
            do throws(JournalError) {
                line = try source.next()
            } catch {
                throw InquiryError(error)
            }
            guard let line else { return }
            if start >= offset, try !body(Line(bytes: line, offset: start)) { return }
        }
    }

    // Since the directory was listed, the archivist may have compressed a segment, or removed one whose time was over.

    /// A plain segment for reading single lines; nil if it is compressed, or gone.
    private func plain(_ name: SegmentName) throws(InquiryError) -> LineSource? {
        guard !name.isCompressed else { return nil }
        do throws(JournalError) {
            return try LineSource(linesOf: name, under: directory)
        } catch {
            guard case .cannotOpen(_, ENOENT) = error else { throw InquiryError(error) }
            return nil
        }
    }

    /// A segment for reading line after line; nil if it is gone.
    private func source(of name: SegmentName, from offset: Int) throws(InquiryError) -> LineSource? {
        for present in name.isCompressed ? [name] : [name, name.compressed] {
            do throws(JournalError) {
                return try LineSource(present, under: directory, atByte: offset)
            } catch {
                guard case .cannotOpen(_, ENOENT) = error else { throw InquiryError(error) }
            }
        }
        return nil
    }

    private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> UInt64? {
        guard (1...19).contains(digits.count) else { return nil }
        var number: UInt64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            // Bounded: 19 digits always fit into 64 bits.
            number = number * 10 + UInt64(digit - 0x30)
        }
        return number <= SequenceNumber.maximum.value ? number : nil
    }
}
