import Files
internal import Glibc

/// The file `frontier`: the tree's state at a position in the segments, so that a start hashes only the records after it and not the whole history.
/// It may be deleted at any time; its checksum detects an incomplete or edited file.
struct FrontierCache: Sendable, Hashable {
    /// The name of the file.
    static let fileName = "frontier"
    private static let title = "hss-gateway journal frontier 1"
    /// 63 hashes of 64 digits and the rest: 4.3 KiB at most.
    private static let lengthLimit = 8_192

    /// The tree over all records before the position.
    var tree: MerkleTree
    /// The segment of the position.
    var segment: SegmentName
    /// The offset of the position in the segment, at the beginning of a line.
    var offset: Int
    /// The oldest request record without a closing one, if there was one.
    var oldestOpen: UInt64?

    private var body: String {
        var text = "\(Self.title)\nsize \(tree.size)\nsegment \(segment.text)\noffset \(offset)\n"
        text += "open \(oldestOpen.map(String.init) ?? "-")\n"
        for hash in tree.frontier { text += "hash \(hash)\n" }
        return text
    }

    /// The file's content.
    var encoded: String {
        let body = body
        return body + "check \(Self.checksum(body))\n"
    }

    /// Reads a file's content; nil unless it is exactly what `encoded` returns.
    init?(decoding text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        func value(_ index: Int, _ key: String) -> Substring? {
            guard lines.indices.contains(index), lines[index].hasPrefix(key + " ") else { return nil }
            return lines[index].dropFirst(key.count + 1)
        }
        guard let size = value(1, "size").flatMap({ UInt64($0) }), let name = value(2, "segment").flatMap({ SegmentName(String($0)) }),
            let offset = value(3, "offset").flatMap({ Int($0) }), offset >= 0, let open = value(4, "open")
        else { return nil }
        var frontier: [SHA256Hash] = []
        while let text = value(5 + frontier.count, "hash") {
            guard let hash = SHA256Hash(hexadecimal: text) else { return nil }
            frontier.append(hash)
        }
        guard let tree = MerkleTree(size: size, frontier: frontier) else { return nil }
        self.tree = tree
        segment = name
        self.offset = offset
        oldestOpen = UInt64(open)
        guard encoded == text else { return nil }
    }

    /// Makes a cache of this state.
    init(tree: MerkleTree, segment: SegmentName, offset: Int, oldestOpen: UInt64?) {
        self.tree = tree
        self.segment = segment
        self.offset = offset
        self.oldestOpen = oldestOpen
    }

    /// Writes a new file and renames it over the old one. Not synced: if it is lost or incomplete, only the next start takes longer.
    func store(in directory: JournalDirectory) {
        _ = SmallFile.replace("\(directory.path)/\(Self.fileName)", encoded, isDurable: false)
    }

    /// The result of reading the file.
    enum Loaded {
        case absent
        case damaged
        case cache(FrontierCache)
    }

    /// Reads the file.
    static func load(from directory: JournalDirectory) -> Loaded {
        let descriptor = RegularFile.open(fileName, O_RDONLY | O_NOFOLLOW, in: directory.descriptor)
        guard descriptor >= 0 else { return .absent }
        defer { Glibc.close(descriptor) }
        let text = String(unsafeUninitializedCapacity: lengthLimit) { max(read(descriptor, $0.baseAddress, lengthLimit), 0) }
        return FrontierCache(decoding: text).map(Loaded.cache) ?? .damaged
    }

    private static func checksum(_ text: String) -> SHA256Hash {
        var text = text
        return text.withUTF8 { MerkleTree.leaf(UnsafeRawBufferPointer($0)) }
    }
}
