/// Decides when changed files are ready to be taken. It is pure: fingerprints and time come in.
struct RotationWatch: Sendable {
    /// What the material in use was read from. The parts that are no files have nil.
    private(set) var current: [FileFingerprint?]
    /// What was seen last, and since when.
    private var pending: (fingerprints: [FileFingerprint?], since: Duration)?
    /// The last set that could not be read: it is reported once.
    private var reported: [FileFingerprint?]?
    /// When the first difference was seen.
    private var changedSince: Duration?

    init(current: [FileFingerprint?]) {
        self.current = current
    }

    /// Whether what is seen now is new, complete and at rest.
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

    /// Notes a set that could not be read; false when it has been noted before.
    mutating func failed(_ seen: [FileFingerprint?]) -> Bool {
        defer { reported = seen }
        return reported != seen
    }

    /// Whether every file differs from the one in use.
    private func isComplete(_ seen: [FileFingerprint?]) -> Bool {
        zip(seen, current).allSatisfy { new, old in new != old || old == nil }
    }
}
