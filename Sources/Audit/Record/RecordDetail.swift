/// The members of `detail` in a request's record. Those of an event are described with the event.
package enum RecordDetail: String, Sendable, CaseIterable {
    /// The path is longer than the record's: `bytes` and `sha256` of all of it.
    case pathCut = "path_cut"
    case queryCut = "query_cut"
    /// Microseconds before HSS's quota had room.
    case waited = "waited_us"
    case taskStatus = "task_status"
    /// The digest of caller and `Idempotency-Key`.
    case idempotencyKey = "idempotency_key_sha256"
    /// The digest of what was asked for under that key.
    case idempotentRequest = "idempotency_request_sha256"
    /// The id of the key that the caller proved itself with.
    case callerKey = "caller_key"
    /// What a signed request said outside its signature.
    case notSigned = "not_signed"
    /// The trace that the caller named, or the gateway's own.
    case traceParent = "traceparent"
    /// The field of HSS's answer that the caller got without.
    case removed
    /// The audit id of the export whose task was answered again.
    case replayed
    /// Another request's call answered this one: `with`, `how` and `age_ms`.
    case coalesced
    /// Of an answer that was cut: bytes that were sent beyond those of `response_body`, of which nobody knows whether they arrived.
    case unacknowledged = "unacknowledged_bytes"
    /// Of an export in a fleet: the caller's so many-th of the day on all gateways together.
    case exportsOfDay = "exports_of_day"
    /// `local`: this gateway decided alone.
    case fleet
}
