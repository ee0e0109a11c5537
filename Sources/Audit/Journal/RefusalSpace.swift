import Files
internal import Glibc

/// How much of the journal's disk is used by records of refusals: for each closed segment the number of their bytes.
///
/// The file `refusals` keeps it across restarts. It may be deleted at any time; then older segments are not counted.
struct RefusalSpace: Sendable {
    /// The name of the file.
    static let fileName = "refusals"
    private static let title = "hss-gateway refusals 1"
    /// Maximum number of segments that are counted: the newest ones.
    private static let segmentLimit = 8_192
    /// Larger numbers in the file are invalid.
    private static let byteLimit: UInt64 = 1 << 60
    /// How long the sizes of closed segments are cached: compression and retention change them.
    private static let spacing: Duration = .seconds(60)

    /// A closed segment.
    struct Closed: Sendable, Hashable {
        let first: UInt64
        /// Bytes of records of refusals.
        let refusals: Int
        /// Bytes of all records.
        let length: Int
    }

    private(set) var closed: [Closed] = []
    /// Bytes of records of refusals in the segment that was current when the file was written.
    private(set) var current = 0
    /// Whether refusals got records of their own at the last check.
    var isTaking = true
    private var measured: (bytes: Int, at: ContinuousClock.Instant)?

    /// Notes that a segment was closed.
    mutating func close(_ name: SegmentName, refusals: Int, length: Int, in directory: JournalDirectory) {
        if refusals > 0, length > 0 { closed.append(Closed(first: name.first, refusals: refusals, length: length)) }
        closed.removeFirst(max(0, closed.count - Self.segmentLimit))
        measured = nil
        stop(refusals: 0, in: directory)
    }

    /// Stores the counts for the next start.
    mutating func stop(refusals: Int, in directory: JournalDirectory) {
        current = refusals
        _ = SmallFile.replace("\(directory.path)/\(Self.fileName)", encoded, isDurable: false)
    }

    /// The disk space of refusals in closed segments: proportional for compressed ones, zero for removed ones.
    mutating func closedBytes(in directory: String) -> Int {
        let now = ContinuousClock.now
        if let measured, now - measured.at < Self.spacing { return measured.bytes }
        var sum = 0
        closed.removeAll { segment in
            guard let size = Self.size(of: segment.first, in: directory) else { return true }
            sum += Int(Double(segment.refusals) / Double(segment.length) * Double(min(size, segment.length)))
            return false
        }
        measured = (sum, now)
        return sum
    }

    private static func size(of first: UInt64, in directory: String) -> Int? {
        var status = stat()
        let name = SegmentName(first: first).text
        for name in [name, name + SegmentName.compressedSuffix] where lstat("\(directory)/\(name)", &status) == 0 { return Int(status.st_size) }
        return nil
    }

    private var encoded: String {
        "\(Self.title)\ncurrent \(current)\n" + closed.map { "segment \($0.first) \($0.refusals) \($0.length)\n" }.joined()
    }

    /// Reads the file; lines that can't be parsed are ignored.
    static func load(from directory: JournalDirectory) -> RefusalSpace {
        var space = RefusalSpace()
        guard case .success(let text) = SmallFile.read("\(directory.path)/\(fileName)"), text.hasPrefix(title + "\n") else { return space }
        for line in text.split(separator: "\n").dropFirst() {
            let words = line.split(separator: " ")
            let numbers = words.dropFirst().compactMap { UInt64($0) }
            if words.first == "current", numbers.count == 1 { space.current = Int(clamping: min(numbers[0], byteLimit)) }
            if words.first == "segment", numbers.count == 3, numbers[1] > 0, numbers[1] <= numbers[2], numbers[2] <= byteLimit {
                space.closed.append(Closed(first: numbers[0], refusals: Int(numbers[1]), length: Int(numbers[2])))
            }
        }
        return space
    }
}
