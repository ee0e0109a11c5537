/// A deviation from what the last run should have left. Each finding is recorded as an event.
enum RecoveryFinding: Sendable, Hashable {
    /// The last segment ended in an incomplete record, which was never acknowledged and is dropped. If more than one line had to be dropped, the
    /// bytes were kept in a file next to the segments.
    case tornTail(segment: String, offset: Int, bytes: Int, lines: Int, keptAs: String?)
    /// Lines that are no records are in the place of records; they are kept as leaves, and a verifier will report them.
    case damaged(segment: String, offset: Int, from: UInt64, count: Int)
    /// Records that existed are in no segment.
    case missing(from: UInt64, to: UInt64)
    /// The frontier cache did not match the segments, or was damaged.
    case frontierRebuilt
    /// A closed segment has bytes after its end that the gateway did not write.
    case extended(segment: String)

    /// The event's name for `tornTail`, which readers search for.
    static let tornTailEvent = "torn_tail"

    /// The event's name.
    var event: String {
        switch self {
        case .tornTail: Self.tornTailEvent
        case .damaged: "records_damaged"
        case .missing: "records_missing"
        case .frontierRebuilt: "frontier_rebuilt"
        case .extended: "segment_damaged"
        }
    }

    /// The event's detail.
    var detail: FieldObject {
        switch self {
        case .tornTail(let segment, let offset, let bytes, let lines, let keptAs):
            var detail: FieldObject = [
                "segment": .string(segment), "offset": .integer(Int64(offset)), "bytes": .integer(Int64(bytes)),
                "lines": .integer(Int64(lines)),
            ]
            if let keptAs { detail.add("kept_as", .string(keptAs)) }
            return detail
        case .damaged(let segment, let offset, let from, let count):
            return [
                "segment": .string(segment), "offset": .integer(Int64(offset)), "from": .integer(Int64(from)),
                "count": .integer(Int64(count)),
            ]
        case .missing(let from, let to): return ["from": .integer(Int64(from)), "to": .integer(Int64(to) - 1)]
        case .frontierRebuilt: return [:]
        case .extended(let segment): return ["segment": .string(segment), "reason": .string("segment_\(SegmentChange.extended.rawValue)")]
        }
    }
}
