internal import CZlib
internal import Crypto
internal import Glibc

/// Compresses a closed segment with gzip: a draft that is made durable and read back before it takes the segment's place.
enum Compressor {
    /// zlib's own default: of the levels above it, none saves much more.
    private static let level: Int32 = 6
    private static let block = 256 << 10

    /// Compresses a plain segment; gives the error, or nothing. Stops with ECANCELED when it is told to.
    static func compress(_ name: SegmentName, in directory: String, isCancelled: () -> Bool) -> ErrorCode? {
        let source = open("\(directory)/\(name.text)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard source >= 0 else { return ErrorCode(errno) }
        defer { close(source) }
        let path = "\(directory)/\(name.compressed.text)"
        let draft = path + ".new"
        let target = open(draft, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard target >= 0 else { return ErrorCode(errno) }
        defer { close(target) }
        if let error = fill(target, from: source, isCancelled) ?? SmallFile.named(draft, as: path) {
            unlink(draft)
            return error
        }
        guard unlink("\(directory)/\(name.text)") == 0 else { return ErrorCode(errno) }
        // The pages are not needed again soon; the live segment's are.
        posix_fadvise(source, 0, 0, Int32(POSIX_FADV_DONTNEED))
        return SmallFile.syncDirectory(of: path)
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
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * block, alignment: 16)
        defer { memory.deallocate() }
        let input = UnsafeMutableRawBufferPointer(rebasing: memory[..<block])
        let output = UnsafeMutableRawBufferPointer(rebasing: memory[block...])
        var stream = z_stream()
        guard czlib_deflate_init(&stream, level) == Z_OK else { return ErrorCode(ENOMEM) }
        defer { deflateEnd(&stream) }
        while true {
            if isCancelled() { return ErrorCode(ECANCELED) }
            let count = Glibc.read(source, input.baseAddress, block)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return ErrorCode(errno) }
            digest.update(bufferPointer: UnsafeRawBufferPointer(rebasing: input[..<count]))
            stream.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.avail_in = UInt32(count)
            repeat {
                stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.avail_out = UInt32(block)
                CZlib.deflate(&stream, count == 0 ? Z_FINISH : Z_NO_FLUSH)
                let made = block - Int(stream.avail_out)
                var rest = UnsafeRawBufferPointer(output)[..<made]
                while !rest.isEmpty {
                    let written = Glibc.write(target, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    if written < 0, errno == EINTR { continue }
                    guard written > 0 else { return ErrorCode(written == 0 ? EIO : errno) }
                    rest = rest.dropFirst(written)
                }
            } while stream.avail_out == 0
            if count == 0 { return nil }
        }
    }
}

extension SmallFile {
    /// Gives a durable draft its name, durably.
    static func named(_ draft: String, as path: String) -> ErrorCode? {
        rename(draft, path) == 0 ? syncDirectory(of: path) : ErrorCode(errno)
    }
}
