import Audit
import Catalogue
import Credentials
import Crypto
import NIOCore
import NIOHTTP1
import Policy
import Recollection
import Spans
import Transport

/// The life of one request, from its head to its record, on its connection's event loop.
///
/// Where it stands, and what follows from what happens, is `ExchangeMachine`'s decision; its invariants are numbered there. Here is what it
/// takes to perform that. Read `open`, `run` and `perform` in this order.
final class Exchange: Waiter {
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
    /// The page of the gateway's own that is asked for, instead of an operation.
    var ownPage: OwnPageCall?
    /// Its caller, if that one's use is limited.
    var limited: LimitedCaller?
    /// What `open` decided.
    var decision: Decision?
    var relay: ResponseRelay?
    /// The request to HSS that is under way.
    var call: UpstreamCall?
    var outbound: OutboundRequest?
    /// How many of its fields stand there before a credential adds its own.
    var ownFields = 0
    private var machine = ExchangeMachine()
    var attempts = 0
    /// How it passed the circuit of its endpoint; once, with its first attempt.
    var circuitPlace = CircuitPlace.none
    /// Its wait for something to prove itself with, and what it did about refusals of that.
    var vouching = Vouching()
    /// HSS's answer in so far as its content matters to the record.
    var inspection: BodyInspection?
    private var answer: Answer?
    /// Its turn before HSS's quota, or its wait for one, until it leaves: from then on the call has it.
    var departure = DepartureState.none
    /// When its turn was granted, by this machine's uptime.
    var turn = Duration.zero
    /// The call that HSS's quota threw back, until it has taken its turn again.
    var thrownBack: ThrownBack?
    /// Where it stands with shared reads.
    var sharing = SharingState.none
    var idempotency = IdempotencyState.none
    /// The call that it waited for when its caller left.
    var leftBehind: SharingKey?
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
    /// What became of a virtual key's signature (`Admission`).
    var signature = SignatureStanding.none
    /// The trace that its caller named.
    var receivedTrace: TracePlace?
    /// Its spans, if it is sampled.
    var trace: ExchangeTrace?

    /// What is written once the closing record is safe. The rare ones are boxes, so that the usual one is copied without a look at them.
    enum Answer {
        case relayed
        indirect case refusal(Refusal)
        /// The task that the same export made before.
        indirect case replay(IdempotentExports.Made)
        indirect case own(OwnAnswer)
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
        beginTrace()
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
        if let operation { record.learn(operation: operation) }
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

    /// What would be refused whatever the body holds.
    func judgeBeforeBody(_ framing: WireJudge.Framing) throws(Refusal) {
        if decision != nil, snapshot.durability != .bestEffort, !worker.journal.isHealthy { throw Refusal.auditUnavailable }
        switch framing {
        case .none, .length(0): break
        case .length, .chunked: try RequestContent.judgeAnnouncement(head: head, fields: fields)
        }
    }

    /// Counts another piece of the body among those in hand; false when there is no room for it.
    func holdBody(_ bytes: Int) -> Bool {
        if bodyLoan == nil { bodyLoan = BodyLoan(worker.bodies, isProven: place == .proven) }
        return bodyLoan?.extend(by: bytes) ?? false
    }

    /// The most that a body may have: signed ones have a bound of the cloud's own, unless a token can go with them.
    var bodyLimit: Int {
        let configured = worker.limits.requestBody
        guard let decision, !decision.route.maySendToken else { return configured }
        return min(configured, BodyLimit.signedBody)
    }

    /// The request is whole, and so is what it shows of its sender.
    func run(body: ByteBuffer?) {
        if unsettled == nil { admitted(body: body) } else { settle(body: body) }
    }

    /// Fill in the defaults, write ahead where promised, send.
    func proceed(body: ByteBuffer?) {
        guard let decision else { return answerOwnPage() }
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
        if decision.isWriteAhead { machine.writesAhead() }
        go(.decided)
    }

    // MARK: - 3. One step after the other

    var state: ExchangeMachine.State { machine.state }
    /// Whether its end is decided, so that nothing else may happen.
    var isEnding: Bool { machine.isEnding }

    /// Whether the request may be handed to the transport now.
    var mayBeSent: Bool { machine.mayLeave }

    /// Tells the machine what happened, and performs what follows until there is something to wait for.
    func go(_ input: ExchangeMachine.Input) {
        var input = input
        while true {
            switch machine.take(input) {
            case .nothing: return
            case .perform(let step):
                guard let outcome = perform(step) else { return }
                input = outcome
            case .refuseUnrecorded: return refuse(Refusal.auditUnavailable)
            case .answer(let ending, let isRecorded): return letGo(ending, isRecorded: isRecorded)
            case .fail: return refuse(Refusal.internalFault)
            }
        }
    }

    /// - Returns: what came of the step; nil when the request has ended in it.
    private func perform(_ step: ExchangeMachine.Step) -> ExchangeMachine.Input? {
        guard let decision else {
            refuse(Refusal.internalFault)
            return nil
        }
        let kind = decision.operation.kind
        switch step {
        case .sameKey: return kind == .export && fields?.idempotencyKey != nil ? enterWithKey(decision) : .passes(step)
        case .exportQuota: return kind == .export ? countExport(decision) : .passes(step)
        case .coalescing: return kind == .read ? joinSharedCall(decision) : .passes(step)
        case .departure: return takeTurn(decision)
        case .record: return writeAhead()
        case .sending: return send(decision)
        }
    }

    private func writeAhead() -> ExchangeMachine.Input? {
        guard machine.needsRecord else { return .passes(.record) }
        do {
            worker.gate.whenDurable(try record.appendRequest(to: worker.journal), self)
            worker.ticks.schedule()
            return .waits(.record)
        } catch {
            refuse(Refusal.auditUnavailable)
            return nil
        }
    }

    /// Itself, for those who wake it from another thread.
    var bound: NIOLoopBound<any Waiter> { NIOLoopBound(self, eventLoop: worker.loop) }

    /// What it waited for is there, or came too late.
    func wake(_ resolutions: Wake) {
        switch resolutions {
        case .record(let isKept): go(.recorded(isKept: isKept))
        case .fleetIsTold: go(.recorded(isKept: true))
        case .departure(let verdict): departureDidCome(verdict)
        case .departureIsUnknown(let request): departureIsUnknown(request)
        case .sharedCall(let resolutions): sharedCallDidEnd(resolutions)
        case .sameKey: go(.wakes(.sameKey))
        case .credential: go(.wakes(.sending))
        }
    }

    // MARK: - 4. The end

    /// Answers in the gateway's own name. Safe to call until an answer has begun.
    func refuse(_ refusal: Refusal) {
        guard !isEnding else { return }
        abandonCall(because: "given_up")
        record.learn(refusal: refusal)
        close(with: .refusal(refusal))
    }

    /// The answer is complete, or can't be completed: write the record, then let go of what was held back.
    func close(with answer: Answer) {
        endCall()
        giveTurnBack()
        leaveCircuit(nil)
        if case .refusal(let refusal) = answer { settleSharing(refusal) } else { settleSharing(nil) }
        stopWaiting()
        held = nil
        settleSignature()
        // Whoever waits for this export looks for it in memory, where its record puts it.
        defer { settleIdempotency() }
        self.answer = answer
        if case .cut = answer, let relay, let downstream { relay.isCut(losing: downstream.bytesLostByEnd) }
        go(.ends(answer.ending))
        let kind = decision?.operation.kind
        do {
            let found = inspection?.result()
            if inspection?.tellsOfFailedTask == true { record.note(.taskStatus, .string("failure")) }
            if let decision { record.complete(decision) }
            if let missing = relay?.missing, missing > 0 { record.note(.unacknowledged, .integer(Int64(missing))) }
            record.close(at: worker.now(), bytes: relay?.received, digest: relay?.finalDigest(), marks: found?.marks, errorCode: found?.errorCode)
            // Counted here, whether its record finds room or not.
            record.count(in: worker.meters)
            record.log(to: worker.requestLog)
            // What the fleet was asked about has a record of its own: from there it can be told again.
            if sharedExport == nil, joinsSum() { return go(.recorded(isKept: true)) }
            let sequence = try record.append(to: worker.journal, worker.memory, settling: &reservedExport)
            if endShared(record.exportOutcome) { go(.tells) }
            if tellFile(found?.marks) { go(.tells) }
            switch snapshot.durability {
            case .strict: worker.gate.whenDurable(sequence, self)
            case .strictExports where kind.map(snapshot.durability.isWriteAhead) ?? false: worker.gate.whenDurable(sequence, self)
            case .strictExports: worker.gate.whenWritten(self)
            case .bestEffort: return go(.recorded(isKept: true))
            }
            worker.ticks.schedule()
        } catch {
            if endShared(record.exportOutcome) { go(.tells) }
            // The journal counts what it drops, and says so in an event once it can.
            go(.recorded(isKept: snapshot.durability == .bestEffort))
        }
    }

    /// Every record is where it has to be, or can't be brought there: the caller must not take an answer for a recorded one that isn't.
    private func letGo(_ ending: ExchangeMachine.Ending, isRecorded: Bool) {
        switch (ending, isRecorded) {
        case (.relayed, true): relay?.release()
        case (.relayed, false):
            if relay?.hasBegun == true { downstream?.abort() } else { write(Refusal.answerNotRecorded) }
        case (.refused, _): if case .refusal(let refusal) = answer { write(refusal) }
        case (.replayed, true):
            if case .replay(let made) = answer { write(made) }
            if case .own(let page) = answer { write(page) }
        case (.replayed, false): write(Refusal.auditUnavailable)
        case (.cut, _): downstream?.abort()
        }
        relay = nil
        downstream = nil
        outbound = nil
        leavePlaces()
        worker.meters.ended()
        if let trace = trace.take() { trace.end(record.draft, operation: decision?.operation) }
    }
}

extension Exchange.Answer {
    fileprivate var ending: ExchangeMachine.Ending {
        switch self {
        case .relayed: .relayed
        case .refusal: .refused
        case .replay, .own: .replayed
        case .cut: .cut
        }
    }
}

// MARK: - What the caller does

extension Exchange {
    func downstreamDidDrain() {
        call?.transfer.resume()
    }

    /// The caller closed its connection: stop fetching, keep the record.
    func callerDidLeave() {
        guard !isEnding else { return }
        abandonCall(because: "caller_left")
        record.callerLeft()
        close(with: .cut)
    }

    /// A refusal whose caller left before it could be told.
    func refuseUnheard(_ refusal: Refusal) {
        record.learn(refusal: refusal)
        close(with: .cut)
    }
}
