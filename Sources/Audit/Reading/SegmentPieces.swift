/// Compares what the headers of a compressed segment say about its pieces with what is in it: readers rely on the headers to find a record without
/// reading everything before it, so a changed header would hide records of which every line is as it was signed.
struct SegmentPieces {
    private var waiting: ArraySlice<(member: SegmentMember, place: SegmentMember.Position)>
    /// Where the pieces begin that were met, as their headers say.
    private var met: [SegmentMember.Position] = []
    private var isTrue = true

    init(announced: [(member: SegmentMember, place: SegmentMember.Position)]) { waiting = announced[...] }

    /// A record's line begins here.
    mutating func pass(_ sequence: UInt64, at offset: Int) {
        while let next = waiting.first, next.place.lines <= offset {
            isTrue = isTrue && next.place.lines == offset && next.member.first == sequence
            met.append(next.place)
            waiting = waiting.dropFirst()
        }
    }

    /// Whether every reader finds each record before `limit`; called when those were read.
    func fit(_ ends: [SegmentMember.Position], before limit: UInt64) -> Bool {
        let begins = Set(ends).union([SegmentMember.Position()])
        return isTrue && met.allSatisfy { begins.contains($0) } && waiting.allSatisfy { $0.member.first >= limit }
    }
}
