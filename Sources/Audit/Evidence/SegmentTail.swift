/// The bytes in a closed segment after its last record, which the next segment supersedes.
///
/// The gateway itself leaves two kinds of such bytes, both until its next start:
///
/// 1. Records that it could not make durable: the next segment begins with these bytes (`JournalWriter.heal`). After a power cut some of them may be
///    missing on the disk, which leaves zeros that no record contains; or the end of the next segment may be missing, if it was not durable.
/// 2. The incomplete last write before a crash: an event near the beginning of the next segment has its position and length (`torn_tail`).
///
/// Any other bytes were put there from outside.
enum SegmentTail {
    private static let block = 64 << 10
    /// Number of records of the next segment that are searched for the event of the start.
    private static let reach = 256

    /// Whether the bytes from `offset` on, counted in uncompressed bytes, belong to these two kinds.
    /// - Parameter durable: records before this one are known to have been durable.
    static func isOurs(
        from offset: Int, of name: SegmentName, before following: SegmentName, under path: String, durable: UInt64
    ) throws(JournalError) -> Bool {
        let told = try lengthTold(by: following, of: name, offset, under: path)
        var tail = try Piece(name, under: path, from: offset)
        var next = try Piece(following, under: path, from: 0)
        let mayBeLonger = durable <= following.first
        var length = 0
        var isCopy = true
        while true {
            let piece = try tail.read(block)
            if piece.isEmpty { return isCopy || length == told }
            // Bounded: by the file's length.
            length += piece.count
            if isCopy {
                let genuine = try next.read(piece.count)
                isCopy = piece.indices.allSatisfy { piece[$0] == 0 || ($0 < genuine.count ? piece[$0] == genuine[$0] : mayBeLonger) }
            }
            guard isCopy || length <= told ?? 0 else { return false }
        }
    }

    /// The length of the torn end, if an event in the next segment names one at this position.
    private static func lengthTold(
        by following: SegmentName, of name: SegmentName, _ offset: Int, under path: String
    ) throws(JournalError) -> Int? {
        var source = try LineSource(following, under: path)
        for _ in 0..<reach {
            guard let line = try source.next(), let fields = RecordFields(line) else { return nil }
            guard fields.text(.event) == RecoveryFinding.tornTailEvent, let detail = fields.object(.detail),
                detail.text("segment").flatMap({ SegmentName($0) })?.first == name.first, detail.integer("offset") == Int64(offset)
            else { continue }
            return detail.integer("bytes").flatMap { Int(exactly: $0) }
        }
        return nil
    }

    /// The bytes of a segment from an offset on.
    private struct Piece: ~Copyable {
        private var bytes: SegmentBytes
        /// Bytes before the offset that are still to be skipped, because compressed pieces are read from their beginning.
        private var skipped: Int

        init(_ name: SegmentName, under path: String, from offset: Int) throws(JournalError) {
            bytes = try SegmentBytes(name, under: path)
            skipped = offset - bytes.seek(toLineAt: offset)
        }

        /// Reads this many bytes, or fewer at the end.
        mutating func read(_ count: Int) throws(JournalError) -> [UInt8] {
            while skipped > 0 {
                let passed = try take(min(skipped, block)).count
                guard passed > 0 else { return [] }
                skipped -= passed
            }
            var piece: [UInt8] = []
            while piece.count < count {
                let more = try take(count - piece.count)
                guard !more.isEmpty else { break }
                piece += more
            }
            return piece
        }

        private mutating func take(_ count: Int) throws(JournalError) -> [UInt8] {
            var buffer = [UInt8](repeating: 0, count: count)
            // `withUnsafeMutableBytes` would widen the error's type.
            var outcome: Result<Int, JournalError> = .success(0)
            buffer.withUnsafeMutableBytes { room in
                do throws(JournalError) { outcome = .success(try bytes.read(into: room)) } catch { outcome = .failure(error) }
            }
            buffer.removeLast(count - (try outcome.get()))
            return buffer
        }
    }
}
