import Policy
import Transport

extension Refusal {
    /// Turns a denial of the policy into a text for the caller.
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
                hint: "Send your key if you have one; without one, the operator adds this address to a caller's `authenticate`."
            )
        case .silentProxy(let address):
            self.init(
                .callerUnknown, "The proxy at \(address) doesn't say whose request this is.",
                hint: "The operator has the proxy write X-Forwarded-For, or takes it out of `trusted_proxies`."
            )
        case .insufficientProof(let address):
            self.init(
                .callerUnknown, "The key or token is good, and does not make a caller of who sends it from \(address).",
                hint: "Ask the gateway's operator what else this caller's `authenticate` asks for."
            )
        case .project(let name, let caller, let granted):
            self.init(
                .projectDenied, "The caller \(caller) may not use the project \(name.prefix(128)).",
                hint: granted.isEmpty ? "Ask the gateway's operator to grant a project." : "Use \(Refusal.list(granted)), or _ for the first one."
            )
        case .severalProjects(let caller, let granted):
            self.init(
                .projectDenied,
                "The path says {project_id}, and the caller \(caller) has several projects: \(Refusal.list(granted, before: "and")).",
                hint: "Name one in the path: the SDK fills none in while Authorization is set. Send the key as X-HSSGW-Key, or use a virtual key."
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

    /// A list of names in a sentence, limited to a readable number.
    private static func list(_ names: [String], before word: String = "or") -> String {
        let shown = names.prefix(16)
        if names.count > shown.count { return shown.joined(separator: ", ") + " \(word) \(names.count - shown.count) more" }
        guard let last = shown.last, shown.count > 1 else { return shown.joined() }
        return shown.dropLast().joined(separator: ", ") + " \(word) \(last)"
    }

    static func translating(_ error: RequestTargetError) -> Refusal {
        switch error {
        case .enterpriseProject(let fault):
            Refusal(.badEnterpriseProject, fault.sentence, hint: "Send enterprise_project_id once, in the query, as plain text.")
        case .emptySegment(at: 1):
            Refusal(
                .badRequest, "The path begins with two slashes.",
                hint: "Leave the slash at the end of the endpoint out: http://gateway:8080. The SDK for Java puts one more behind it.")
        default:
            Refusal(.badRequest, error.sentence, hint: error.hint)
        }
    }

    static func translating(_ fault: FormScan.Fault) -> Refusal {
        fault == .enterpriseProject
            ? Refusal(.badEnterpriseProject, fault.sentence, hint: "Send it once, in the query.")
            : Refusal(.badRequest, fault.sentence, hint: "Send plain multipart/form-data (RFC 7578), as the SDKs and curl -F do.")
    }

    static func translating(_ fault: JSONFault) -> Refusal {
        switch fault {
        case .enterpriseProject(let fault):
            Refusal(.badEnterpriseProject, fault.sentence, hint: "Send enterprise_project_id once, in the query, as plain text.")
        default:
            Refusal(.badRequest, fault.sentence, hint: "Send one JSON value in UTF-8 as the body.")
        }
    }

    /// Turns a failed transfer into a refusal, if nothing of its answer was passed on yet.
    static func translating(_ error: TransportError, _ summary: TransferSummary) -> Refusal {
        switch error {
        case .couldNotResolve:
            Refusal(.cannotConnect, "HSS's name could not be resolved.", hint: "Try again; the operator checks DNS.")
        case .couldNotConnect, .resources:
            Refusal(.cannotConnect, "HSS could not be reached.", hint: "Try again; the operator checks the network.")
        case .addressRefused:
            Refusal(
                .cannotConnect, "HSS's name leads to an address that is not used: one of this link, or a private one of a built-in endpoint.",
                hint: "The operator checks DNS, or writes the endpoint down in `regions` where it is private on purpose.")
        case .proxy:
            Refusal(.cannotConnect, "The egress proxy did not let the gateway through to HSS.", hint: "The operator checks `upstream.proxy`.")
        case .tls:
            Refusal(
                .upstreamTLS, "No trusted TLS connection to HSS came about.",
                hint: "The operator checks `upstream.ca_file`, the pinned key and the clock.")
        case .timedOut(let phase):
            Refusal(.upstreamTimeout, "HSS took too long to \(phase.action).", hint: Refusal.hintAfterSending(summary))
        case .connectionLost(afterHead: true):
            Refusal(.upstreamProtocol, "HSS's answer broke off before its end.", hint: Refusal.hintAfterSending(summary))
        case .connectionLost:
            Refusal(.upstreamProtocol, "HSS closed the connection before it answered.", hint: Refusal.hintAfterSending(summary))
        case .protocolViolation, .headersTooLarge, .responseTooManyHeaders:
            Refusal(.upstreamProtocol, "HSS's answer is not proper HTTP.", hint: Refusal.hintAfterSending(summary))
        case .overloaded, .shutDown:
            Refusal(.overloaded, "The gateway has as many requests under way as it may.", hint: "Try again in a moment.")
        case .invalidRequest, .withheld, .configuration:
            internalFault
        }
    }

    private static func hintAfterSending(_ summary: TransferSummary) -> String {
        summary.requestMayHaveLeft
            ? "HSS may have executed the request: check before repeating anything but a read."
            : "Nothing reached HSS; try again."
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
