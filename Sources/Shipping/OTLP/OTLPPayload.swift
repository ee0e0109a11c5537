import Audit
import Codecs

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

    /// Adds one record: its line is the body, so that it is complete; members that are useful as filters are attributes as well.
    mutating func add(_ sequence: UInt64, _ line: UnsafeRawBufferPointer) {
        if !isFirst { put(",") }
        isFirst = false
        let fields = RecordFields(line)
        put("{")
        if let time = fields?.time { put("\"timeUnixNano\":\"\(time.microseconds)000\",") }
        let failed = fields?.text(.outcome).map { $0 != "success" } ?? false
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

    /// The members that are attributes, and their names.
    private static let attributes: [(name: String, field: RecordField)] = [
        ("hssgw.audit_id", .id), ("hssgw.phase", .phase), ("hssgw.request_id", .requestID), ("hssgw.caller", .callerName),
        ("hssgw.operation", .operation), ("hssgw.kind", .kind), ("hssgw.outcome", .outcome), ("hssgw.event", .event),
        ("cloud.region", .projectRegion), ("hssgw.project", .projectName),
    ]

    private mutating func attributes(_ fields: RecordFields) {
        for (name, field) in Self.attributes {
            guard let value = fields.text(field) else { continue }
            put(",")
            attribute(name, value)
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
