import Audit
package import Catalogue
package import Credentials
import NIOCore
import NIOHTTP1
package import Policy
package import Recollection
import Transport

/// What the gateway would do with a request, determined by the same code, without sending anything.
package struct Explanation: Sendable {
    package fileprivate(set) var operation: Operation?
    package fileprivate(set) var caller: Caller?
    package fileprivate(set) var project: Project?
    package fileprivate(set) var credential: String?
    package fileprivate(set) var rule: String?
    /// Whether that rule is on trial: it would have refused the request.
    package fileprivate(set) var isOnTrial = false
    package fileprivate(set) var task: TaskStanding = .none
    /// The enterprise project that is sent, and whether the gateway adds it.
    package fileprivate(set) var enterpriseProject: (value: String, isInjected: Bool)?
    /// The target that would be sent, if that was decided.
    package fileprivate(set) var target: String?
    package fileprivate(set) var origin: String?
    package fileprivate(set) var signing: SigningExplanation?
    /// Why no signature can be shown although the request is allowed.
    package fileprivate(set) var signingNote: String?
    /// Why it would be refused; nil when it would be sent.
    package fileprivate(set) var refusal: Refusal?

    /// A request as described by the user of `explain`.
    package struct Request: Sendable {
        package var method: String
        package var target: String
        package var callerName: String?
        package var reason: String?
        /// The header `region`.
        package var region: String?
        /// Whether `Authorization` holds the caller's own key or token.
        package var showsBearer = false
        package var body: [UInt8]?
        package var secondsSinceEpoch: Int64

        package init(method: String, target: String, callerName: String?, secondsSinceEpoch: Int64) {
            self.method = method
            self.target = target
            self.callerName = callerName
            self.secondsSinceEpoch = secondsSinceEpoch
        }
    }

    package init(of request: Request, by snapshot: Snapshot, memory: Memory) {
        var observer = ExplanationObserver()
        do throws(Refusal) {
            let target = try RequestTarget.reading(request.target, host: nil, into: &observer)
            let question = Question(
                method: HTTPMethod(rawValue: request.method), hasReason: request.reason.flatMap { (try? AuditReason.reading($0)) ?? nil } != nil,
                region: request.region, showsBearer: request.showsBearer, time: Timestamp(microseconds: request.secondsSinceEpoch * 1_000_000))
            let operation = try Operation.finding(question.method, target)
            observer.operation = operation
            let caller = try Self.presumed(request.callerName, by: snapshot)
            observer.caller = caller
            let decision = try snapshot.decide(operation, target, question, for: caller, memory, &observer)
            task = decision.access.task
            self.target = decision.target.pathAndQuery
            let body = request.body.map { ByteBuffer(bytes: $0) }
            let head = HTTPRequestHead(version: .http1_1, method: question.method, uri: request.target)
            let content = try RequestContent.judge(body, of: decision.operation, head: head, fields: nil)
            try decision.conclude(body: content.enterpriseProject, by: snapshot, &observer)
            self.target = decision.target.pathAndQuery
            origin = decision.route.origin.host
            try explainSigning(decision, content, request)
        } catch {
            refusal = error
        }
        take(observer)
    }

    /// The caller that the question names. Limits are ignored, because an explanation consumes nothing.
    private static func presumed(_ name: String?, by snapshot: Snapshot) throws(Refusal) -> Caller {
        guard let name, let caller = snapshot.authenticator.presumed(name) else {
            throw Refusal(
                .callerUnknown, "The configuration has no caller named \(name ?? "anonymous").",
                hint: "Name one of the configuration's callers with --caller.")
        }
        return caller
    }

    private mutating func take(_ observer: ExplanationObserver) {
        operation = observer.operation
        caller = observer.caller
        project = observer.route?.project
        credential = observer.route?.credential.name
        rule = observer.rule?.name ?? refusal?.rule
        isOnTrial = refusal == nil && observer.rule?.isOnTrial == true
        enterpriseProject = observer.enterpriseProject.map { ($0.value, $0.injected) }
    }

    private mutating func explainSigning(_ decision: Exchange.Decision, _ content: RequestContent, _ request: Request) throws(Refusal) {
        let payload = content.body.map { body in body.withUnsafeReadableBytes { PayloadHash(of: $0) } } ?? .empty
        var unsigned = CredentialRequest(
            method: request.method, target: decision.target, host: decision.route.origin.hostField, payload: payload)
        unsigned.contentType = content.contentType
        unsigned.projectID = decision.route.project.id
        let time = SigningTime(secondsSinceEpoch: request.secondsSinceEpoch)
        guard let material = decision.route.credential.materialAtHand() else {
            signingNote = "the credential has nothing at hand before it was asked for"
            return
        }
        do throws(CanonicalRequestError) {
            signing = try material.explain(unsigned, at: time)
            if signing == nil { signingNote = "a token signs nothing; it goes out as X-Auth-Token" }
        } catch {
            throw Refusal(.badRequest, "The request can't be signed unambiguously.", hint: "Use visible ASCII in header values.")
        }
    }
}

/// Stores what is found out, as a record does.
private struct ExplanationObserver: DecisionObserver {
    var operation: Operation?
    var caller: Caller?
    var route: Route?
    var rule: Permit.PassingRule?
    var enterpriseProject: Record.EnterpriseProjectID?

    mutating func learn(rawTarget: String) {}
    mutating func learn(refusedProject: String) {}
    mutating func learn(route: Route) { self.route = route }
    mutating func learn(rule: Permit.PassingRule) { self.rule = rule }
    mutating func learn(enterpriseProject: Record.EnterpriseProjectID?) { self.enterpriseProject = enterpriseProject }
}
