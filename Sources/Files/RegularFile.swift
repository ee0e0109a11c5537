internal import Glibc

/// Opens, and writes, files that are found by name and must be regular ones. Without O_NONBLOCK a FIFO in a file's place would block the opening
/// thread for ever, and a device may have any effect.
package enum RegularFile {
    /// An error code for what is no regular file; none of the system calls used here returns it.
    package static let notRegular: Int32 = EMEDIUMTYPE

    /// Returns a descriptor, or -1 with the reason in `errno`.
    package static func open(_ path: String, _ flags: Int32, mode: UInt32 = 0o600, in directory: Int32? = nil) -> Int32 {
        let descriptor = openat(directory ?? AT_FDCWD, path, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, mode)
        guard descriptor >= 0 else { return -1 }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            errno = notRegular
            return -1
        }
        return descriptor
    }

    /// Makes a new file in place of whatever has its name: what an earlier run left, or a link that somebody else has put there, whose file must not
    /// be changed. Returns a descriptor, or -1 with the reason in `errno`.
    package static func create(_ path: String, _ access: Int32 = O_WRONLY, mode: UInt32 = 0o600, in directory: Int32? = nil) -> Int32 {
        unlinkat(directory ?? AT_FDCWD, path, 0)
        return open(path, access | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode, in: directory)
    }

    /// Writes a whole text; returns the error, or nil.
    package static func write(_ text: String, to descriptor: Int32) -> ErrorCode? {
        var text = text
        return text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    /// Writes all bytes, however many calls that takes; returns the error, or nil.
    package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> ErrorCode? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return ErrorCode(count == 0 ? EIO : errno) }
            rest = rest.dropFirst(count)
        }
        return nil
    }

    /// Whether a code that opening gave says that something else stands in the file's place: a link where none is followed, or a socket, a directory
    /// or a device.
    package static func isReplaced(_ code: Int32) -> Bool { code == notRegular || code == ELOOP || code == ENXIO || code == ENODEV }

    /// The text for an error code of the system.
    package static func reason(_ code: Int32) -> String {
        switch code {
        case notRegular: "it is no regular file"
        // Of a compressed file, and of a file system that checks what it reads.
        case EBADMSG: "its content is damaged"
        default: String(cString: strerror(code))
        }
    }
}
