internal import CZlib
internal import Crypto
import Files
internal import Glibc

/// Compresses a closed segment with gzip, in members that can be read one by one (`SegmentMember`): writes a draft, syncs it and reads it back before
/// it replaces the segment.
enum Compressor {
    private static let block = 256 << 10

    /// Compresses a plain segment; returns the error, or nil. Stops with ECANCELED if cancelled.
    /// - Parameter didReplace: called with the descriptor of the plain segment, once it is removed.
    static func compress(
        _ name: SegmentName, in directory: String, didReplace: (Int32) -> Void = { _ in }, isCancelled: () -> Bool
    ) -> ErrorCode? {
        let source = RegularFile.open("\(directory)/\(name.text)", O_RDONLY | O_NOFOLLOW)
        guard source >= 0 else { return ErrorCode(errno) }
        defer { close(source) }
        let path = "\(directory)/\(name.compressed.text)"
        do throws(ErrorCode) {
            let draft = try FileDraft(of: path, owner: .directory, isReadable: true)
            if let error = fill(draft.descriptor, from: source, isCancelled) { return error }
            try draft.takePlace(.contentAndName)
        } catch {
            return error
        }
        guard unlink("\(directory)/\(name.text)") == 0 else { return ErrorCode(errno) }
        didReplace(source)
        // Drops these pages from the cache, because they are not read again soon, unlike those of the segment being written.
        posix_fadvise(source, 0, 0, Int32(POSIX_FADV_DONTNEED))
        return FileDirectory.sync(of: path)
    }

    private static func fill(_ target: Int32, from source: Int32, _ isCancelled: () -> Bool) -> ErrorCode? {
        var digest = SHA256()
        if let error = deflate(source, to: target, &digest, isCancelled) { return error }
        guard fdatasync(target) == 0, lseek(target, 0, SEEK_SET) == 0 else { return ErrorCode(errno) }
        guard let inflater = Inflater() else { return ErrorCode(ENOMEM) }
        var check = SHA256()
        var buffer = [UInt8](repeating: 0, count: block)
        while true {
            let count = buffer.withUnsafeMutableBytes { inflater.read(from: target, into: $0) }
            guard count >= 0 else { return ErrorCode(Int32(-count)) }
            if count == 0 { break }
            buffer.withUnsafeBytes { check.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            if isCancelled() { return ErrorCode(ECANCELED) }
        }
        return digest.finalize() == check.finalize() ? nil : ErrorCode(EBADMSG)
    }

    private static func deflate(_ source: Int32, to target: Int32, _ digest: inout SHA256, _ isCancelled: () -> Bool) -> ErrorCode? {
        guard let deflater = MemberDeflater() else { return ErrorCode(ENOMEM) }
        var lines: [UInt8] = []
        var isAtEnd = false
        while !isAtEnd || !lines.isEmpty {
            if isCancelled() { return ErrorCode(ECANCELED) }
            // A member ends at the end of a line, so a line longer than a member makes the member longer.
            var end = lines.count >= SegmentMember.size || isAtEnd ? lines.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } : nil
            if isAtEnd, end == nil || end == 0 { end = lines.count }
            guard let end else {
                let count = append(from: source, to: &lines)
                guard count >= 0 else { return ErrorCode(Int32(-count)) }
                isAtEnd = count == 0
                continue
            }
            if end == 0 { break }
            let error = lines.withUnsafeBytes { bytes in
                let piece = UnsafeRawBufferPointer(rebasing: bytes[..<end])
                digest.update(bufferPointer: piece)
                return deflater.write(piece, to: target)
            }
            if let error { return error }
            lines.removeFirst(end)
        }
        return nil
    }

    /// Reads a block; returns its size, 0 at the end, or the negative error code.
    private static func append(from source: Int32, to lines: inout [UInt8]) -> Int {
        let start = lines.count
        lines.append(contentsOf: repeatElement(0, count: block))
        while true {
            let count = lines.withUnsafeMutableBytes { Glibc.read(source, $0.baseAddress.map { $0 + start }, block) }
            if count < 0, errno == EINTR { continue }
            let result = count < 0 ? -Int(errno) : count
            lines.removeLast(block - max(count, 0))
            return result
        }
    }
}
