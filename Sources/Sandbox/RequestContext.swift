/// A request with the data for its answer.
struct RequestContext: Sendable {
    var request: SandboxRequest
    /// The sandbox's clock when the request was complete.
    var now: Duration
    /// 32 hexadecimal digits, in `X-Request-Id` and in error bodies.
    var requestID: String

    /// The cloud's error bodies have their keys in either order; a random bit of the request id decides.
    var reversesErrorKeys: Bool { requestID.utf8.last.map { $0 & 1 == 1 } ?? false }

    /// The response to an error of the API gateway or HSS.
    func response(_ error: CloudError) -> SandboxResponse {
        .json(error.status, error.body(requestID: requestID, reversed: reversesErrorKeys))
    }
}

extension RequestContext {
    /// The language of messages: the request's `x-language`, else the configured one.
    func language(_ configuration: SandboxConfiguration) -> MessageLanguage {
        MessageLanguage(header: request.header("x-language")) ?? configuration.messageLanguage
    }
}
