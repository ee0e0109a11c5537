import Credentials
import Transport

/// One answer as it comes in, up to its bound.
final class IAMTransfer: TransferDelegate {
    private var done: ((Result<IAMResponse, IAMExchangeFault>) -> Void)?
    private var head: ResponseHead?
    private var body: [UInt8] = []
    private var isTooLarge = false

    init(_ done: @escaping (Result<IAMResponse, IAMExchangeFault>) -> Void) {
        self.done = done
        // Allocated at once, so that growing leaves no copies of keys in memory.
        body.reserveCapacity(16 << 10)
    }

    func head(_ head: ResponseHead) { self.head = head }

    func body(_ bytes: UnsafeRawBufferPointer) -> Demand {
        guard body.count + bytes.count <= IAMResponse.largestBody else {
            isTooLarge = true
            return .continue
        }
        body.append(contentsOf: bytes)
        return .continue
    }

    func finished(_ summary: TransferSummary) {
        guard let head, !isTooLarge else { return end(.failure(.broken)) }
        let fields = head.fields
        end(
            .success(
                IAMResponse(
                    status: head.status, subjectToken: fields.secret(named: "X-Subject-Token"), date: fields.first(named: "Date"),
                    retryAfter: fields.first(named: "Retry-After"), body: Secret(taking: &body)
                )))
    }

    func failed(_ error: TransportError, _ summary: TransferSummary) {
        switch error {
        case .couldNotResolve, .couldNotConnect, .addressRefused, .proxy, .timedOut(.connect), .withheld, .overloaded, .shutDown, .resources,
            .configuration:
            end(.failure(.unreachable))
        case .tls: end(.failure(.untrusted))
        case .timedOut: end(.failure(.timedOut))
        case .connectionLost, .protocolViolation, .headersTooLarge, .responseTooManyHeaders, .invalidRequest: end(.failure(.broken))
        }
    }

    func end(_ result: Result<IAMResponse, IAMExchangeFault>) {
        done?(result)
        done = nil
    }
}

extension HeaderBlock {
    /// A field's value that must not become a string. Nil when there is none, and when there are several, since choosing one would be
    /// a guess.
    fileprivate func secret(named name: StaticString) -> Secret? {
        let found = indices.filter { isNamed(name, at: $0) }
        guard found.count == 1, let field = found.first else { return nil }
        return withBytes(at: field) { _, value in Secret(copying: value) }
    }
}
