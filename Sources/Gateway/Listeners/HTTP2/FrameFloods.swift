import NIOCore

/// Counts the frames that abuse is made of (`StreamLimits`).
struct FrameFloods {
    private var resets = FrameRate(limit: StreamLimits.resets)
    private var controls = FrameRate(limit: StreamLimits.controlFrames)
    /// In a row.
    private var emptyData = 0
    private var continuations = 0
    private let mostContinuations: Int

    init(headerBlock: Int) {
        mostContinuations = StreamLimits.continuationFrames(headerBlock: headerBlock)
    }

    /// A frame that isn't DATA. True when it is one too many.
    mutating func saw(_ kind: FrameKind, now: @autoclosure () -> NIODeadline) -> Bool {
        switch kind {
        case .headers:
            (emptyData, continuations) = (0, 0)
            return false
        case .continuation:
            // Bounded: by the limit, beyond which the connection ends.
            continuations += 1
            return continuations > mostContinuations
        case .reset: return resets.isExceeded(now: now())
        case .settings, .ping, .priority, .priorityUpdate, .alternativeService, .origin: return controls.isExceeded(now: now())
        default: return false
        }
    }

    mutating func sawData(isLast: Bool) {
        if isLast { emptyData = 0 }
    }

    mutating func sawContent() {
        emptyData = 0
    }

    /// True when it is one too many.
    mutating func sawEmptyData() -> Bool {
        // Bounded: by the limit, beyond which the connection ends.
        emptyData += 1
        return emptyData > StreamLimits.emptyDataFrames
    }
}

/// How often something has happened within `StreamLimits.window`.
struct FrameRate {
    let limit: Int
    private var count = 0
    private var since = NIODeadline.uptimeNanoseconds(0)

    init(limit: Int) { self.limit = limit }

    /// It has happened once more.
    mutating func isExceeded(now: NIODeadline) -> Bool {
        if count == 0 || now - since > StreamLimits.window { (count, since) = (0, now) }
        // Bounded: what exceeds the limit ends the connection.
        count += 1
        return count > limit
    }
}
