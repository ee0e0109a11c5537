/// The members of `detail` in a request's record. Those of an event are described with the event.
package enum RecordDetail: String, Sendable, CaseIterable {
    /// The path is longer than the record's: `bytes` and `sha256` of all of it.
    case pathCut = "path_cut"
    case queryCut = "query_cut"
    /// Microseconds of waiting for HSS's quota.
    case waited = "waited_us"
    case taskStatus = "task_status"
    /// The digest of caller and `Idempotency-Key`.
    case idempotencyKey = "idempotency_key_sha256"
    /// The digest of the request with that key.
    case idempotentRequest = "idempotency_request_sha256"
    /// The id of the key that proved the caller.
    case callerKey = "caller_key"
    /// Parts of a signed request that the signature doesn't cover.
    case notSigned = "not_signed"
    /// The trace context sent by the caller, or the gateway's own.
    case traceParent = "traceparent"
    /// The field that was removed from HSS's answer.
    case removed
    /// The audit id of the export whose task was answered again.
    case replayed
    /// The call of another request answered this one: `with`, `how` and `age_ms`.
    case coalesced
    /// For an answer that was cut: bytes sent beyond those of `response_body`, which may or may not have arrived.
    case unacknowledged = "unacknowledged_bytes"
    /// Of a download that is a part of a file: HSS's `Content-Range`.
    case contentRange = "content_range"
    /// For an export in a fleet: its number among the caller's exports of the day on all gateways.
    case exportsOfDay = "exports_of_day"
    /// `local`: this gateway decided alone.
    case fleet
}
