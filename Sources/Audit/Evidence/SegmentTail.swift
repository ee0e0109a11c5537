/// What stands in a closed segment behind its last record, where the next segment supersedes it.
///
/// The gateway leaves two things there, both until its next start:
///
/// 1. What it could not make durable: the next segment begins with these bytes (`JournalWriter.heal`). A power cut may have kept some of them from
///    the disk, which leaves zeros, and no record holds one; or the end of the next segment, while nothing of that was durable.
/// 2. What a crash left of the last write: the next segment tells of it soon behind its beginning, with place and length (`torn_tail`).
///
/// Whatever else stands there was put there from outside.
enum SegmentTail {
    private static let block = 64 << 10
    /// So many records of the next segment are looked at for what the start found.
    private static let reach = 256

    /// Whether the bytes from `offset` on, counted in uncompressed bytes, are of these two kinds.
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

    /// How long the torn end was, if the next segment tells of one in this place.
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

    /// The bytes of a segment from a place on.
    private struct Piece: ~Copyable {
        private var bytes: SegmentBytes
        /// Bytes before the place that are still to be passed over: compressed pieces are read from their beginning.
        private var skipped: Int

        init(_ name: SegmentName, under path: String, from offset: Int) throws(JournalError) {
            bytes = try SegmentBytes(name, under: path)
            skipped = offset - bytes.seek(toLineAt: offset)
        }

        /// So many bytes, fewer only at the end.
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
