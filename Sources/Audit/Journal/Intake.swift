/// Takes records and encodes them at once into the buffer of the next write. Protected by the journal's intake lock, which is held no longer
/// than encoding one record takes.
///
/// 1. Sequence numbers are assigned here and nowhere else, to records that are kept: a refused record leaves no gap.
/// 2. `held` counts every byte that is not durable, wherever it waits; it exceeds `pendingLimit` by at most one record and the journal's own.
struct Intake: Sendable {
    /// One byte in so many of `pendingLimit` is kept for response records: the end of an exchange that HSS has seen must be kept even during a flood
    /// of refusals.
    static let responseReserve = 4

    /// Whether records are accepted.
    enum Gate: Sendable {
        case open
        case failing(since: Timestamp, reason: JournalError)
        case closed
    }

    /// What the writer's thread is doing.
    enum Posture: Sendable {
        /// It works, and will check everything before it sleeps.
        case awake
        /// It sleeps until the first record is appended.
        case idle
        /// It sleeps until the existing records are due.
        case waiting
        /// It sleeps shortly, until this number waits for the next sync.
        case gathering(Int)
    }

    var gate = Gate.open
    var posture = Posture.awake
    /// How many wait for the next sync.
    var syncWaiters = 0
    var stopRequested = false
    var counters = JournalCounters()
    /// Number of dropped records that no event has reported yet.
    var droppedUntold: UInt64 = 0
    /// The free part of the disk, if it is too little for requests.
    var spaceFreePerMille: Int?
    /// Bytes of the current segment's records of refusals, as far as this run knows.
    var refusalBytes = 0
    /// Bytes that records of refusals may still take.
    var refusalRoom = Int.max
    private(set) var held = 0
    private(set) var collected: LineChunk
    private var encoder: RecordEncoder
    private let pendingLimit: Int

    /// Makes an intake whose first record gets this number.
    init(next: UInt64, configuration: JournalConfiguration) {
        collected = LineChunk(first: next)
        encoder = RecordEncoder(gateway: configuration.gateway)
        pendingLimit = configuration.pendingLimit
    }

    /// The number the next record gets.
    var next: UInt64 { collected.end }

    /// Appends an exchange's record.
    mutating func append(_ record: Record) throws(JournalError) -> SequenceNumber {
        let bound = encoder.bound(of: record)
        if let refusal = refusal(of: record.phase, bound: bound) {
            if record.phase != .request {
                counters.dropped += 1
                droppedUntold += 1
            }
            throw refusal
        }
        let before = collected.count
        defer { if record.phase == .refusal || record.phase == .event { countRefusal(record, bytes: collected.count - before) } }
        return appendOwn(record, bound: bound)
    }

    /// Appends a record of the journal itself, which is never refused: there is one for each incident.
    @discardableResult
    mutating func appendOwn(_ record: Record) -> SequenceNumber {
        appendOwn(record, bound: encoder.bound(of: record))
    }

    /// Appends the record that closes a request left open by a crash.
    mutating func close(_ request: OpenRequest, at time: Timestamp) {
        let sequence = next
        add(bound: encoder.boundOfUnknown(requestLength: request.members.count + request.export.count + request.detail.count)) { encoder, line in
            encoder.encodeUnknown(request, as: sequence, at: time, to: &line)
        }
    }

    /// Changes the name tag of the records to come.
    mutating func setGateway(_ gateway: Record.Gateway) {
        encoder.setGateway(gateway)
    }

    /// Exchanges the collected lines for an empty chunk.
    mutating func exchange(_ empty: inout LineChunk) {
        empty.clear(next: next)
        swap(&empty, &collected)
    }

    /// Notes that bytes became durable.
    mutating func release(_ bytes: Int) {
        held -= bytes
    }

    /// Returns whether the writer has to be woken for a record; the caller rings after releasing the lock.
    mutating func wakeForRecord() -> Bool {
        guard case .idle = posture else { return false }
        posture = .awake
        return true
    }

    /// The same for a waiter for a sync.
    mutating func wakeForSync() -> Bool {
        switch posture {
        case .awake: return false
        case .gathering(let wanted) where syncWaiters < wanted: return false
        case .idle, .waiting, .gathering:
            posture = .awake
            return true
        }
    }

    /// The same for any reason of its sleep.
    mutating func wakeAtOnce() -> Bool {
        if case .awake = posture { return false }
        posture = .awake
        return true
    }

    private func refusal(of phase: Record.Phase, bound: Int) -> JournalError? {
        switch gate {
        case .closed: return .closed
        case .failing(_, let reason) where phase == .request: return reason
        case .failing, .open: break
        }
        if phase == .request, let spaceFreePerMille { return .diskNearlyFull(freePerMille: spaceFreePerMille) }
        guard bound <= pendingLimit else { return .recordTooLarge(bytes: bound) }
        let limit = phase == .response ? pendingLimit : pendingLimit - pendingLimit / Self.responseReserve
        return held < limit ? nil : .pendingLimitReached(bytes: held)
    }

    /// Summary records of refusals count as well.
    private mutating func countRefusal(_ record: Record, bytes: Int) {
        guard record.phase == .refusal || record.event == Record.refusalSumEvent else { return }
        refusalBytes += bytes
        refusalRoom = max(0, refusalRoom - bytes)
    }

    private mutating func appendOwn(_ record: Record, bound: Int) -> SequenceNumber {
        let sequence = next
        add(bound: bound) { encoder, line in encoder.encode(record, as: sequence, to: &line) }
        return SequenceNumber(sequence)
    }

    private mutating func add(bound: Int, _ write: (inout RecordEncoder, inout LineWriter) -> Void) {
        let before = collected.count
        collected.addLine(bound: bound) { line in write(&encoder, &line) }
        let added = collected.count - before
        held += added
        counters.records += 1
        counters.bytes += UInt64(added)
    }
}
