import Audit
import Codecs

/// Records as events of the Cloud Auditing Data Federation 1.0 (DMTF DSP0262): the caller is the initiator, the HSS project the target, the gateway
/// the observer.
enum CADFEvent {
    static func write(_ record: JournalRecord) -> [UInt8] {
        var json = JSONWriter()
        let isRefusal = record.phase == .refusal
        json.open()
        json.member("typeURI", "http://schemas.dmtf.org/cloud/audit/1.0/event")
        json.member("id", "\(record[.id] ?? "")-\(record.sequence)")
        // A decision of the gateway itself is a control event, everything else an activity.
        json.member("eventType", isRefusal ? "control" : "activity")
        json.member("eventTime", record[.time])
        json.member("action", action(of: record))
        json.member("outcome", outcome(of: record))
        resource("initiator", type: record.phase == .event ? "service/security" : "service/security/account/user", &json) { json in
            let caller = record[.callerName].flatMap { $0.isEmpty ? nil : $0 }
            let name = record.phase == .event ? record[.instance] ?? "hss-gateway" : caller ?? "unknown"
            json.member("id", "caller:\(name)")
            json.member("name", name)
            if let address = record[.callerAddress] {
                json.key("host")
                json.open()
                json.member("address", address)
                json.close()
            }
            if let credential = record[.credentialName] {
                json.key("credential")
                json.open()
                json.member("type", record[.credentialType])
                json.member("token", "\(credential):****\(record[.accessKeyTail] ?? "")")
                json.close()
            }
        }
        resource("target", type: record.phase == .event ? "service/security" : "service/security/hss", &json) { json in
            json.member("id", record[.projectID] ?? record[.instance] ?? "unknown")
            json.member("name", record[.operation] ?? record[.projectName])
        }
        resource("observer", type: "service/security/gateway", &json) { json in
            json.member("id", "gateway:\(record[.instance] ?? "unknown")")
            json.member("name", "hss-gateway")
        }
        reason(of: record, &json)
        json.member("requestPath", record[.path].map { path in record[.query].map { path + "?" + $0 } ?? path })
        json.key("tags")
        json.open("[")
        for (name, field) in [("request_id", RecordField.requestID), ("task_id", .taskID), ("file_id", .fileID), ("seq", .sequence)] {
            if let value = record[field] { json.value("\(name)?value=\(value)") }
        }
        json.close("]")
        json.close()
        json.newline()
        return json.bytes
    }

    /// The action in the CADF taxonomy.
    private static func action(of record: JournalRecord) -> String {
        switch (record.phase, record[.kind], record[.method]) {
        case (.refusal, _, _): "deny"
        case (_, "read", _): "read"
        case (_, "export", _): "create"
        case (_, "download", _): "read"
        case (_, "write", "DELETE"): "delete"
        case (_, "write", "POST"): "create"
        case (_, "write", _): "update"
        case (.event, _, _): record[.event].map { $0 == "start" || $0 == "stop" ? $0 : "notify" } ?? "notify"
        default: "unknown"
        }
    }

    /// `success`, `failure`, `unknown` or `pending`.
    private static func outcome(of record: JournalRecord) -> String {
        switch record[.outcome] {
        case "success": "success"
        case "failure", "refused": "failure"
        case "unknown": "unknown"
        default: record.phase == .request ? "pending" : record.phase == .event ? "success" : "unknown"
        }
    }

    private static func reason(of record: JournalRecord, _ json: inout JSONWriter) {
        guard let status = record[.status] else { return }
        json.key("reason")
        json.open()
        json.member("reasonType", "HTTP")
        json.member("reasonCode", status)
        if record.phase == .refusal {
            json.member("policyType", "http://schemas.dmtf.org/cloud/audit/1.0/policy")
            json.member("policyId", record[.rule] ?? record[.errorCode])
        }
        json.close()
    }

    private static func resource(_ name: String, type: String, _ json: inout JSONWriter, _ body: (inout JSONWriter) -> Void) {
        json.key(name)
        json.open()
        json.member("typeURI", type)
        body(&json)
        json.close()
    }
}
