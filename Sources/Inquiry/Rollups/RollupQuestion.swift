package import Audit
package import Codecs

/// What to count, and the parts of time to count it in.
package struct RollupQuestion: Sendable {
    /// How far an answer reaches.
    package struct Coverage: Sendable, Hashable {
        /// The number after the newest counted record, by the gateway's name; empty for a journal, which has one gateway.
        package var ends: [String: Int64] = [:]
        /// False when the deadline came before everything was read.
        package var isComplete = true

        package init() {}

        /// The members `as_of` and, if something is missing, `complete`.
        ///
        /// - Parameter instance: the journal's gateway; nil for the central copy.
        package func write(to json: inout JSONWriter, instance: String?) {
            json.object("as_of") { json in
                for (name, end) in ends.sorted(by: { $0.key < $1.key }) { json.member(name.isEmpty ? instance ?? "" : name, end) }
            }
            json.key("complete")
            json.value(isComplete)
        }
    }

    /// Dimensions besides outcomes, error codes, exports and downloads.
    package enum Dimension: Sendable {
        case caller, credential
        /// All dimensions of a group.
        case everything
    }

    /// Filters by the dimensions of the counts; time, order, page and cursor don't matter here.
    package var query = RecordQuery()
    package var errorCode: String?
    package var credential: String?
    /// The first minute since 1970.
    package var begin: Int64
    /// Minutes of each part.
    package var step: Int64
    package var parts: Int
    /// The dimensions that the caller uses besides those in the query: the fewer, the fewer rows have to be read.
    package var tells: Set<Dimension> = [.everything]
    /// Whether histograms of durations, and of waits, are needed: reading them is most of the work.
    package var (wantsDurations, wantsWaits) = (true, true)
    /// When reading of records without rollups stops, even if it is incomplete.
    package var deadline: ContinuousClock.Instant

    package init(begin: Int64, step: Int64, parts: Int, deadline: ContinuousClock.Instant) {
        (self.begin, self.step, self.parts, self.deadline) = (begin, step, parts, deadline)
    }

    /// Most parts of one query: as many as a plot has points.
    package static let mostParts = 120
    private static let microsecondsOfMinute: Int64 = 60_000_000

    /// Parts of a period. Without an end it ends now; then parts begin at multiples of the step if the step is a usual one.
    package init(since: Timestamp, until: Timestamp?, now: Timestamp, parts: Int, deadline: ContinuousClock.Instant) {
        // An age is a number of whole minutes, at whatever second the query comes: one more would make every step
        // uneven.
        let first = RollupEntry.minute(since.microseconds)
        let end = until.map { RollupEntry.minute($0.microseconds.saturatingSum(59_999_999)) } ?? RollupEntry.minute(now.microseconds)
        let length = max(1, end - min(first, end))
        // Bounded: minutes of 64 bits of microseconds.
        let step = max(1, length / Int64(parts) + (length % Int64(parts) == 0 ? 0 : 1))
        var begin = first
        if until == nil {
            let last = RollupEntry.minute(now.microseconds)
            let alignment = RollupStep.allCases.last { step % $0.rawValue == 0 }?.rawValue ?? 1
            let grid = step <= 60 && 60 % step == 0 ? step : alignment
            // Bounded: minutes of 64 bits of microseconds.
            let finish = last - last % grid + grid
            begin = max(0, finish - step * Int64(parts))
        }
        self.init(begin: begin, step: step, parts: parts, deadline: deadline)
    }

    /// The instant at which a part begins.
    package func time(of part: Int) -> Timestamp { Timestamp(microseconds: (begin + step * Int64(part)) * Self.microsecondsOfMinute) }

    package var stepMicroseconds: Int64 { step * Self.microsecondsOfMinute }

    var span: Range<Int64> { begin..<(begin + step * Int64(parts)) }

    /// The part that a minute is in.
    func part(of minute: Int64) -> Int? { span.contains(minute) ? Int((minute - begin) / step) : nil }

    /// The slots of each part, for the newest minute in the rollups. A slot that is longer than a part belongs only to the part in which it
    /// begins.
    func pieces(newest: Int64) -> [(part: Int, step: RollupStep, slots: Range<Int64>)] {
        var pieces: [(part: Int, step: RollupStep, slots: Range<Int64>)] = []
        var done = Int64.min
        for part in 0..<parts {
            // Bounded: by the query, whose parts are minutes of 64 bits of microseconds.
            let first = begin + Int64(part) * step
            guard max(first, done) < first + step else { continue }
            for (length, slots) in RollupStep.cover(max(first, done)..<first + step, newest: newest) {
                pieces.append((part, length, slots))
                done = max(done, slots.upperBound)
            }
        }
        return pieces
    }

    /// Whether a group matches the query.
    func matches(_ group: RollupGroup) -> Bool {
        if let phase = query.phase, group.phase != phase.rawValue { return false }
        if let caller = query.caller, group.caller != caller { return false }
        if let operation = query.operation, group.operation != operation { return false }
        if let kind = query.kind, group.kind != kind.rawValue { return false }
        if let outcome = query.outcome, group.outcome != outcome.rawValue { return false }
        if let project = query.project, group.projectName != project, group.projectID != project { return false }
        if let errorCode, group.errorCode != errorCode { return false }
        if let credential, group.credential != credential { return false }
        return true
    }
}
