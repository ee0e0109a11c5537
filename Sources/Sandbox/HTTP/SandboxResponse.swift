/// An answer, before faults and framing are applied.
struct SandboxResponse: Sendable {
    var status: Int
    var headers: [HeaderField]
    var body: ResponseBody
    var framing: BodyFraming = .contentLength

    /// An answer with a JSON document.
    static func json(_ status: Int, _ document: JSONValue, headers: [HeaderField] = []) -> SandboxResponse {
        SandboxResponse(
            status: status, headers: [HeaderField("Content-Type", "application/json")] + headers, body: .bytes(document.serialized))
    }

    /// An answer without a body.
    static func empty(_ status: Int, headers: [HeaderField] = []) -> SandboxResponse {
        SandboxResponse(status: status, headers: headers, body: .bytes([]))
    }
}
