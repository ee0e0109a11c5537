/// Between a listener and the services: request ids, faults, the ledger.
struct Responder: Sendable {
    private let parts: SandboxParts
    private let hss: HSSService
    private let identity: IAMService

    /// A responder over some state.
    init(parts: SandboxParts) {
        self.parts = parts
        hss = HSSService(parts: parts)
        identity = IAMService(parts: parts)
    }

    /// Answers a request. The number is the request's position in the ledger; requests to the controls have
    /// none.
    func respond(to request: SandboxRequest, terms: Delivery.Terms) -> (Delivery, sequence: Int?) {
        let context = RequestContext(request: request, now: parts.clock.now, requestID: Hexadecimal.random(byteCount: 16))
        let admission = request.origin.side == .hss ? hss.admit(context) : identity.admit(context)
        guard admission.isObserved else {
            return (Delivery(dressed(admission.perform(false), context), fault: nil, terms: terms), nil)
        }
        let fault = parts.faults.take(
            side: request.origin.side, operation: admission.operation, method: request.method, target: request.target)
        let runs = fault?.runsRequest ?? true
        let answer = runs ? admission.perform(fault?.effect == .taskFailure) : SandboxResponse.empty(200)
        let response = dressed(answer, context)
        let status = if case .status(let status, _, _) = fault?.effect { status } else { response.status }
        let sequence = parts.ledger.append(
            LedgerEntry(context, admission: admission, fault: fault?.effect.name, status: status))
        return (Delivery(response, fault: fault?.effect, terms: terms), sequence)
    }

    /// The whole answer to input that is not an HTTP request. It is not in the ledger.
    func malformedRequest() -> [UInt8] {
        let body = CloudError.malformedRequest.body(requestID: Hexadecimal.random(byteCount: 16), reversed: false)
        let response = SandboxResponse.json(400, body)
        return ResponseHead.bytes(response, keepsAlive: false) + body.serialized
    }

    /// Notes how far an answer got.
    func finish(_ sequence: Int, delivery: LedgerEntry.Delivery, sentBytes: Int) {
        parts.ledger.finish(sequence, delivery: delivery, sentBytes: sentBytes)
    }

    /// Adds the fields that every answer of the cloud has. IAM has its own name for the request's id as well.
    private func dressed(_ response: SandboxResponse, _ context: RequestContext) -> SandboxResponse {
        var response = response
        response.headers += [
            HeaderField("X-Request-Id", context.requestID),
            HeaderField("Date", CivilTime(secondsSinceEpoch: context.now.wholeSeconds).httpDate), HeaderField("Server", "api-gateway"),
        ]
        if context.request.origin.side == .iam { response.headers.append(HeaderField("X-IAM-Trace-Id", "token_" + context.requestID)) }
        return response
    }
}
