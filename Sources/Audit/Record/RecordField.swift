/// The members of a record, in the order in which a line has them (interface, section 6): the one vocabulary of record keys.
///
/// The encoder, the readers of lines, the index, the central tables, the formats and the filters of queries name a member by its case, and take
/// its key, its type and the name of its column from its row here. A new member takes a case and a row here, the property of `Record` that holds
/// its value with its line in `visit`, and a row in docs/audit-record.md; tests compare the three.
package enum RecordField: Int, Sendable, CaseIterable {
    case formatVersion, sequence, id, phase, time, requestID, callerName, callerMethod, callerAddress, operation, kind, method, path, query
    case projectName, projectID, projectRegion, regionHeader, enterpriseValue, enterpriseInjected, credentialName, credentialType, accessKeyTail
    case decision, rule, errorCode, reason, requestBytes, requestSHA256, requestFields, requestText, requestTruncated, status, outcome, source
    case upstreamRequestID, attempts, connect, firstByte, total, upstreamError, responseBytes, responseSHA256, taskID, fileID, recordTotalNum
    case duration, instance, version, configSHA256, event, detail

    /// What a member's value is in JSON.
    package enum ValueType: Sendable {
        case text, integer, boolean
        /// Any JSON value.
        case json
    }

    /// The properties of a member.
    private struct Row {
        /// The key as in a line, with its quotation marks and the colon.
        let key: StaticString
        let type: ValueType
        /// The object that contains the member; nil for a member of the record itself.
        let object: RecordObject?
        /// The name as a column of a table, if the key alone would not be unique.
        let column: StaticString?

        @inline(__always)
        init(_ key: StaticString, _ type: ValueType = .text, in object: RecordObject? = nil, column: StaticString? = nil) {
            self.key = key
            self.type = type
            self.object = object
            self.column = column
        }
    }

    // Always inlined, so that a key is a constant in the encoder.
    @inline(__always)
    private var row: Row {
        switch self {
        case .formatVersion: Row(#""v":"#, .integer)
        case .sequence: Row(#""seq":"#, .integer)
        case .id: Row(#""id":"#)
        case .phase: Row(#""phase":"#)
        case .time: Row(#""time":"#)
        case .requestID: Row(#""request_id":"#)
        case .callerName: Row(#""name":"#, in: .caller, column: "caller")
        case .callerMethod: Row(#""method":"#, in: .caller, column: "caller_method")
        case .callerAddress: Row(#""address":"#, in: .caller, column: "caller_address")
        case .operation: Row(#""operation":"#)
        case .kind: Row(#""kind":"#)
        case .method: Row(#""method":"#)
        case .path: Row(#""path":"#)
        case .query: Row(#""query":"#)
        case .projectName: Row(#""name":"#, in: .project, column: "project")
        case .projectID: Row(#""id":"#, in: .project, column: "project_id")
        case .projectRegion: Row(#""region":"#, in: .project, column: "region")
        case .regionHeader: Row(#""region_header":"#)
        case .enterpriseValue: Row(#""value":"#, in: .enterpriseProjectID, column: "enterprise_project_id")
        case .enterpriseInjected: Row(#""injected":"#, .boolean, in: .enterpriseProjectID, column: "enterprise_project_id_injected")
        case .credentialName: Row(#""name":"#, in: .credential, column: "credential")
        case .credentialType: Row(#""type":"#, in: .credential, column: "credential_type")
        case .accessKeyTail: Row(#""access_key_tail":"#, in: .credential)
        case .decision: Row(#""decision":"#)
        case .rule: Row(#""rule":"#)
        case .errorCode: Row(#""error_code":"#)
        case .reason: Row(#""reason":"#)
        case .requestBytes: Row(#""bytes":"#, .integer, in: .requestBody, column: "request_bytes")
        case .requestSHA256: Row(#""sha256":"#, in: .requestBody, column: "request_sha256")
        case .requestFields: Row(#""fields":"#, .json, in: .requestBody, column: "request_fields")
        case .requestText: Row(#""text":"#, in: .requestBody, column: "request_text")
        case .requestTruncated: Row(#""truncated":"#, .boolean, in: .requestBody, column: "request_truncated")
        case .status: Row(#""status":"#, .integer)
        case .outcome: Row(#""outcome":"#)
        case .source: Row(#""source":"#)
        case .upstreamRequestID: Row(#""request_id":"#, in: .upstream, column: "upstream_request_id")
        case .attempts: Row(#""attempts":"#, .integer, in: .upstream)
        case .connect: Row(#""connect_us":"#, .integer, in: .upstream)
        case .firstByte: Row(#""first_byte_us":"#, .integer, in: .upstream)
        case .total: Row(#""total_us":"#, .integer, in: .upstream)
        case .upstreamError: Row(#""error":"#, in: .upstream, column: "upstream_error")
        case .responseBytes: Row(#""bytes":"#, .integer, in: .responseBody, column: "response_bytes")
        case .responseSHA256: Row(#""sha256":"#, in: .responseBody, column: "response_sha256")
        case .taskID: Row(#""task_id":"#, in: .export)
        case .fileID: Row(#""file_id":"#, in: .export)
        case .recordTotalNum: Row(#""record_total_num":"#, .integer, in: .export)
        case .duration: Row(#""duration_us":"#, .integer)
        case .instance: Row(#""instance":"#, in: .gateway)
        case .version: Row(#""version":"#, in: .gateway)
        case .configSHA256: Row(#""config_sha256":"#, in: .gateway)
        case .event: Row(#""event":"#)
        case .detail: Row(#""detail":"#, .json)
        }
    }
}

extension RecordField {
    /// The key with its quotation marks and colon, as the encoder writes it.
    @inline(__always)
    var key: StaticString { row.key }

    /// The object that contains the member; nil for a member of the record itself.
    package var object: RecordObject? { row.object }

    /// What the member's value is in JSON.
    package var type: ValueType { row.type }

    /// The key's own bytes, without quotation marks and colon. They live as long as the program.
    package var name: UnsafeRawBufferPointer { row.key.quotedName }

    /// The member's name as a column of a table.
    package var column: String { row.column.map { "\($0)" } ?? String(decoding: name, as: UTF8.self) }

    /// Its name as a column of a database, in which the time is a number of microseconds.
    package var databaseColumn: String {
        switch self {
        case .time: "time_us"
        case .projectName: "project_name"
        default: column
        }
    }
}

extension StaticString {
    /// The text between the quotation marks of `"name":` or `"name":{`.
    var quotedName: UnsafeRawBufferPointer {
        let bytes = UnsafeRawBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
        let end = bytes.lastIndex(of: UInt8(ascii: "\"")) ?? bytes.count
        return UnsafeRawBufferPointer(rebasing: bytes[1..<end])
    }
}
