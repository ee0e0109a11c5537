import Policy
import Transport

extension Refusal {
    /// The policy's no, in words for the caller.
    static func translating<Value: ~Copyable>(_ body: () throws(Denial) -> Value) throws(Refusal) -> Value {
        do throws(Denial) {
            return try body()
        } catch {
            throw Refusal(error)
        }
    }

    init(_ denial: Denial) {
        switch denial {
        case .unknownCaller(let address):
            self.init(
                .callerUnknown, "The gateway doesn't know who calls from \(address).",
                hint: "Ask the gateway's operator to add this address to a caller's `authenticate`."
            )
        case .insufficientProof(let address):
            self.init(
                .callerUnknown, "The key or token is good, and does not make a caller of who sends it from \(address).",
                hint: "Ask the gateway's operator what else this caller's `authenticate` asks for."
            )
        case .project(let name, let caller):
            self.init(
                .projectDenied, "The caller \(caller) may not use the project \(name.prefix(128)).",
                hint: "Use a project that is granted to this caller, or _ for its first one."
            )
        case .policy(let operation, let caller, let rule):
            self.init(
                .policyDenied, "The operation \(operation) is not allowed for the caller \(caller).",
                hint: "Ask the gateway's operator for a rule that allows it.", rule: rule
            )
        case .task(let operation, let caller, let rule, let isOthers):
            self.init(
                .policyDenied,
                isOthers
                    ? "The export task belongs to another caller than \(caller), so \(operation) is not allowed."
                    : "No export task of \(caller) is known by this name, so \(operation) is not allowed.",
                hint: "Name a task that this caller created, or ask the gateway's operator for a rule with `tasks: any`.", rule: rule
            )
        case .enterpriseProject(let value, let caller):
            self.init(
                .enterpriseProjectDenied, "The caller \(caller) may not use the enterprise project \(value.prefix(128)).",
                hint: value == EnterpriseProjectRights.allGranted
                    ? "Name one enterprise project; all of them at once have to be listed for the caller."
                    : "Use an enterprise project that is allowed for this caller, or leave it out for the default.",
                rule: "enterprise-projects"
            )
        }
    }

    static func translating(_ error: RequestTargetError) -> Refusal {
        switch error {
        case .enterpriseProject(let fault):
            Refusal(.badEnterpriseProject, fault.sentence, hint: "Send enterprise_project_id once, in the query, as plain text.")
        default:
            Refusal(.badRequest, error.sentence, hint: error.hint)
        }
    }

    static func translating(_ fault: JSONFault) -> Refusal {
        switch fault {
        case .enterpriseProject(let fault):
            Refusal(.badEnterpriseProject, fault.sentence, hint: "Send enterprise_project_id once, in the query, as plain text.")
        default:
            Refusal(.badRequest, fault.sentence, hint: "Send one JSON value in UTF-8 as the body.")
        }
    }

    /// A failed transfer, before anything of its answer was passed on.
    static func translating(_ error: TransportError, _ summary: TransferSummary) -> Refusal {
        switch error {
        case .couldNotResolve:
            Refusal(.cannotConnect, "HSS's name could not be resolved.", hint: "Try again; the operator checks DNS.")
        case .couldNotConnect, .resources:
            Refusal(.cannotConnect, "HSS could not be reached.", hint: "Try again; the operator checks the network.")
        case .proxy:
            Refusal(.cannotConnect, "The egress proxy did not let the gateway through to HSS.", hint: "The operator checks `upstream.proxy`.")
        case .tls:
            Refusal(
                .upstreamTLS, "No trusted TLS connection to HSS came about.",
                hint: "The operator checks `upstream.ca_file`, the pinned key and the clock.")
        case .timedOut(let phase):
            Refusal(.upstreamTimeout, "HSS took too long to \(phase.action).", hint: Refusal.hintAfterSending(summary))
        case .connectionLost:
            Refusal(.upstreamProtocol, "HSS closed the connection before it answered.", hint: Refusal.hintAfterSending(summary))
        case .protocolViolation, .headersTooLarge, .responseTooManyHeaders:
            Refusal(.upstreamProtocol, "HSS's answer is not proper HTTP.", hint: Refusal.hintAfterSending(summary))
        case .overloaded, .shutDown:
            Refusal(.overloaded, "The gateway has as many requests under way as it may.", hint: "Try again in a moment.")
        case .invalidRequest, .configuration:
            internalFault
        }
    }

    private static func hintAfterSending(_ summary: TransferSummary) -> String {
        summary.requestMayHaveLeft
            ? "HSS may have executed the request: check before repeating anything but a read."
            : "Nothing reached HSS; try again."
    }

    /// An answer that can't be passed on: redirections, which would lead the caller around the gateway, and bodies whose end
    /// can't be told from a broken connection.
    static func forUnusable(_ head: ResponseHead) -> Refusal? {
        if (300..<400).contains(head.status) && head.status != 304 {
            return Refusal(
                .upstreamProtocol, "HSS answered with a redirection, which the gateway never passes on.",
                hint: "The operator checks the region's endpoint.")
        }
        if case .closeDelimited = head.framing {
            return Refusal(
                .upstreamProtocol, "HSS's answer has neither a length nor an end mark, so nobody could tell whether it is whole.",
                hint: "The operator checks what stands between the gateway and HSS."
            )
        }
        return nil
    }
}

extension TimeoutPhase {
    fileprivate var action: String {
        switch self {
        case .connect: "accept a connection"
        case .firstByte: "begin its answer"
        case .idle: "go on with its answer"
        case .total: "complete its answer"
        }
    }
}
