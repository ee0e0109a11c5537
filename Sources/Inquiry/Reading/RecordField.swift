/// What a record's line can say, by the place in the line.
package enum RecordField: Int, Sendable, CaseIterable {
    case sequence, id, phase, time, requestID, callerName, callerMethod, callerAddress, operation, kind, method, path, query, projectName, projectID
    case projectRegion, regionHeader, enterpriseValue, enterpriseInjected, credentialName, credentialType, accessKeyTail, decision, rule, errorCode,
        reason
    case requestBytes, requestSHA256, requestFields, status, outcome, source, upstreamRequestID, attempts, connect, firstByte, total, upstreamError
    case responseBytes, responseSHA256, taskID, fileID, recordTotalNum, duration, instance, version, configSHA256, event, detail
}

/// A key of the record and what its value is: a field, an object with keys of its own, or nothing anybody asks for.
struct RecordKey: Sendable {
    let name: [UInt8]
    let field: RecordField?
    let inner: [RecordKey]

    init(_ name: String, _ field: RecordField? = nil, _ inner: [RecordKey] = []) {
        self.name = Array(name.utf8)
        self.field = field
        self.inner = inner
    }

    /// In the order in which the journal writes them, which is where a reader looks first.
    static let record: [RecordKey] = [
        RecordKey("v"), RecordKey("seq", .sequence), RecordKey("id", .id), RecordKey("phase", .phase), RecordKey("time", .time),
        RecordKey("request_id", .requestID),
        RecordKey("caller", nil, [RecordKey("name", .callerName), RecordKey("method", .callerMethod), RecordKey("address", .callerAddress)]),
        RecordKey("operation", .operation), RecordKey("kind", .kind), RecordKey("method", .method), RecordKey("path", .path),
        RecordKey("query", .query),
        RecordKey("project", nil, [RecordKey("name", .projectName), RecordKey("id", .projectID), RecordKey("region", .projectRegion)]),
        RecordKey("region_header", .regionHeader),
        RecordKey("enterprise_project_id", nil, [RecordKey("value", .enterpriseValue), RecordKey("injected", .enterpriseInjected)]),
        RecordKey(
            "credential", nil,
            [RecordKey("name", .credentialName), RecordKey("type", .credentialType), RecordKey("access_key_tail", .accessKeyTail)]),
        RecordKey("decision", .decision), RecordKey("rule", .rule), RecordKey("error_code", .errorCode), RecordKey("reason", .reason),
        RecordKey(
            "request_body", nil, [RecordKey("bytes", .requestBytes), RecordKey("sha256", .requestSHA256), RecordKey("fields", .requestFields)]),
        RecordKey("status", .status), RecordKey("outcome", .outcome), RecordKey("source", .source),
        RecordKey(
            "upstream", nil,
            [
                RecordKey("request_id", .upstreamRequestID), RecordKey("attempts", .attempts), RecordKey("connect_us", .connect),
                RecordKey("first_byte_us", .firstByte), RecordKey("total_us", .total), RecordKey("error", .upstreamError),
            ]),
        RecordKey("response_body", nil, [RecordKey("bytes", .responseBytes), RecordKey("sha256", .responseSHA256)]),
        RecordKey(
            "export", nil, [RecordKey("task_id", .taskID), RecordKey("file_id", .fileID), RecordKey("record_total_num", .recordTotalNum)]),
        RecordKey("duration_us", .duration),
        RecordKey(
            "gateway", nil,
            [RecordKey("instance", .instance), RecordKey("version", .version), RecordKey("config_sha256", .configSHA256)]),
        RecordKey("event", .event), RecordKey("detail", .detail),
    ]
}
