import Audit
import Catalogue
import Credentials
import Crypto
import NIOCore
import NIOHTTP1
import Policy
import Recollection
import Transport

/// The life of one request, from its head to its record. Read `open`, `run`, `send` and the transfer's calls in this order:
/// they are the way through the house.
///
/// Invariants, all on the connection's event loop:
/// 1. Exactly one closing record per exchange, and what completes the answer leaves only after it.
/// 2. Under write-ahead the request record is durable before the first byte leaves for HSS.
/// 3. A permit pays for one upstream request; a retry is authorized anew.
final class Exchange {
    let worker: Worker
    let origin: ConnectionOrigin
    /// The configuration that decides this exchange, even when another comes into force meanwhile.
    let snapshot: Snapshot
    let head: HTTPRequestHead?
    let fields: InboundFields?
    /// What the record will say; filled in as it becomes known.
    var record: ExchangeRecord
    /// Strong: an exchange whose record is on its way may outlive its connection. Let go of when it is done.
    var downstream: (any Downstream)?

    /// Who is calling, as far as only the body or somebody else's keys can tell.
    var unsettled: UnsettledCaller?
    /// What `open` decided.
    var decision: Decision?
    var relay: ResponseRelay?
    var transfer: Transfer?
    var outbound: OutboundRequest?
    /// How many of its fields stand there before a credential adds its own.
    private var ownFields = 0
    var stage = Stage.deciding
    var attempts = 0
    /// Who vouches, and what became of that (`Exchange+Credential`).
    var vouching = Vouching()
    /// How many records the gate still owes word of. A caller that leaves while its request record is under way makes it two; only
    /// the last one lets the exchange go on.
    private var awaitedRecords = 0
    /// HSS's answer in so far as its content matters to the record.
    var inspection: BodyInspection?
    private var answer: Answer?
    /// Where it stands with flow control and with shared reads; the 429 that is being read.
    var departure = DepartureState.none
    var sharing = SharingState.none
    var idempotency = IdempotencyState.none
    var throttle: ThrottledAnswer?
    /// The call that it waited for when its caller left.
    var leftBehind: SharingKey?
    /// Whether the request record is durable.
    private var isWrittenAhead = false
    /// HSS's answer while a token may still be in it.
    private var held: HeldAnswer?
    /// Where it counts among the requests under way (`InFlight`).
    var place = InFlight.Place.none
    /// Its body's share of `limits.bodies`.
    var bodyLoan: BodyLoan?
    /// Where this request counts among those that its caller has under way, if they are limited.
    var allowance: CallerAllowance?
    /// The caller for whose day an export was let through; settled with the closing record.
    var reservedExport: String?

    /// Where the exchange stands, so that late events find out that they are late.
    enum Stage {
        case deciding
        /// Waits for the answer to the same call of somebody else.
        case sharing
        /// Waits for its turn before HSS's quota.
        case waiting
        /// Waits for the request record.
        case journalingRequest
        /// Waits for something to vouch with.
        case awaitingCredential
        case sending
        /// HSS says 429, and the request may leave again.
        case throttled
        /// HSS refused the token; its answer is read before it is passed on.
        case judgingRefusal
        case relaying
        /// The closing record is on its way; what is held back follows it.
        case journalingEnd
        case done
    }

    /// What is written once the closing record is safe. The rare ones are boxes, so that the usual one is copied without a look at them.
    enum Answer {
        case relayed
        indirect case refusal(Refusal)
        /// The task that the same export made before.
        indirect case replay(IdempotentExports.Made)
        case cut
    }

    init(head: HTTPRequestHead?, fields: InboundFields?, origin: ConnectionOrigin, worker: Worker, downstream: (any Downstream)?) {
        self.worker = worker
        self.origin = origin
        self.snapshot = worker.snapshot
        self.head = head
        self.fields = fields
        self.downstream = downstream
        worker.meters.began()
        let now = worker.now()
        self.record = ExchangeRecord(
            id: worker.identifiers.next(at: now), time: now, requestID: fields?.requestID, address: origin.evidence.text, method: head?.method,
            gateway: snapshot.gateway
        )
    }

    // MARK: - 1. The head decides

    /// Who asks what of whom, and whether they may: steps that need no body, so that a refusal comes before the upload.
    func open() throws(Refusal) {
        guard let head, let fields else { return }
        record.learn(reason: fields.auditReason.flatMap(AuditReason.sane))
        if worker.takesNoMore { throw Refusal.draining }
        try takePlace()
        if fields.comesFromGateway || fields.userAgent?.contains(worker.loopMark) == true { throw Refusal.loop }
        try origin.checkHost(fields.host, by: snapshot)

        let target = try RequestTarget.reading(head.uri, host: fields.host, into: &record)
        do throws(Refusal) {
            let operation = try Operation.finding(head.method, target)
            record.learn(operation: operation)
            try recognise(head, fields, asking: operation, target)
            if unsettled != nil { try setPlaceAside() }
        } catch {
            record.learn(path: target.path)
            throw error
        }
    }

    // MARK: - 2. The body completes it

    /// The request is whole, and so is what it shows of its sender.
    func run(body: ByteBuffer?) {
        if unsettled == nil { proceed(body: body) } else { settle(body: body) }
    }

    /// Fill in the defaults, write ahead where promised, send.
    func proceed(body: ByteBuffer?) {
        guard let decision else { preconditionFailure("run follows a successful open") }
        let operation = decision.operation
        do throws(Refusal) {
            let content = try RequestContent.judge(body, of: operation, head: head, fields: fields)
            let level = snapshot.bodyLevels.level(for: operation.kind)
            record.learn(body: content, level: level)
            try decision.conclude(body: content.enterpriseProject, by: snapshot, &record)
            record.learn(target: decision.target)
            if snapshot.durability != .bestEffort, !worker.journal.isHealthy { throw Refusal.auditUnavailable }
            outbound = worker.forwardedHead.request(decision, fields: fields, content: content, method: record.method)
            ownFields = outbound?.fields.count ?? 0
            relay = downstream.map { ResponseRelay(downstream: $0, digests: operation.kind != .read && level != .none) }
            inspection = BodyInspection(of: operation, target: decision.target)
            record.learn(export: inspection?.ownMarks)
        } catch {
            return refuse(error)
        }
        identify()
    }

    /// Its turn has come.
    func depart() {
        if decision?.isWriteAhead == true, !isWrittenAhead { writeAhead() } else { send() }
    }

    private func writeAhead() {
        stage = .journalingRequest
        do {
            let sequence = try record.appendRequest(to: worker.journal)
            awaitedRecords += 1
            worker.gate.whenDurable(sequence, self)
            worker.ticks.schedule()
        } catch {
            refuse(Refusal.auditUnavailable)
        }
    }

    // MARK: - 3. The credential goes on, the request goes out

    func send() {
        if changesLine() { return }
        let now = worker.now()
        guard let pass = admitted(at: now) else { return }
        // Taken out, so that the fields are appended where they stand and nothing is counted up and down.
        guard var request = outbound.take(), let decision, let permit = decision.permit.take() else { return refuse(Refusal.internalFault) }
        stage = .sending
        attempts += 1
        record.attempts = attempts
        do throws(Refusal) {
            record.learn(pass: pass)
            // An earlier attempt's are dropped first.
            request.fields.truncate(to: ownFields)
            try request.inject(pass, spending: permit, decision, at: begin(pass, at: now))
        } catch {
            return refuse(error)
        }
        transfer = worker.transport.send(request, to: self)
        // What HSS refuses for its quota or the token was not executed, so that any kind may leave again.
        let mayLeaveAgain = decision.operation.kind == .read || snapshot.flow.pace != .off || pass.isToken
        if mayLeaveAgain { outbound = consume request }
    }

    /// Whether nothing has been sent, refused or cut off yet.
    var isUndecided: Bool { stage == .deciding }

    // MARK: - 4. The end

    /// Answers in the gateway's own name. Safe to call until an answer has begun.
    func refuse(_ refusal: Refusal) {
        guard stage != .journalingEnd, stage != .done else { return }
        transfer?.cancel()
        transfer = nil
        record.learn(refusal: refusal)
        close(with: .refusal(refusal))
    }

    /// The answer is complete, or can't be completed: write the record, then let go of what was held back.
    func close(with answer: Answer) {
        settleDeparture(isAnswered: false)
        if case .refusal(let refusal) = answer { settleSharing(refusal) } else { settleSharing(nil) }
        endVouching()
        // Whoever waits for this export looks for it in memory, where its record puts it.
        defer { settleIdempotency() }
        stage = .journalingEnd
        self.answer = answer
        let kind = decision?.operation.kind
        do {
            let found = inspection?.result()
            if let decision { record.complete(decision) }
            record.close(at: worker.now(), bytes: relay?.bytes, digest: relay?.finalDigest(), marks: found?.marks, errorCode: found?.errorCode)
            let sequence = try record.append(to: worker.journal, worker.memory, settling: &reservedExport)
            record.count(in: worker.meters, operation: decision?.operation)
            awaitedRecords += 1
            switch snapshot.durability {
            case .strict: worker.gate.whenDurable(sequence, self)
            case .strictExports where kind.map(snapshot.durability.isWriteAhead) ?? false: worker.gate.whenDurable(sequence, self)
            case .strictExports: worker.gate.whenWritten(self)
            case .bestEffort: return journalDidKeep()
            }
            worker.ticks.schedule()
        } catch {
            awaitedRecords += 1
            journalDidFail()
        }
    }

    private func release() {
        guard stage == .journalingEnd, let answer else { return }
        stage = .done
        transfer = nil
        switch answer {
        case .relayed: relay?.release()
        case .refusal(let refusal): write(refusal)
        case .replay(let made): write(made)
        case .cut: downstream?.abort()
        }
        relay = nil
        downstream = nil
        outbound = nil
        leavePlaces()
        worker.meters.ended()
    }
}

// MARK: - What the journal says

extension Exchange: JournalWaiter {
    func journalDidKeep() {
        awaitedRecords -= 1
        guard awaitedRecords == 0 else { return }
        switch stage {
        case .journalingRequest:
            isWrittenAhead = true
            send()
        case .journalingEnd: release()
        case .deciding, .sharing, .waiting, .awaitingCredential, .sending, .throttled, .judgingRefusal, .relaying, .done: break
        }
    }

    /// The record could not be kept. Before the request left it must not leave; after it, the caller must not take the answer
    /// for a recorded one.
    func journalDidFail() {
        awaitedRecords -= 1
        guard awaitedRecords == 0 else { return }
        switch stage {
        case .journalingRequest:
            stage = .deciding
            refuse(Refusal.auditUnavailable)
        case .journalingEnd:
            if case .replay = answer { answer = .refusal(Refusal.auditUnavailable) }
            if case .relayed = answer {
                answer = relay?.hasBegun == true ? .cut : .refusal(Refusal.answerNotRecorded)
            }
            release()
        case .deciding, .sharing, .waiting, .awaitingCredential, .sending, .throttled, .judgingRefusal, .relaying, .done:
            break
        }
    }
}

// MARK: - What the upstream says

extension Exchange: TransferDelegate {
    func head(_ head: ResponseHead) {
        self.head(head, isFinal: false)
    }

    /// - Parameter isFinal: whether it goes to the caller whatever it says.
    func head(_ head: ResponseHead, isFinal: Bool) {
        guard stage == .sending else { return }
        credentialWasJudged(by: head)
        if !isFinal, holdsThrottle(head) || holdsRefusal(head) { return }
        settleDeparture(isAnswered: true)
        if retries(afterStatus: head.status) { return }
        record.learn(upstream: head)
        if let fault = Refusal.forUnusable(head) { return refuse(unusableAnswer: fault) }
        stage = .relaying
        leaderDidReceive(head)
        inspection?.begin(status: head.status)
        if let operation = decision?.operation, let echo = TokenEcho(of: operation) {
            if head.fields.first(named: "content-encoding") != nil { return refuse(unusableAnswer: Refusal.unreadableSecret) }
            held = HeldAnswer(head, echo)
        } else {
            relay?.begin(record.head(relaying: head))
        }
    }

    func body(_ bytes: UnsafeRawBufferPointer) -> Demand {
        throttle?.take(bytes)
        if stage == .judgingRefusal { return keepRefusal(bytes) }
        guard stage == .relaying else { return .continue }
        inspection?.take(bytes)
        leaderDidReceive(bytes)
        if held != nil {
            if held?.echo.take(bytes) == false { refuse(unusableAnswer: Refusal.unreadableSecret) }
            return .continue
        }
        return relay?.relay(bytes) == false ? .pause : .continue
    }

    func finished(_ summary: TransferSummary) {
        if stage == .throttled { return throttleDidEnd(summary) }
        if stage == .judgingRefusal, sendsAgain(summary) { return }
        guard stage == .relaying else { return }
        releaseHeld()
        leaderDidFinish()
        record.learn(summary, error: nil)
        worker.meters.countCall(to: decision?.route.origin.host, status: record.upstreamStatus, error: nil, summary)
        close(with: .relayed)
    }

    func failed(_ error: TransportError, _ summary: TransferSummary) {
        transfer = nil
        record.learn(summary, error: error)
        worker.meters.countCall(to: decision?.route.origin.host, status: record.upstreamStatus, error: error, summary)
        switch stage {
        case .sending:
            if retries(after: error, summary) { return }
            refuse(Refusal.translating(error, summary))
        case .throttled, .judgingRefusal:
            throttle = nil
            settleDeparture(isAnswered: true)
            refuse(Refusal.translating(error, summary))
        case .relaying:
            // Part of the answer is out: the only honest end is a cut connection.
            if relay?.hasBegun == true { close(with: .cut) } else { stage = .sending; refuse(Refusal.translating(error, summary)) }
        case .deciding, .sharing, .waiting, .journalingRequest, .awaitingCredential, .journalingEnd, .done:
            break
        }
    }

    /// HSS answered, and the answer can't be passed on.
    private func refuse(unusableAnswer refusal: Refusal) {
        record.gaveUp(because: "unusable_answer")
        refuse(refusal)
    }

    /// An answer that was held for the token in it goes on without.
    private func releaseHeld() {
        guard let held else { return }
        self.held = nil
        let (bytes, hadToken) = held.echo.scrubbed()
        if hadToken { record.tokenWasRemoved() }
        var scrubbed = record.head(relaying: held.head)
        if case .none = scrubbed.framing {} else { scrubbed.framing = .length(bytes.count) }
        relay?.begin(scrubbed)
        _ = bytes.withUnsafeBytes { relay?.relay($0) }
    }
}
