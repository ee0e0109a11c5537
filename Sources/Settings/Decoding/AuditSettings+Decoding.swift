extension AuditSettings {
    static let checkpointBounds = 1...1_000_000
    /// Smaller segments would consist mostly of file headers and renames; larger ones can't be verified in parts.
    static let segmentBounds = ByteCount.kibibytes(64)...ByteCount.gibibytes(64)

    init(_ reader: SectionReader) {
        directory = reader.file("directory", .directory, default: "./audit")
        durability = reader.read("durability", .word, default: .strictExports)
        bodies = Self.bodies(reader)
        checkpoint = Checkpoint(reader.section("checkpoint"), directory: directory)
        rotation = Rotation(reader.section("rotate"))
        compression = reader.read("compress", .word, default: .gzip)
        retention = reader.read("retain", .duration, default: .seconds(400 * 86_400))
        shipping = reader.items("ship").compactMap(Shipping.init)
    }

    private static func bodies(_ reader: SectionReader) -> Bodies {
        guard let node = reader.node("body"), node.entries != nil else {
            let level = reader.read("body", ScalarKind<BodyLevel>.word, default: .digest)
            return Bodies(read: level, write: level, export: level, download: level)
        }
        let section = reader.section("body")
        return Bodies(
            read: section.read("read", .word, default: .digest), write: section.read("write", .word, default: .digest),
            export: section.read("export", .word, default: .digest), download: section.read("download", .word, default: .digest))
    }
}

extension AuditSettings.Checkpoint {
    init(_ reader: SectionReader, directory: String) {
        every = reader.read("every", .integer(AuditSettings.checkpointBounds), default: 1000)
        interval = reader.read("interval", .duration, default: .seconds(10))
        keyFile = reader.file("key_file", .madeWithJournal, default: "\(directory)/checkpoint.key")
        anchors = AuditSettings.Anchor.anchors(reader)
    }
}

extension AuditSettings.Rotation {
    init(_ reader: SectionReader) {
        size = reader.read("size", .byteCount(AuditSettings.segmentBounds), default: .mebibytes(256))
        age = reader.read("age", .duration, default: .seconds(86_400))
    }
}
