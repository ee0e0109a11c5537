/// Finished handles that wait for the next request. A new one costs forty calls of libcurl, so under load none is released that may be needed again.
///
/// It grows to what a wave of requests leaves behind. `releaseUnneeded`, called periodically, takes out what no request has needed since the last
/// call, a few at a time, down to what is always kept.
struct HandlePool<Handle> {
    private var handles: [Handle] = []
    /// The fewest handles that there have been since the last call of `releaseUnneeded`: so many nobody needed.
    private var fewest = 0
    private let alwaysKept: Int
    private let releasedAtOnce: Int

    init(alwaysKept: Int, releasedAtOnce: Int) {
        self.alwaysKept = alwaysKept
        self.releasedAtOnce = releasedAtOnce
    }

    var count: Int { handles.count }

    /// Whether `releaseUnneeded` may have something to release, now or later.
    var isTooLarge: Bool { handles.count > alwaysKept }

    mutating func giveBack(_ handle: Handle) { handles.append(handle) }

    /// The one that was given back last, whose memory is in the caches.
    mutating func take() -> Handle? {
        let handle = handles.popLast()
        fewest = min(fewest, handles.count)
        return handle
    }

    /// The handles taken out; the caller releases them.
    mutating func releaseUnneeded() -> [Handle] {
        defer { fewest = handles.count }
        // Bounded: all are numbers of objects in memory.
        let excess = min(fewest, handles.count - alwaysKept, releasedAtOnce)
        guard excess > 0 else { return [] }
        defer { handles.removeFirst(excess) }
        return Array(handles.prefix(excess))
    }

    mutating func takeAll() -> [Handle] {
        defer { (handles, fewest) = ([], 0) }
        return handles
    }
}
