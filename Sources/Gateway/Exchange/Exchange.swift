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
    /// Whose export it is about, until the fleet has said so.
    var pendingOwners: PendingOwners?
    /// Where an export stands with the fleet; nil for everything else and for a gateway that is alone.
    var sharedExport: SharedExport?
    /// It waits for the same key's export on another gateway, or for the fleet to settle.
    var isWaitingForKey = false
    /// What `open` decided.
    var decision: Decision?
    var relay: ResponseRelay?
    /// The request to HSS that is under way.
    var call: UpstreamCall?
    var outbound: OutboundRequest?
    /// How many of its fields stand there before a credential adds its own.
    private var ownFields = 0
    var stage = Stage.deciding
    var attempts = 0
    /// Who vouches, and what became of that (`Exchange+Credential`).
    var vouching = Vouching()
    /// How many records the gate still owes word of. A caller that leaves while its request record is under way makes it two; only
    /// the last one lets the exchange go on.
    var awaitedRecords = 0
    /// The closing record could not be kept, while something else was still awaited.
    var hasLostRecord = false
    /// HSS's answer in so far as its content matters to the record.
    var inspection: BodyInspection?
    var answer: Answer?
    /// Where it stands with flow control and with shared reads.
    var departure = DepartureState.none
    /// When its turn was granted, by this machine's uptime.
    var turn = Duration.zero
    var sharing = SharingState.none
    var idempotency = IdempotencyState.none
    /// The call that it waited for when its caller left.
    var leftBehind: SharingKey?
    /// Whether the request record is durable.
    var isWrittenAhead = false
    /// HSS's answer while it is read before it is passed on.
    var held: HeldAnswer?
    /// Where it counts among the requests under way (`InFlight`).
    var place = InFlight.Place.none
    /// Its body's share of `limits.bodies`.
    var bodyLoan: BodyLoan?
    /// Where this request counts among those that its caller has under way, if they are limited.
    var allowance: CallerAllowance?
    /// The caller for whose day an export was let through; settled with the closing record.
    var reservedExport: String?
    /// What became of a virtual key's signature (`Exchange+Recognition`).
    var signature = SignatureStanding.none

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
            gateway: snapshot.gateway, log: worker.requestLog
        )
    }

    // MARK: - 1. The head decides

    /// Who asks what of whom, and whether they may: steps that need no body, so that a refusal comes before the upload.
    func open() throws(Refusal) {
        guard let head, let fields else { return }
        let reason = Result { () throws(Refusal) in try fields.reason() }
        record.learn(reason: try? reason.get())
        if let region = fields.region { record.learn(regionHeader: region) }
        if worker.takesNoMore { throw Refusal.draining }
        try takePlace()
        if fields.comesFromGateway || fields.userAgent?.contains(worker.loopMark) == true { throw Refusal.loop }
        try origin.checkHost(fields.host, by: snapshot)
        try origin.checkCertificate(at: record.time.seconds)

        let (target, operation) = try asked(head, fields)
        record.learn(operation: operation)
        do throws(Refusal) {
            _ = try reason.get()
            try fields.checkRepetitions()
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
        if unsettled == nil { admitted(body: body) } else { settle(body: body) }
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
        let clockOffset = worker.clock.microseconds
        do throws(Refusal) {
            record.learn(pass: pass)
            // An earlier attempt's are dropped first.
            request.fields.truncate(to: ownFields)
            try request.inject(pass, spending: permit, decision, at: worker.clock.signingTime(wallMicroseconds: now.microseconds))
        } catch {
            return refuse(error)
        }
        call = UpstreamCall(
            transfer: worker.transport.send(request, to: self), pass: pass, signed: now.microseconds, clockOffset: clockOffset, begun: .now())
        // What never left, or was refused for its quota, its token or its date, was not executed: any kind may leave again.
        outbound = consume request
    }

    /// Whether nothing has been sent, refused or cut off yet.
    var isUndecided: Bool { stage == .deciding }

    // MARK: - 4. The end

    /// Answers in the gateway's own name. Safe to call until an answer has begun.
    func refuse(_ refusal: Refusal) {
        guard stage != .journalingEnd, stage != .done else { return }
        abandonCall(because: "given_up")
        record.learn(refusal: refusal)
        close(with: .refusal(refusal))
    }

    /// The answer is complete, or can't be completed: write the record, then let go of what was held back.
    func close(with answer: Answer) {
        endCall()
        settleDeparture(.neverLeft)
        if case .refusal(let refusal) = answer { settleSharing(refusal) } else { settleSharing(nil) }
        stopWaiting()
        held = nil
        settleSignature()
        // Whoever waits for this export looks for it in memory, where its record puts it.
        defer { settleIdempotency() }
        stage = .journalingEnd
        self.answer = answer
        let kind = decision?.operation.kind
        do {
            let found = inspection?.result()
            if let decision { record.complete(decision) }
            record.close(at: worker.now(), bytes: relay?.bytes, digest: relay?.finalDigest(), marks: found?.marks, errorCode: found?.errorCode)
            // Counted here, whether its record finds room or not.
            record.count(in: worker.meters, operation: decision?.operation)
            record.log(to: worker.requestLog)
            // What the fleet was asked about has a record of its own: from there it can be told again.
            if sharedExport == nil, joinsSum() {
                awaitedRecords += 1
                return journalDidKeep()
            }
            let sequence = try record.append(to: worker.journal, worker.memory, settling: &reservedExport)
            awaitedRecords += 1
            if endShared(record.exportOutcome) { awaitedRecords += 1 }
            if tellFile(found?.marks) { awaitedRecords += 1 }
            switch snapshot.durability {
            case .strict: worker.gate.whenDurable(sequence, self)
            case .strictExports where kind.map(snapshot.durability.isWriteAhead) ?? false: worker.gate.whenDurable(sequence, self)
            case .strictExports: worker.gate.whenWritten(self)
            case .bestEffort: return journalDidKeep()
            }
            worker.ticks.schedule()
        } catch {
            awaitedRecords += 1
            if endShared(record.exportOutcome) { awaitedRecords += 1 }
            // The journal counts what it drops, and says so in an event once it can.
            if snapshot.durability == .bestEffort { journalDidKeep() } else { journalDidFail() }
        }
    }

    func release() {
        guard stage == .journalingEnd, let answer else { return }
        stage = .done
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

// MARK: - What the upstream says

extension Exchange: TransferDelegate {
    func head(_ head: ResponseHead) {
        guard stage == .sending else { return }
        call?.status = head.status
        clockWasSeen(in: head)
        if let reason = reasonToHold(head) {
            stage = .holding
            held = HeldAnswer(head, for: reason)
            return
        }
        credentialWasJudged(by: head)
        passOn(head)
    }

    /// Why an answer is read before it is known what happens next; nil where its head says it all.
    private func reasonToHold(_ head: ResponseHead) -> HeldAnswer.Reason? {
        guard Refusal.forUnusable(head) == nil else { return nil }
        switch head.status {
        case 429 where snapshot.flow.pace != .off: return .throttled
        case 401 where call?.pass.isToken == false || !vouching.hasRenewed: return .unauthenticated
        default: return nil
        }
    }

    /// The answer goes to the caller, unless its status is one of those after which a read is sent again.
    private func passOn(_ head: ResponseHead) {
        departureWasAnswered()
        if retries(afterStatus: head.status) { return }
        record.learn(upstream: head)
        if let fault = Refusal.forUnusable(head) { return refuse(unusableAnswer: fault) }
        stage = .relaying
        leaderDidReceive(head)
        inspection?.begin(status: head.status)
        guard let operation = decision?.operation, TokenEcho.isPossible(for: operation) else {
            relay?.begin(record.head(relaying: head))
            return
        }
        if head.fields.first(named: "content-encoding") != nil { return refuse(unusableAnswer: Refusal.unreadableSecret) }
        held = HeldAnswer(head, for: .tokenEcho)
    }

    /// An answer that was held goes to the caller after all, from its head to what is there of its body.
    func passOnHeld() -> Demand {
        guard let held = held.take() else { return .continue }
        judgeCredential(by: held)
        passOn(held.head)
        guard stage == .relaying, held.body.readableBytes > 0 else { return .continue }
        return held.body.withUnsafeReadableBytes { body($0) }
    }

    func body(_ bytes: UnsafeRawBufferPointer) -> Demand {
        if stage == .holding {
            if held?.take(bytes) == true { return .continue }
            // Nothing of this length is what it was held for.
            _ = passOnHeld()
        }
        guard stage == .relaying else { return .continue }
        inspection?.take(bytes)
        leaderDidReceive(bytes)
        if let held {
            if !held.take(bytes) { refuse(unusableAnswer: Refusal.unreadableSecret) }
            return .continue
        }
        return relay?.relay(bytes) == false ? .pause : .continue
    }

    func finished(_ summary: TransferSummary) {
        if stage == .holding, settlesHeld(summary) { return }
        guard stage == .relaying else { return }
        record.learn(summary, error: nil)
        endCall(summary)
        releaseScrubbed()
        leaderDidFinish()
        close(with: relay?.isShort == true ? .cut : .relayed)
    }

    /// The answer that was held is whole.
    /// - Returns: whether something else than passing it on follows from it.
    private func settlesHeld(_ summary: TransferSummary) -> Bool {
        switch held?.reason {
        case .throttled: if takesTurnAgain(summary) { return true }
        case .unauthenticated: if provesAgain(summary) { return true }
        case .tokenEcho, nil: break
        }
        _ = passOnHeld()
        return false
    }

    func failed(_ error: TransportError, _ summary: TransferSummary) {
        if error == .withheld, stage == .sending { return callWasWithheld() }
        record.learn(summary, error: error)
        if error.phase == .connecting { call?.pass.end(.unreached) }
        endCall(summary, error: error.word)
        switch stage {
        case .sending:
            if retries(after: error, summary) { return }
            refuse(Refusal.translating(error, summary))
        case .holding:
            refuse(Refusal.translating(error, summary))
        case .relaying:
            // Part of the answer is out: the only honest end is a cut connection.
            if relay?.hasBegun == true { close(with: .cut) } else { refuse(Refusal.translating(error, summary)) }
        case .deciding, .asking, .sharing, .waiting, .journalingRequest, .awaitingCredential, .journalingEnd, .done:
            break
        }
    }

    /// HSS answered, and the answer can't be passed on.
    private func refuse(unusableAnswer refusal: Refusal) {
        record.gaveUp(because: "unusable_answer")
        abandonCall(because: "unusable_answer")
        refuse(refusal)
    }
}
