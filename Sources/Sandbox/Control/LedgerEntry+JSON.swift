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
