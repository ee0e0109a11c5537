internal import Glibc

/// A piece of a compressed segment: one member of the gzip file (RFC 1952), with complete lines only. Its header has its length and the number of its
/// first record. Readers skip from header to header and decompress only the piece that they need; other tools see a normal gzip file.
struct SegmentMember: Sendable, Hashable {
    /// The header's bytes: the fixed ten, the length of the extra field, the extra field.
    static let headerLength = 32
    /// The checksum of the content and its length.
    static let trailerLength = 8
    /// Uncompressed bytes that a member has, unless one line is longer.
    static let size = 1 << 20
    /// RFC 1952 section 2.3.1.1: a subfield of ours, 16 bytes long.
    private static let beginning: [UInt8] = [
        0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 255, 20, 0, UInt8(ascii: "H"), UInt8(ascii: "G"), 16, 0,
    ]

    /// Bytes in the file, header and trailer included.
    var compressedLength: UInt32
    /// Bytes of its lines.
    var length: UInt32
    /// The number of its first record; the largest number if its first line is no record.
    var first: UInt64

    /// The header.
    var header: [UInt8] {
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        return Self.beginning + bytes(compressedLength) + bytes(length) + bytes(first)
    }

    /// Makes a member's description.
    init(compressedLength: UInt32, length: UInt32, first: UInt64) {
        self.compressedLength = compressedLength
        self.length = length
        self.first = first
    }

    /// Reads a header; nil if the file was not written by the gateway.
    init?(_ header: [UInt8]) {
        guard header.count == Self.headerLength, header.starts(with: Self.beginning) else { return nil }
        func integer<Value: FixedWidthInteger>(_ place: Int, _: Value.Type) -> Value {
            header.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Value.self)) }
        }
        self.init(compressedLength: integer(16, UInt32.self), length: integer(20, UInt32.self), first: integer(24, UInt64.self))
        guard compressedLength > UInt32(Self.headerLength + Self.trailerLength), length > 0 else { return nil }
    }

    /// The beginning of a member, as an offset in the file and in the uncompressed lines.
    struct Position: Sendable, Hashable {
        var file: off_t = 0
        var lines = 0
    }

    /// The last member for which `isBefore` holds; the segment's beginning if there is none, or if a header can't be read.
    static func place(in descriptor: Int32, _ isBefore: (SegmentMember, Position) -> Bool) -> Position {
        var found = Position()
        var place = Position()
        while let member = read(descriptor, at: place.file), isBefore(member, place) {
            found = place
            place.file += off_t(member.compressedLength)
            place.lines += Int(member.length)
        }
        return found
    }

    /// The members that a file announces from its beginning on, and where.
    static func announced(in descriptor: Int32) -> [(member: SegmentMember, place: Position)] {
        var announced: [(member: SegmentMember, place: Position)] = []
        _ = place(in: descriptor) { member, place in
            announced.append((member, place))
            return true
        }
        return announced
    }

    private static func read(_ descriptor: Int32, at place: off_t) -> SegmentMember? {
        var header = [UInt8](repeating: 0, count: headerLength)
        guard pread(descriptor, &header, headerLength, place) == headerLength else { return nil }
        return SegmentMember(header)
    }
}
