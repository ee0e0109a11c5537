/// The nested objects, each with its keys in the contract's order.
extension RecordEncoder {
    static func encode(_ caller: Record.Caller, to line: inout LineWriter) {
        line.put(literal: "\"caller\":{")
        line.member("\"name\":", caller.name)
        line.member("\"method\":", caller.method)
        line.member("\"address\":", caller.address)
        line.endObject()
    }

    static func encode(_ project: Record.Project, to line: inout LineWriter) {
        line.put(literal: "\"project\":{")
        line.member("\"name\":", project.name)
        line.member("\"id\":", project.id)
        line.member("\"region\":", project.region)
        line.endObject()
    }

    static func encode(_ enterpriseProjectID: Record.EnterpriseProjectID, to line: inout LineWriter) {
        line.put(literal: "\"enterprise_project_id\":{")
        line.member("\"value\":", enterpriseProjectID.value)
        line.member("\"injected\":", enterpriseProjectID.injected)
        line.endObject()
    }

    static func encode(_ credential: Record.Credential, to line: inout LineWriter) {
        line.put(literal: "\"credential\":{")
        line.member("\"name\":", credential.name)
        line.member("\"type\":", credential.type)
        line.member("\"access_key_tail\":", credential.accessKeyTail)
        line.endObject()
    }

    static func encode(_ body: Record.RequestBody, to line: inout LineWriter) {
        line.put(literal: "\"request_body\":{")
        line.member("\"bytes\":", Int64(body.bytes))
        line.member("\"sha256\":", body.sha256)
        if let fields = body.fields {
            line.put(literal: "\"fields\":")
            line.put(fields)
            line.put(byte: UInt8(ascii: ","))
        }
        line.member("\"text\":", body.text)
        if body.isTruncated { line.member("\"truncated\":", true) }
        line.endObject()
    }

    static func encode(_ body: Record.ResponseBody, to line: inout LineWriter) {
        line.put(literal: "\"response_body\":{")
        line.member("\"bytes\":", Int64(body.bytes))
        line.member("\"sha256\":", body.sha256)
        line.endObject()
    }

    static func encode(_ upstream: Record.Upstream, to line: inout LineWriter) {
        line.put(literal: "\"upstream\":{")
        line.member("\"request_id\":", upstream.requestID)
        line.member("\"attempts\":", upstream.attempts.map(Int64.init))
        line.member("\"connect_us\":", upstream.connect)
        line.member("\"first_byte_us\":", upstream.firstByte)
        line.member("\"total_us\":", upstream.total)
        line.member("\"error\":", upstream.error)
        line.endObject()
    }

    static func encode(_ export: Record.Export, to line: inout LineWriter) {
        line.put(literal: "\"export\":{")
        line.member("\"task_id\":", export.taskID)
        line.member("\"file_id\":", export.fileID)
        line.member("\"record_total_num\":", export.recordTotalNum)
        line.endObject()
    }
}
