import Crypto

/// One request that reached the stand-in.
package struct LedgerEntry: Sendable {
    /// How far the answer got.
    package enum Delivery: String, Sendable {
        /// Still on its way.
        case pending
        /// Every byte that was meant to be sent went out.
        case complete
        /// The peer closed the connection first.
        case aborted
    }

    /// Counts requests from 1.
    package var sequence: Int
    /// The sandbox's clock when the request was complete.
    package var time: Duration
    /// The listener.
    package var side: SandboxSide
    /// Counts connections from 1.
    package var connection: Int
    /// The request's method.
    package var method: String
    /// The request target, byte for byte.
    package var target: String
    /// The header lines in the order received.
    package var headers: [HeaderField]
    /// Bytes of the request's body.
    package var bodyLength: Int
    /// SHA-256 of the request's body in hexadecimal.
    package var bodyDigest: String
    /// The body's beginning, up to `Ledger.mostBodyBytes`.
    package var body: [UInt8]
    /// The HSS operation, if the path is one.
    package var operation: String?
    /// `accepted`, or the error code and text of the refusal by the checks before HSS. IAM has no such checks: there the
    /// status is decisive.
    package var verdict: String
    /// Further observations.
    package var notes: [LedgerNote]
    /// The fault that was applied to the answer.
    package var fault: String?
    /// The status of the answer.
    package var status: Int
    /// The `X-Request-Id` of the answer.
    package var requestID: String
    /// How far the answer got.
    package var delivery = Delivery.pending
    /// Bytes of the answer's body that went out.
    package var sentBytes = 0
}

extension LedgerEntry {
    /// The entry as `GET /sandbox/ledger` shows it.
    var json: JSONValue {
        [
            "sequence": .integer(Int64(sequence)), "time": .string(time.extendedTime), "side": .string(side.rawValue),
            "connection": .integer(Int64(connection)), "method": .string(method), "target": .string(target),
            "headers": .array(headers.map { [.string($0.name), .string($0.value)] }), "body_bytes": .integer(Int64(bodyLength)),
            "body_sha256": .string(bodyDigest), "body": .string(String(decoding: body, as: UTF8.self)),
            "operation": operation.map(JSONValue.string) ?? .null, "verdict": .string(verdict),
            "notes": .array(notes.map { .string($0.rawValue) }), "fault": fault.map(JSONValue.string) ?? .null,
            "status": .integer(Int64(status)), "request_id": .string(requestID), "delivery": .string(delivery.rawValue),
            "sent_bytes": .integer(Int64(sentBytes)),
        ]
    }
}

extension LedgerEntry {
    /// The entry of a request whose answer is known. `Ledger.append` gives it its number.
    init(_ context: RequestContext, admission: Admission, fault: String?, status: Int) {
        let request = context.request
        self.init(
            sequence: 0, time: context.now, side: request.origin.side, connection: request.origin.connection, method: request.method,
            target: request.target, headers: request.headers, bodyLength: request.bodyLength,
            bodyDigest: Hexadecimal.text(SHA256.hash(data: request.body)), body: Array(request.body.prefix(Ledger.mostBodyBytes)),
            operation: admission.operation, verdict: admission.verdict, notes: admission.notes, fault: fault, status: status,
            requestID: context.requestID)
    }
}
