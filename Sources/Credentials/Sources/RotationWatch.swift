/// Decides when changed files are ready to be read. Pure: the caller passes fingerprints and time.
struct RotationWatch: Sendable {
    /// The fingerprints of the material in use; nil for parts that are not files.
    private(set) var current: [FileFingerprint?]
    /// The fingerprints seen last, and since when.
    private var pending: (fingerprints: [FileFingerprint?], since: Duration)?
    /// The last set that could not be read: it is reported once.
    private var reported: [FileFingerprint?]?
    /// When the first difference was seen.
    private var changedSince: Duration?

    init(current: [FileFingerprint?]) {
        self.current = current
    }

    /// Whether the files are new, complete and no longer changing.
    mutating func isReady(toTake seen: [FileFingerprint?], uptime: Duration) -> Bool {
        guard seen != current else {
            (pending, changedSince, reported) = (nil, nil, nil)
            return false
        }
        let since = changedSince ?? uptime
        changedSince = since
        guard let pending, pending.fingerprints == seen, pending.since < uptime else {
            self.pending = (seen, uptime)
            return false
        }
        return isComplete(seen) || uptime - since >= StoredCredential.gracePeriod
    }

    mutating func took(_ seen: [FileFingerprint?]) {
        self = RotationWatch(current: seen)
    }

    /// Notes a set that could not be read; false if it was already noted.
    mutating func failed(_ seen: [FileFingerprint?]) -> Bool {
        defer { reported = seen }
        return reported != seen
    }

    /// Whether every file differs from the one in use.
    private func isComplete(_ seen: [FileFingerprint?]) -> Bool {
        zip(seen, current).allSatisfy { new, old in new != old || old == nil }
    }
}
