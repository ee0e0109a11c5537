/// A ZIP archive with one stored (uncompressed) entry, after PKWARE's APPNOTE 6.3, sections 4.3.7 to 4.3.16.
enum ZipArchive {
    /// The archive's bytes; the same arguments give the same bytes, so that digests of repeated downloads agree.
    static func archive(entry name: String, content: [UInt8], modified: CivilTime) -> [UInt8] {
        precondition(content.count < UInt32.max, "an entry of 4 GiB would need ZIP64")
        let fields = entryFields(name: name, content: content, modified: modified)
        var output = little(0x0403_4B50 as UInt32) + fields + little(0 as UInt16) + Array(name.utf8) + content
        let directoryOffset = output.count
        output += little(0x0201_4B50 as UInt32) + little(20 as UInt16) + fields + little(0 as UInt16)
        // Comment length, disk, internal and external attributes, offset of the local header: all zero.
        output += [UInt8](repeating: 0, count: 2 + 2 + 2 + 4 + 4) + Array(name.utf8)
        let directoryLength = output.count - directoryOffset
        output += little(0x0605_4B50 as UInt32) + [0, 0, 0, 0] + little(1 as UInt16) + little(1 as UInt16)
        output += little(UInt32(directoryLength)) + little(UInt32(directoryOffset)) + little(0 as UInt16)
        return output
    }

    /// The fields that the local header and the central directory share, from the version needed to the name's length.
    private static func entryFields(name: String, content: [UInt8], modified: CivilTime) -> [UInt8] {
        let time = UInt16(modified.hour << 11 | modified.minute << 5 | modified.second / 2)
        let date = UInt16(max(0, modified.year - 1_980) << 9 | modified.month << 5 | modified.day)
        let namesAreUTF8: UInt16 = 1 << 11
        let stored: UInt16 = 0
        return little(20 as UInt16) + little(namesAreUTF8) + little(stored) + little(time) + little(date)
            + little(CRC32.checksum(content)) + little(UInt32(content.count)) + little(UInt32(content.count))
            + little(UInt16(name.utf8.count))
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian, Array.init)
    }
}
