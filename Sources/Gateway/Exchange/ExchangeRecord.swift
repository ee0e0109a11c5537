import Audit
import Catalogue
import Credentials
import Crypto
import NIOCore
import NIOHTTP1
import Policy
import Recognition
import Recollection
import Transport

/// What is known so far about an exchange. It becomes one or two records of the journal.
struct ExchangeRecord: DecisionObserver {
    /// Ties the records of the exchange together; the caller sees it as `Audit-Id`.
    let id: RecordID
    /// `id` as text, made once.
    private(set) var auditID: String
    /// The caller's `X-Request-Id` if it is well-formed, otherwise the record's own id.
    let requestID: String
    /// HSS's `X-Request-Id`, once it answered.
    private(set) var upstreamRequestID: String?
    /// How often the request was handed to the transport.
    var attempts = 0
    /// How often libcurl itself sent the request again because a reused connection was dead. HSS may have seen those attempts as well.
    private var repetitions = 0
    /// The request's method, which is also sent to HSS; empty when no head could be read.
    var method: String { draft.method ?? "" }
    /// The requested operation, once it is known.
    private var operation: Operation?
    /// Why the gateway answered instead of HSS, if it did.
    private(set) var refusal: RefusalCode?
    /// HSS's status, once it answered.
    private(set) var upstreamStatus: Int?
    /// Writes its steps to the operational log; nil unless the log level is debug.
    private let stepLog: RequestLog?
    private let start: NIODeadline
    private(set) var draft: Record
    private var upstream: Record.Upstream?
    /// Whether HSS may have seen the request; decides between `response` and `refusal`.
    private(set) var hasLeft = false
    /// Whether a rule on trial (`action: log`) matched: it would have refused the request.
    private var isOnTrial = false
    private var isBroken = false
    /// Whether the gateway fulfilled the request without HSS: it repeated an export's first answer, or sent a page of its own.
    private(set) var isAnsweredHere = false
    var hasReason: Bool { draft.reason != nil }
    /// Whether its request record is in the journal, so that a closing record is needed.
    private var hasRequestRecord = false
    /// Whether the caller has a rate limit, which counts its refusals too.
    private(set) var isLimited = false
    /// Whether the caller is anonymous.
    private(set) var isAnonymous = false
    /// When the caller's key expires, if that is soon, seconds since 1970.
    private(set) var keyEnd: Int64?
    /// Time spent waiting for turns before HSS's quota, in all.
    private(set) var waiting = Duration.zero

    init(id: RecordID, time: Timestamp, requestID: String?, address: String, method: HTTPMethod?, gateway: GatewayTag?, log: RequestLog? = nil) {
        let auditID = id.description
        let requestID = requestID.flatMap { RequestIdentifier.isSane($0) ? $0 : nil } ?? auditID
        let method = method.map { Self.bounded($0.rawValue) }
        let stepLog = log.flatMap { $0.writesSteps ? $0 : nil }
        stepLog?.step("request begins", of: requestID, [("audit_id", auditID), ("address", address), ("method", method)])
        // Last, and nothing is changed afterwards: otherwise it is made somewhere else and then copied into the exchange.
        self.id = id
        self.start = .now()
        self.auditID = auditID
        self.requestID = requestID
        self.stepLog = stepLog
        self.draft = Record(
            id: id, phase: .refusal, time: time, requestID: requestID, caller: Record.Caller(name: nil, address: address), method: method,
            gateway: gateway)
    }

    /// Only the API's methods are sent to HSS; over HTTP/2 an unknown method may be as long as a whole head.
    private static func bounded(_ method: String) -> String {
        method.utf8.count > WireLimits.longestMethod ? String(method.prefix(WireLimits.longestMethod)) : method
    }

    /// When the head was read.
    var time: Timestamp { draft.time }
    /// The time in the record's id, which is used for counting exports.
    var begun: Timestamp { Timestamp(begunOf: id) }

    /// Time since the head was read.
    @inline(__always)
    var elapsed: Duration {
        .nanoseconds(Int64(NIODeadline.now().uptimeNanoseconds &- start.uptimeNanoseconds))
    }

    // MARK: - Learning

    /// The target as received, before it was parsed: the path only, because a query may contain secrets.
    mutating func learn(rawTarget: String) {
        // An absolute target may begin with a user's password.
        guard rawTarget.utf8.first == UInt8(ascii: "/") else { return }
        learn(path: String(decoding: Array(rawTarget.utf8).prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self))
    }

    /// A path that is too long for a record is cut, and its length and digest are kept.
    mutating func learn(path: String) {
        guard path.utf8.count > ExchangeRecord.pathBytes else {
            draft.path = path
            return
        }
        draft.path = cut(path, to: ExchangeRecord.pathBytes, .pathCut)
    }

    private mutating func learn(query: String) {
        guard query.utf8.count > ExchangeRecord.queryBytes else {
            draft.query = query
            return
        }
        draft.query = cut(query, to: ExchangeRecord.queryBytes, .queryCut)
    }

    /// Longest path in a record, bytes. The longest of the API is below 200.
    static let pathBytes = 1_024
    /// Longest query in a record, bytes.
    static let queryBytes = 2_048

    private mutating func cut(_ text: String, to length: Int, _ detail: RecordDetail) -> String {
        var mark = FieldObject()
        mark.add("bytes", .integer(Int64(text.utf8.count)))
        mark.add("sha256", .string(SHA256Hash(SHA256.hash(data: Array(text.utf8)))?.description ?? ""))
        note(detail, .object(mark))
        // Cut between characters, not within one.
        var end = text.utf8.index(text.startIndex, offsetBy: length)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }

    mutating func learn(operation: Operation) {
        self.operation = operation
        draft.operation = operation.name
        draft.kind = Record.Kind(operation.kind)
    }

    mutating func learn(reason: String?) {
        draft.reason = reason
    }

    mutating func learn(caller: Caller) {
        draft.caller = Record.Caller(name: caller.name, method: caller.method.text, address: caller.address)
        isLimited = caller.limits?.requestsPerSecond != nil
        isAnonymous = caller.method == .anonymous
        stepLog?.step("caller known", of: requestID, [("caller", caller.name), ("method", caller.method.text)])
    }

    mutating func learn(route: Route) {
        draft.project = Record.Project(name: route.project.name, id: route.project.id, region: route.project.region)
        draft.credential = Record.Credential(name: route.credential.name, type: route.credential.type.rawValue)
        stepLog?.step("project known", of: requestID, [("project", route.project.name), ("endpoint", route.origin.hostField)])
    }

    mutating func learn(refusedProject name: String) {
        draft.project = Record.Project(name: String(decoding: Array(name.utf8.prefix(ExchangeRecord.refusedProjectBytes)), as: UTF8.self))
    }

    /// Longest name of a refused project that is kept, bytes; ids have at most as many.
    private static let refusedProjectBytes = 256

    /// The `region` header as received, cut to the longest possible value.
    mutating func learn(regionHeader: String) {
        draft.regionHeader = String(decoding: Array(regionHeader.utf8.prefix(RegionHeader.maximumBytes)), as: UTF8.self)
    }

    /// The credential that signs, which may be a fallback, and the end of its access key, which is known only now because keys rotate.
    mutating func learn(pass: CredentialPass) {
        draft.credential = Record.Credential(name: pass.credential.name, type: pass.credential.type.rawValue)
        draft.credential?.accessKeyTail = pass.accessKeyTail
        stepLog?.step("signed", of: requestID, [("credential", pass.credential.name), ("attempt", String(attempts))])
    }

    /// What the request itself says about an export, so that the record contains it even if no answer comes.
    mutating func learn(export: Record.Export?) {
        draft.export = export
    }

    mutating func learn(enterpriseProject: Record.EnterpriseProjectID?) {
        draft.enterpriseProjectID = enterpriseProject
    }

    /// A rule on trial is recorded with the decision and the code of the refusal that it stands for, although the request is sent.
    mutating func learn(rule: Permit.PassingRule) {
        // It is foreseen from the head, and decided once the body is there.
        let log = draft.rule == rule.name ? nil : stepLog
        (draft.decision, draft.errorCode) = rule.isOnTrial ? (.deny, RefusalCode.policyDenied.text) : (.allow, nil)
        (draft.rule, isOnTrial) = (rule.name, rule.isOnTrial)
        log?.step(rule.isOnTrial ? "would be refused" : "allowed", of: requestID, [("rule", rule.name), ("operation", draft.operation)])
    }

    mutating func learn(body content: RequestContent, _ digest: BodyDigest, level: BodyLevel) {
        guard let body = content.body, level != .none else { return }
        draft.requestBody = Record.RequestBody(of: body, digest, isJSON: content.isJSON, level: level)
    }

    /// The target as it is sent, without secret values.
    mutating func learn(target: RequestTarget) {
        learn(path: target.path)
        if target.queryRange.isEmpty { draft.query = nil } else { learn(query: RedactedQuery.of(target)) }
    }

    mutating func learn(refusal: Refusal) {
        self.refusal = refusal.code
        draft.errorCode = refusal.code.text
        draft.status = refusal.status
        draft.source = .gateway
        if let rule = refusal.rule { draft.rule = rule }
        stepLog?.step("refused", of: requestID, [("error_code", refusal.code.text), ("rule", refusal.rule)])
        switch refusal.code {
        case .policyDenied, .projectDenied, .enterpriseProjectDenied, .crossSite, .regionDenied, .operationUnknown, .callerUnknown,
            .signatureMismatch, .dateOutsideWindow, .replay:
            draft.decision = .deny
        default: break
        }
    }

    mutating func learn(upstream head: ResponseHead) {
        hasLeft = true
        upstreamRequestID = head.fields.first(named: "x-request-id").flatMap { RequestIdentifier.isSane($0) ? $0 : nil }
        upstreamStatus = head.status
        stepLog?.step("answer begins", of: requestID, [("status", String(head.status)), ("upstream_request_id", upstreamRequestID)])
        draft.status = head.status
        draft.source = .upstream
        if head.status == 206, let range = head.fields.first(named: "content-range").flatMap(ContentRange.init) {
            note(.contentRange, .string(range.text))
        }
    }

    mutating func learn(_ summary: TransferSummary, error: TransportError?) {
        hasLeft = hasLeft || summary.requestMayHaveLeft
        isBroken = error != nil
        stepLog?.step("call ended", of: requestID, [("attempts", String(summary.attempts)), ("error", error?.word)])
        repetitions += max(0, summary.attempts - 1)
        upstream = Record.Upstream(
            requestID: upstreamRequestID, attempts: attempts + repetitions, connectMicroseconds: summary.connectMicroseconds,
            firstByteMicroseconds: summary.firstByteMicroseconds, totalMicroseconds: summary.totalMicroseconds, error: error?.word)
    }

    /// Notes how often a call was sent that the gateway itself ends.
    mutating func learn(sendings: Int) { repetitions += max(0, sendings - 1) }

    /// HSS has answered a call that is repeated: it has seen the request, whatever becomes of the next call.
    mutating func wasAnswered() {
        hasLeft = true
        var call = upstream ?? Record.Upstream(requestID: nil)
        call.attempts = attempts + repetitions
        upstream = call
    }

    /// The same export created a task before, which is the answer. Nothing is sent to HSS, so the phase is `refusal` although nothing is refused.
    mutating func learn(replayOf made: IdempotentExports.Made) {
        (draft.status, draft.source) = (200, .gateway)
        draft.export = Record.Export(taskID: made.taskID, recordTotalNum: made.recordTotalNum)
        note(.replayed, .string(made.auditID))
        isAnsweredHere = true
    }

    /// The answer is a page of the gateway itself. Nothing is sent to HSS, so the phase is `refusal` although nothing is refused.
    mutating func learnOwnPage() {
        (draft.status, draft.source, draft.decision) = (200, .gateway, .allow)
        isAnsweredHere = true
    }

    /// The answer was fetched by another request: the record names it, and how old the answer was.
    mutating func learn(shared answer: SharedAnswer, how: String, age: Duration) {
        learn(upstream: answer.head)
        upstream = Record.Upstream(requestID: upstreamRequestID, attempts: 0)
        var coalesced = FieldObject()
        coalesced.add("with", .string(answer.auditID))
        coalesced.add("how", .string(how))
        coalesced.add("age_ms", .integer(age.wholeNanoseconds / 1_000_000))
        note(.coalesced, .object(coalesced))
    }

    /// The request waited for its turn.
    mutating func waited(_ duration: Duration) { waiting += duration }

    /// HSS answered 429, and there is no time left for another attempt.
    mutating func wasThrottled() { upstream?.error = "throttled" }

    /// Adds a member to `detail`.
    mutating func note(_ member: RecordDetail, _ value: FieldValue) {
        var detail = draft.detail ?? FieldObject()
        detail.add(member.rawValue, value)
        draft.detail = detail
    }

    /// HSS's answer contained the token of the request, which was removed before the answer was passed on.
    mutating func tokenWasRemoved() {
        note(.removed, .string(TokenEcho.field))
    }

    /// The id of the key that proved the caller, so that the journal shows what a revoked key was used for.
    mutating func learn(key: CallerFacts.ProvenKey) {
        note(.callerKey, .string(key.id))
        if let end = key.endsAt, end - time.seconds <= CallerKey.notice { keyEnd = end }
    }

    /// Where the request came from, when a trusted proxy says so.
    mutating func learn(address: String) {
        draft.caller = Record.Caller(name: nil, address: address)
    }

    mutating func callerLeft() {
        isBroken = true
        if attempts > 0 { gaveUp(because: "caller_left") }
    }

    /// The gateway ends a call itself, without the transport's summary. HSS may have seen the request.
    mutating func gaveUp(because word: String) {
        hasLeft = true
        var call = upstream ?? Record.Upstream(requestID: upstreamRequestID)
        call.attempts = attempts + repetitions
        call.total = call.total ?? elapsed
        call.error = word
        upstream = call
    }

    // MARK: - Records

    // One draft becomes both records: copying it would retain and release some forty references, as expensive as encoding it. For the same reason
    // functions that only read are `mutating`, or take single members: so they use the record in place.

    /// Appends the request record, before the request is sent.
    mutating func appendRequest(to journal: Journal) throws(JournalError) -> SequenceNumber {
        draft.phase = .request
        hasRequestRecord = true
        defer { draft.phase = .refusal }
        return try journal.append(draft)
    }

    /// Makes it the one record that closes the exchange.
    /// - Parameter received: the target as received; nil without a head.
    mutating func close(
        at time: Timestamp, _ decision: Exchange.Decision?, _ received: String?, _ relay: ResponseRelay?, export: Record.Export?, errorCode: String?
    ) {
        // A request that is refused for the size of its body, or before its target was looked at, has its path in the record too.
        if draft.path == nil { if let decision { learn(path: decision.target.path) } else if let received { learn(rawTarget: received) } }
        if let missing = relay?.missing, missing > 0 { note(.unacknowledged, .integer(Int64(missing))) }
        draft.time = time
        draft.phase = hasLeft ? .response : .refusal
        draft.upstream = upstream.take()
        if let export { draft.export = export }
        draft.duration = elapsed
        if waiting > .zero { note(.waited, .integer(waiting.wholeNanoseconds / 1_000)) }
        if draft.errorCode == nil { draft.errorCode = errorCode }
        draft.outcome = outcome
        if draft.source == .upstream, let relay {
            draft.responseBody = Record.ResponseBody(bytes: relay.received, sha256: relay.finalDigest().flatMap { SHA256Hash($0) })
        }
    }

    /// The caller's name, once it is known.
    var caller: String? { draft.caller?.name }
    var address: String? { draft.caller?.address }
    var isOfKnownOperation: Bool { draft.operation != nil }
    /// Whether a summary record may count it: nothing was sent, and no record of it is in the journal.
    var maySum: Bool { draft.phase == .refusal && !hasRequestRecord }

    /// The exchange gets no record of its own: the given summary record counts it.
    mutating func joined(_ sum: RecordID) { auditID = sum.description }

    /// The outcome of the export, once the exchange is closed.
    var exportOutcome: ExportOutcome { ExportOutcome(RecordFact(draft)) }

    /// Appends the closing record. One that `Memory` needs (exports, their polls and downloads) is appended and remembered in one step.
    /// - Parameter reserved: the caller for whom an export is reserved; settled in the same step.
    mutating func append(to journal: Journal, _ memory: Memory, settling reserved: inout String?) throws(JournalError) -> SequenceNumber {
        guard RecordFact.isMemorable(draft.kind, joinsExport: draft.export != nil) else { return try journal.append(draft) }
        let (caller, begun) = (reserved.take(), begun)
        return try memory.append(draft, to: journal) { memories in
            if let caller { memories.exports.settle(caller, at: begun) }
        }
    }

    /// Counts the request, and writes its line to the operational log if the settings ask for one.
    mutating func count(in meters: Meters, log: RequestLog?) {
        let key = Meters.RequestKey(
            caller: draft.caller?.name, operation: operation?.index, method: draft.method, status: draft.status, outcome: draft.outcome,
            source: draft.source)
        meters.count(key, draft.duration, refusal: refusal)
        if isOnTrial, hasLeft, let rule = draft.rule { meters.countTrial(rule, caller: draft.caller?.name, operation: operation?.index) }
        guard let log else { return }
        stepLog?.step("request ends", of: requestID, [("outcome", draft.outcome?.rawValue), ("status", draft.status.map { String($0) })])
        if log.isWanted(refused: refusal != nil) { log.end(draft, auditID: auditID) }
    }

    @inline(__always)
    private var outcome: Record.Outcome {
        if isBroken { return .failure }
        if isAnsweredHere { return .success }
        switch draft.source {
        case .upstream: return (draft.status ?? 0) < 400 ? .success : .failure
        case .gateway: return hasLeft || attempts > 0 ? .failure : .refused
        case nil: return .failure
        }
    }
}
