extension Fault {
    /// Reads `{"kind":"truncate","after_bytes":10,"operation":"ListVulnerabilities","count":1}`.
    init(json: JSONValue) throws(FaultRequestError) {
        self.init(try Effect(json: json))
        operation = json["operation"]?.string
        method = json["method"]?.string
        pathPrefix = json["path"]?.string
        skip = Int(json["skip"]?.integer ?? 0)
        count = json["count"]?.integer.flatMap { $0 <= 0 ? nil : Int($0) } ?? (json["count"] == nil ? 1 : nil)
        isProcessed = json["processed"]?.boolean ?? false
        if let side = json["side"]?.string {
            guard let value = SandboxSide(rawValue: side) else { throw FaultRequestError(sentence: "side is hss or iam") }
            self.side = value
        }
    }

    /// The fault as `GET /sandbox/faults` shows it.
    var json: JSONValue {
        var members: [JSONValue.Member] = [.init(key: "kind", value: .string(effect.name))]
        func add(_ key: String, _ text: String?) {
            if let text { members.append(.init(key: key, value: .string(text))) }
        }
        add("side", side?.rawValue)
        add("operation", operation)
        add("method", method)
        add("path", pathPrefix)
        members.append(.init(key: "skip", value: .integer(Int64(skip))))
        members.append(.init(key: "count", value: .integer(Int64(count ?? 0))))
        return .object(members)
    }
}

extension Fault.Effect {
    /// The fault's name in requests.
    var name: String {
        switch self {
        case .status: "status"
        case .delayHead: "delay_head"
        case .delayBody: "delay_body"
        case .reset: "reset"
        case .close: "close"
        case .resetBody: "reset_body"
        case .truncate: "truncate"
        case .cutChunked: "cut_chunked"
        case .redirect: "redirect"
        case .garbage: "garbage"
        case .headerFlood: "header_flood"
        case .taskFailure: "task_failure"
        }
    }

    fileprivate init(json: JSONValue) throws(FaultRequestError) {
        let afterBytes = max(0, Int(json["after_bytes"]?.integer ?? 0))
        let delay = Duration.milliseconds(max(0, json["milliseconds"]?.integer ?? 0))
        let body = Array((json["body"]?.string ?? "").utf8)
        switch json["kind"]?.string {
        case "status":
            guard let status = json["status"]?.integer, (200...599).contains(status) else {
                throw FaultRequestError(sentence: "kind status needs a status from 200 to 599")
            }
            let headers = (json["headers"]?.members ?? []).map { HeaderField($0.key, $0.value.string ?? "") }
            self = .status(Int(status), headers: headers, body: body)
        case "delay_head": self = .delayHead(delay)
        case "delay_body": self = .delayBody(afterBytes: afterBytes, delay)
        case "reset": self = .reset
        case "close": self = .close
        case "reset_body": self = .resetBody(afterBytes: afterBytes)
        case "truncate": self = .truncate(afterBytes: afterBytes)
        case "cut_chunked": self = .cutChunked(afterBytes: afterBytes)
        case "redirect":
            self = .redirect(location: json["location"]?.string ?? "http://127.0.0.1:1/", status: Int(json["status"]?.integer ?? 302))
        case "garbage": self = .garbage(body.isEmpty ? Array("\u{0}\u{1}not http\r\n\r\n".utf8) : body)
        case "header_flood":
            let fields = min(4_096, max(1, Int(json["fields"]?.integer ?? 100)))
            self = .headerFlood(fields: fields, byteCount: min(8_192, max(1, Int(json["bytes"]?.integer ?? 1_024))))
        case "task_failure": self = .taskFailure
        default:
            throw FaultRequestError(
                sentence: "kind is one of status, delay_head, delay_body, reset, close, reset_body, truncate, cut_chunked, "
                    + "redirect, garbage, header_flood, task_failure")
        }
    }
}

/// Why a requested fault is not possible.
struct FaultRequestError: Error, Sendable {
    var sentence: String
}
