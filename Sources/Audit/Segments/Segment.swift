import Files
internal import Glibc

/// One open file of the journal. The owner of a segment decides when it is written, synced and closed.
///
/// 1. `length` is what this process knows to be in the file; `durableLength` is the part of it that a successful sync covered.
/// 2. After a failed write or sync nothing more is written to the segment, and it is never synced again: Linux drops the dirty pages of a failed
///    sync, and the next one succeeds without having saved them.
struct Segment: Sendable {
    let name: SegmentName
    let descriptor: Int32
    let openedAt: Timestamp
    private let device: UInt
    private let inode: UInt
    private(set) var length: Int
    private(set) var durableLength: Int

    /// Makes a new, empty segment. Its name is durable after the directory's next sync.
    init(creating first: UInt64, in directory: JournalDirectory, at time: Timestamp) throws(JournalError) {
        let name = SegmentName(first: first)
        try self.init(name, in: directory, flags: O_CREAT | O_EXCL, openedAt: time)
    }

    /// Opens a segment that recovery has read, all of which is durable.
    init(opening name: SegmentName, in directory: JournalDirectory, openedAt: Timestamp) throws(JournalError) {
        try self.init(name, in: directory, flags: 0, openedAt: openedAt)
    }

    private init(_ name: SegmentName, in directory: JournalDirectory, flags: Int32, openedAt: Timestamp) throws(JournalError) {
        // O_RDWR, so that the content can still be read and restored if another process deletes the file.
        let descriptor = RegularFile.open(name.text, O_RDWR | O_APPEND | O_NOFOLLOW | flags, in: directory.descriptor)
        guard descriptor >= 0 else { throw .cannotOpen(segment: name.text, code: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            Glibc.close(descriptor)
            throw .cannotOpen(segment: name.text, code: code)
        }
        self.name = name
        self.descriptor = descriptor
        self.openedAt = openedAt
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        length = Int(status.st_size)
        durableLength = length
    }

    /// Writes bytes to the file; returns the error code, or 0.
    mutating func write(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written > 0 {
                length += written
                rest = rest.dropFirst(written)
            } else if written == 0 || errno != EINTR {
                return written == 0 ? EIO : errno
            }
        }
        return 0
    }

    /// Makes the written bytes durable; returns the error code, or 0. EINTR counts as a failure: no sync is ever repeated.
    func sync() -> Int32 {
        fdatasync(descriptor) == 0 ? 0 : errno
    }

    /// Notes that a sync covered this much.
    mutating func markDurable(_ length: Int) {
        durableLength = max(durableLength, length)
    }

    /// Closes the file.
    func close() {
        Glibc.close(descriptor)
    }

    /// A change of the file by another process since it was opened; nil if there is none.
    func change(in directory: JournalDirectory) -> SegmentChange? {
        var own = stat()
        guard fstat(descriptor, &own) == 0, own.st_nlink > 0 else { return .deleted }
        switch standing(in: directory) {
        case .missing: return .renamed
        case .foreign: return .replaced
        case .own: break
        }
        if Int(own.st_size) < length { return .truncated }
        return Int(own.st_size) > length ? .extended : nil
    }

    /// Which file has the segment's name.
    enum Standing { case own, foreign, missing }

    /// Which file has the segment's name, by the configured path, so that a moved directory is noticed as well.
    func standing(in directory: JournalDirectory) -> Standing {
        var named = stat()
        guard lstat(directory.path + "/" + name.text, &named) == 0 else { return .missing }
        return UInt(named.st_dev) == device && UInt(named.st_ino) == inode ? .own : .foreign
    }
}
