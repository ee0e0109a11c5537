import NIOCore

/// Finds where the frames of a connection begin, and counts those that cost more than they bring, before the library has them.
///
/// It looks at the head of each frame only (RFC 9113 section 4.1). What breaks the protocol passes as it is: the library answers it.
struct FrameScanner {
    /// The bytes that may pass, from the first one of those that were scanned on.
    struct Passage: Equatable {
        var count: Int
        /// Whether the frame behind them is one too many.
        var isFlooded = false
    }

    private static let preface = 24
    private static let headLength = 9

    /// The number of bytes before the next frame's head.
    private var passing = FrameScanner.preface
    /// What has come of a head: length, type and flags lie in its first five bytes.
    private var head: UInt64 = 0
    private var headCount = 0
    /// Whether the next byte says how much of a DATA frame is padding.
    private var awaitsPadding = false
    private var dataLength = 0
    private var floods: FrameFloods

    init(headerBlock: Int) {
        floods = FrameFloods(headerBlock: headerBlock)
    }

    /// Scans bytes that follow those of the last passage. Each frame that begins is taken from the share; no byte of a frame passes for which nothing
    /// is left.
    mutating func scan(_ bytes: UnsafeRawBufferPointer, share: inout TurnShare) -> Passage {
        var position = 0
        while position < bytes.count {
            if awaitsPadding {
                awaitsPadding = false
                if dataLength - 1 > Int(bytes[position]) {
                    floods.sawContent()
                } else if floods.sawEmptyData() {
                    return Passage(count: position, isFlooded: true)
                }
            }
            if passing > 0 {
                let count = min(passing, bytes.count - position)
                passing -= count
                position += count
                continue
            }
            if headCount == 0, share.isUsedUp { break }
            let start = position
            while headCount < Self.headLength, position < bytes.count {
                if headCount < 5 { head = head << 8 | UInt64(bytes[position]) }
                headCount += 1
                position += 1
            }
            guard headCount == Self.headLength else { break }
            share.take()
            if isFlood() { return Passage(count: start, isFlooded: true) }
        }
        return Passage(count: position)
    }

    /// The head is whole: the payload follows.
    private mutating func isFlood() -> Bool {
        let (length, kind, flags) = (Int(head >> 16), FrameKind(UInt8(truncatingIfNeeded: head >> 8)), UInt8(truncatingIfNeeded: head))
        (head, headCount, passing) = (0, 0, length)
        guard kind == .data else { return floods.saw(kind, now: .now()) }
        floods.sawData(isLast: flags & FrameKind.endStream != 0)
        guard flags & FrameKind.endStream == 0 else { return false }
        if length == 0 { return floods.sawEmptyData() }
        if flags & FrameKind.padded != 0 { (awaitsPadding, dataLength) = (true, length) } else { floods.sawContent() }
        return false
    }
}

/// The type of a frame, by its number (RFC 9113 section 6).
struct FrameKind: Equatable {
    let number: UInt8

    init(_ number: UInt8) { self.number = number }

    static let data = FrameKind(0)
    static let headers = FrameKind(1)
    static let priority = FrameKind(2)
    static let reset = FrameKind(3)
    static let settings = FrameKind(4)
    static let ping = FrameKind(6)
    static let continuation = FrameKind(9)
    /// RFC 7838, RFC 8336 and RFC 9218.
    static let alternativeService = FrameKind(10)
    static let origin = FrameKind(12)
    static let priorityUpdate = FrameKind(16)

    /// Flags of HEADERS and DATA.
    static let endStream: UInt8 = 1
    static let padded: UInt8 = 8
}
