import Codecs
import Audit

/// Records as an OTLP logs request in JSON (OTLP specification 1.x, `ExportLogsServiceRequest`; 64-bit integers are strings there).
struct OTLPPayload {
    private(set) var bytes: [UInt8] = []
    private var isFirst = true

    init(instance: String, version: String) {
        put(#"{"resourceLogs":[{"resource":{"attributes":["#)
        attribute("service.name", "hss-gateway")
        put(",")
        attribute("service.instance.id", instance)
        put(",")
        attribute("service.version", version)
        put(#"]},"scopeLogs":[{"scope":{"name":"hss-gateway.audit"},"logRecords":["#)
    }

    /// Adds one record: its line is the body, so that nothing of it is lost; what people filter by stands in attributes as well.
    mutating func add(_ sequence: UInt64, _ line: UnsafeRawBufferPointer) {
        if !isFirst { put(",") }
        isFirst = false
        let fields = RecordFields(line)
        put("{")
        if let time = fields?.time { put("\"timeUnixNano\":\"\(time.microseconds)000\",") }
        let failed = fields?.text("outcome").map { $0 != "success" } ?? false
        put(failed ? #""severityNumber":13,"severityText":"WARN","# : #""severityNumber":9,"severityText":"INFO","#)
        put(#""body":{"stringValue":"#)
        JSONString.append(String(decoding: line, as: UTF8.self), to: &bytes)
        put(#"},"attributes":[{"key":"hssgw.seq","value":{"intValue":""#)
        put(String(sequence))
        put(#""}}"#)
        if let fields { attributes(fields) }
        put("]}")
    }

    consuming func finish() -> [UInt8] {
        put("]}]}]}")
        return bytes
    }

    private mutating func attributes(_ fields: RecordFields) {
        let texts: [(String, String?)] = [
            ("hssgw.audit_id", fields.text("id")), ("hssgw.phase", fields.text("phase")), ("hssgw.request_id", fields.text("request_id")),
            ("hssgw.caller", fields.text("caller", "name")), ("hssgw.operation", fields.text("operation")),
            ("hssgw.kind", fields.text("kind")), ("hssgw.outcome", fields.text("outcome")), ("hssgw.event", fields.text("event")),
            ("cloud.region", fields.text("project", "region")), ("hssgw.project", fields.text("project", "name")),
        ]
        for case (let key, let value?) in texts {
            put(",")
            attribute(key, value)
        }
    }

    private mutating func attribute(_ key: String, _ value: String) {
        put("{\"key\":\"\(key)\",\"value\":{\"stringValue\":")
        JSONString.append(value, to: &bytes)
        put("}}")
    }

    private mutating func put(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }
}
