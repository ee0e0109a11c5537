import Audit
import Codecs

/// Records as events of the Open Cybersecurity Schema Framework 1.3, class 6003 API Activity. Events of the gateway itself are of that class too:
/// their actor is the gateway, and their activity is "Other".
enum OCSFEvent {
    private static let version = "1.3.0"
    private static let categoryUID: Int64 = 6
    private static let classUID: Int64 = 6_003

    static func write(_ record: JournalRecord) -> [UInt8] {
        var json = JSONWriter()
        let (activity, name) = activity(of: record)
        json.open()
        json.member("activity_id", activity)
        json.member("activity_name", name)
        json.member("category_uid", categoryUID)
        json.member("category_name", "Application Activity")
        json.member("class_uid", classUID)
        json.member("class_name", "API Activity")
        json.member("type_uid", classUID * 100 + activity)
        json.member("time", record.time.microseconds / 1_000)
        json.member("severity_id", severity(of: record))
        status(of: record, &json)
        json.member("duration", record.integer(.duration).map { $0 / 1_000 })
        metadata(of: record, &json)
        actor(of: record, &json)
        api(of: record, &json)
        endpoints(of: record, &json)
        request(of: record, &json)
        resources(of: record, &json)
        unmapped(record, &json)
        json.close()
        json.newline()
        return json.bytes
    }

    /// 1 create, 2 read, 3 update, 4 delete, 99 other. The HTTP method decides if the operation's kind does not.
    private static func activity(of record: JournalRecord) -> (Int64, String) {
        switch (record[.kind], record[.method]) {
        case ("export", _): (1, "Create")
        case ("read", _), ("download", _): (2, "Read")
        case ("write", "DELETE"): (4, "Delete")
        case ("write", "POST"): (1, "Create")
        case ("write", _): (3, "Update")
        default: (99, record[.event] ?? "Other")
        }
    }

    /// 1 informational; 3 medium for refusals and failures.
    private static func severity(of record: JournalRecord) -> Int64 {
        switch record[.outcome] {
        case "refused", "failure", "unknown": 3
        default: 1
        }
    }

    private static func status(of record: JournalRecord, _ json: inout JSONWriter) {
        switch record[.outcome] {
        case "success": json.member("status_id", 1)
        case "failure", "refused": json.member("status_id", 2)
        default: json.member("status_id", 0)
        }
        json.member("status", record[.outcome])
        json.member("status_code", record[.errorCode] ?? record[.status])
        json.member("status_detail", record[.upstreamError])
    }

    private static func metadata(of record: JournalRecord, _ json: inout JSONWriter) {
        json.object("metadata") { json in
            json.member("version", version)
            json.member("uid", record[.id])
            json.member("sequence", Int64(record.sequence))
            json.member("original_time", record[.time])
            json.member("log_name", "journal")
            json.member("correlation_uid", record[.taskID])
            json.object("product") { json in
                json.member("name", "hss-gateway")
                json.member("vendor_name", "hss-gateway")
                json.member("version", record[.version])
                json.member("uid", record.instance)
            }
        }
    }

    private static func actor(of record: JournalRecord, _ json: inout JSONWriter) {
        json.object("actor") { json in
            json.object("user") { json in
                let caller = record[.callerName].flatMap { $0.isEmpty ? nil : $0 }
                json.member("name", record.phase == .event ? "hss-gateway" : caller ?? "unknown")
                json.member("type_id", record.phase == .event ? 3 : caller == nil ? 0 : 1)
                json.member("credential_uid", record[.credentialName])
            }
        }
    }

    private static func api(of record: JournalRecord, _ json: inout JSONWriter) {
        json.object("api") { json in
            json.member("operation", record[.operation] ?? record[.event] ?? "unknown")
            json.object("service") { json in json.member("name", "HSS") }
            json.object("request") { json in json.member("uid", record[.requestID] ?? record[.id] ?? "") }
            guard let code = record.integer(.status) else { return }
            json.object("response") { json in
                json.member("code", code)
                json.member("error", record[.errorCode])
            }
        }
    }

    private static func endpoints(of record: JournalRecord, _ json: inout JSONWriter) {
        json.object("src_endpoint") { json in
            if let address = record[.callerAddress], address.contains(".") || address.contains(":") {
                json.member("ip", address)
            } else {
                json.member("name", record[.callerAddress] ?? record.instance ?? "unknown")
            }
        }
        json.object("cloud") { json in
            json.member("provider", "Huawei Cloud")
            json.member("region", record[.projectRegion])
            json.member("project_uid", record[.projectID])
        }
    }

    private static func request(of record: JournalRecord, _ json: inout JSONWriter) {
        guard let method = record[.method] else { return }
        json.object("http_request") { json in
            json.member("http_method", method)
            json.member("uid", record[.requestID])
            json.member("length", record.integer(.requestBytes))
            guard let path = record[.path] else { return }
            json.object("url") { json in
                json.member("path", path)
                json.member("query_string", record[.query])
            }
        }
        guard let code = record.integer(.status) else { return }
        json.object("http_response") { json in
            json.member("code", code)
            json.member("length", record.integer(.responseBytes))
        }
    }

    private static func resources(of record: JournalRecord, _ json: inout JSONWriter) {
        guard record[.taskID] != nil || record[.fileID] != nil else { return }
        json.list("resources", [("export_task", RecordField.taskID), ("export_file", .fileID)]) { json, resource in
            guard let uid = record[resource.1] else { return }
            json.object { json in
                json.member("type", resource.0)
                json.member("uid", uid)
            }
        }
    }

    /// Members that have an attribute of their own in the class.
    private static let mapped: [RecordField] = [
        .formatVersion, .sequence, .id, .time, .requestID, .callerName, .callerAddress, .operation, .method, .path, .query, .projectID,
        .projectRegion,
        .credentialName, .errorCode, .requestBytes, .status, .outcome, .upstreamError, .responseBytes, .taskID, .fileID, .duration, .instance,
        .version, .event,
    ]

    private static let others = RecordField.allCases.filter { !mapped.contains($0) }

    /// All other members of the record.
    private static func unmapped(_ record: JournalRecord, _ json: inout JSONWriter) {
        json.object("unmapped") { json in
            for field in others {
                guard let value = record.json(field) else { continue }
                json.key(field.column)
                json.raw(printable(value))
            }
        }
    }

    /// A record's JSON, with control characters that an editor or a terminal would interpret escaped. They occur in strings only.
    private static func printable(_ json: ArraySlice<UInt8>) -> [UInt8] {
        let text = String(decoding: json, as: UTF8.self)
        guard text.unicodeScalars.contains(where: PrintableText.isHidden) else { return Array(json) }
        var out: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard PrintableText.isHidden(scalar) else {
                out += String(scalar).utf8
                continue
            }
            // The text of one character, without its quotation marks.
            out += JSONString.quoted(String(scalar)).utf8.dropFirst().dropLast()
        }
        return out
    }
}
