import Audit
import Catalogue
import Credentials
import NIOCore
import NIOHTTP1
import Policy
import Recollection
import Spans
import Transport

/// The life of one request, from its head to its record, on its connection's event loop.
///
/// `ExchangeMachine` holds its state and decides what follows from each event; the invariants are numbered there. This class owns the parts
/// and performs the machine's actions. Read `open`, `run`, `perform` and `close` in this order.
final class Exchange: Waiter {
    let worker: Worker
    let origin: ConnectionOrigin
    /// The configuration that this exchange uses to its end, also when a reload replaces it meanwhile.
    let snapshot: Snapshot
    let head: HTTPRequestHead?
    let fields: InboundFields?
    /// What the record will say; filled in as it becomes known.
    var record: ExchangeRecord
    /// A strong reference, because an exchange that waits for its record may outlive its connection. Released when the exchange ends.
    var downstream: (any Downstream)?

    /// What it has borrowed, and gives back at its end.
    var loans = Loans()
    /// What it knows about its sender.
    var sender = Sender()
    /// What it asks of the fleet, and owes it.
    var inFleet = FleetPart()
    /// Set if the request asks for a page of the gateway itself instead of an operation.
    var ownPage: OwnPageCall?
    /// The decision made by `open`.
    var decision: Decision?
    var relay: ResponseRelay?
    /// The request to HSS that is under way.
    var call: UpstreamCall?
    private var machine = ExchangeMachine()
    /// The request as it is sent to HSS, and the attempts so far.
    var sending = Sending()
    /// Its turn under HSS's quota.
    var quota = QuotaPart()
    /// Its part among equal requests.
    var equals = EqualRequests()
    /// Reads what the record needs from HSS's answer.
    var inspection: BodyInspection?
    private var answer: Answer?
    /// HSS's answer, while it is read before any of it is passed on.
    var held: HeldAnswer?
    var bodyDigest = BodyDigest()
    /// The caller for whom one of the day's exports is reserved; settled with the closing record.
    var reservedExport: String?
    var tracing = TracingPart()

    /// What the caller gets after the closing record is kept. The rare cases are indirect, so that copying the usual one retains nothing.
    enum Answer {
        case relayed
        indirect case refusal(Refusal)
        /// The task that an earlier export with the same key and content created.
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

    /// Finds operation, caller and project, and decides. These steps need no body, so that a refusal is sent before the upload.
    func open() throws(Refusal) {
        guard let head, let fields else { return }
        let reason = Result { () throws(Refusal) in try fields.reason() }
        record.learn(reason: try? reason.get())
        if let region = fields.region { record.learn(regionHeader: region) }
        if worker.takesNoMore { throw Refusal.draining }
        try takePlace()
        if fields.comesFromGateway || fields.userAgent.map(worker.loopMark.stands) == true { throw Refusal.loop }
        try origin.checkHost(fields.host, by: snapshot)
        try origin.checkCertificate(at: record.time.seconds)

        let (target, operation) = try asked(head, fields)
        if let operation { record.learn(operation: operation) }
        do throws(Refusal) {
            _ = try reason.get()
            try fields.checkRepetitions()
            try recognise(head, fields, asking: operation, target)
            if sender.unsettled != nil { try setPlaceAside() }
        } catch {
            record.learn(path: target.path)
            throw error
        }
    }

    // MARK: - 2. The body completes it

    /// The last checks that need no body: the journal can be written, and a body like the one announced can be accepted.
    func judgeBeforeBody(_ framing: WireJudge.Framing) throws(Refusal) {
        if decision != nil, snapshot.durability != .bestEffort, !worker.journal.isHealthy { throw Refusal.auditUnavailable }
        switch framing {
        case .none, .length(0): break
        case .length, .chunked: try RequestContent.judgeAnnouncement(head: head, fields: fields)
        }
    }

    /// Counts another piece of the body against `limits.bodies`, and hashes it; false when there is no room for it.
    func holdBody(_ bytes: ByteBuffer) -> Bool {
        if loans.body == nil { loans.body = BodyLoan(worker.bodies, isProven: loans.place == .proven) }
        guard loans.body?.extend(by: bytes.readableBytes) == true else { return false }
        bodyDigest.add(bytes)
        return true
    }

    /// Longest body, in bytes. The cloud limits the bodies of signed requests; for requests with a token only the setting applies.
    var bodyLimit: Int {
        let configured = worker.limits.requestBody
        guard let decision, !decision.route.maySendToken else { return configured }
        return min(configured, BodyLimit.signedBody)
    }

    /// The request has been read completely.
    func run(body: ByteBuffer?) {
        bodyDigest.finish()
        do throws(Refusal) {
            // A slow upload may outlast the certificate.
            if origin.evidence.certificateEnd != nil { try origin.checkCertificate(at: worker.now().seconds) }
        } catch {
            return refuse(error)
        }
        if sender.unsettled == nil { admitted(body: body) } else { settle(body: body) }
    }

    /// The caller is known; the fleet may still have to be asked who owns the export.
    func admitted(body: ByteBuffer?) {
        guard let pending = inFleet.pendingOwners else { return proceed(body: body) }
        askOwners(pending, body: body)
    }

    /// Judges the body, completes the decision, makes the outbound request, and starts the machine's steps.
    func proceed(body: ByteBuffer?) {
        guard let decision else { return answerOwnPage() }
        let operation = decision.operation
        do throws(Refusal) {
            let content = try RequestContent.judge(body, of: operation, head: head, fields: fields)
            let level = snapshot.bodyLevels.level(for: operation.kind)
            record.learn(body: content, bodyDigest, level: level)
            try decision.conclude(body: content.enterpriseProject, by: snapshot, &record)
            record.learn(target: decision.target)
            if snapshot.durability != .bestEffort, !worker.journal.isHealthy { throw Refusal.auditUnavailable }
            sending.outbound = worker.forwardedHead.request(decision, fields: fields, content: content, method: record.method)
            sending.ownFields = sending.outbound?.fields.count ?? 0
            relay = downstream.map { ResponseRelay(downstream: $0, digests: operation.kind != .read && level != .none) }
            inspection = BodyInspection(of: operation, target: decision.target)
            record.learn(export: inspection?.exportOfRequest)
        } catch {
            return refuse(error)
        }
        if decision.isWriteAhead { machine.writesAhead() }
        machine.omits(stepsToOmit(decision))
        go(.decided)
    }

    /// The steps of which it is known from the start that they would pass.
    private func stepsToOmit(_ decision: Decision) -> ExchangeMachine.Steps {
        switch decision.operation.kind {
        case .read: [.sameKey, .exportQuota]
        case .write, .download: [.sameKey, .exportQuota, .coalescing]
        case .export: fields?.idempotencyKey == nil ? [.sameKey, .coalescing] : .coalescing
        }
    }

    // MARK: - 3. One step after the other

    var state: ExchangeMachine.State { machine.state }
    /// Whether the exchange is ending, so that nothing else may be started.
    var isEnding: Bool { machine.isEnding }

    /// Whether the request may be handed to the transport now.
    var mayBeSent: Bool { machine.mayBeSent }

    /// Tells the machine what happened and performs its actions, until a step has to wait.
    func go(_ input: ExchangeMachine.Input) {
        var input = input
        while true {
            switch machine.take(input) {
            case .nothing: return
            case .perform(let step):
                guard let outcome = perform(step) else { return }
                input = outcome
            case .refuseUnrecorded: return refuse(Refusal.auditUnavailable)
            case .answer(let ending, let isRecorded): return sendAnswer(ending, isRecorded: isRecorded)
            case .fail: return refuse(Refusal.internalFault)
            }
        }
    }

    /// - Returns: the outcome of the step; nil when it has ended the request.
    private func perform(_ step: ExchangeMachine.Step) -> ExchangeMachine.Input? {
        guard let decision else {
            refuse(Refusal.internalFault)
            return nil
        }
        switch step {
        case .sameKey: return enterWithKey(decision)
        case .exportQuota: return countExport(decision)
        case .coalescing: return joinSharedCall(decision)
        case .departure: return takeTurn(decision)
        case .record: return writeAhead()
        case .sending: return send(decision)
        }
    }

    private func writeAhead() -> ExchangeMachine.Input? {
        do {
            worker.gate.whenDurable(try record.appendRequest(to: worker.journal), self)
            worker.ticks.schedule()
            return .waits(.record)
        } catch {
            refuse(Refusal.auditUnavailable)
            return nil
        }
    }

    /// A reference to the exchange that is bound to its event loop, for callbacks from other threads.
    var bound: NIOLoopBound<any Waiter> { NIOLoopBound(self, eventLoop: worker.loop) }

    /// The callback for everything that a step or the end waits for (`Wake`). What is asked before the decision continues in its own callback. A late
    /// one changes nothing.
    func wake(_ reason: Wake) {
        switch reason {
        case .record(let isKept): go(.recorded(isKept: isKept))
        case .fleetIsTold: go(.recorded(isKept: true))
        case .departure(let verdict, let time): departureDidCome(verdict, at: time)
        case .departureIsUnknown(let request, let mayGoAlone): departureIsUnknown(request, mayGoAlone: mayGoAlone)
        case .sharedCall(let outcome): sharedCallDidEnd(outcome)
        case .sameKey: go(.wakes(.sameKey))
        case .credential: go(.wakes(.sending))
        }
    }

    // MARK: - 4. The end

    /// Answers with a refusal of the gateway. May be called as long as no answer has begun.
    func refuse(_ refusal: Refusal) {
        guard !isEnding else { return }
        abandonCall(because: "given_up")
        record.learn(refusal: refusal)
        close(with: .refusal(refusal))
    }

    /// The answer is complete, or can't be completed: releases what the exchange holds and appends the closing record.
    func close(with answer: Answer) {
        endCall()
        giveTurnBack()
        leaveCircuit(nil)
        if case .refusal(let refusal) = answer { settleSharing(refusal) } else { settleSharing(nil) }
        stopWaiting()
        held = nil
        let tellsSignature = settleSignature()
        // Must be last: exchanges that wait for this export look it up in memory, where appending its record puts it.
        defer { settleIdempotency() }
        self.answer = answer
        if case .cut = answer, let relay, let downstream { relay.isCut(losing: downstream.bytesLostByEnd) }
        go(.ends(answer.ending))
        if tellsSignature { go(.tells) }
        let kind = decision?.operation.kind
        do {
            let found = inspection?.result()
            if inspection?.tellsOfFailedTask == true { record.note(.taskStatus, .string("failure")) }
            record.close(at: worker.now(), decision, head?.uri, relay, export: found?.export, errorCode: found?.errorCode)
            // Counted whether the journal has room for its record or not.
            record.count(in: worker.meters, log: worker.requestLog)
            // An export in a fleet always gets a record of its own: if its end can't be reported to the fleet's database now, it is reported later
            // from that record.
            if inFleet.export == nil, joinsSum() { return go(.recorded(isKept: true)) }
            let sequence = try record.append(to: worker.journal, worker.memory, settling: &reservedExport)
            if endShared(record.exportOutcome) { go(.tells) }
            if tellFile(found?.export) { go(.tells) }
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

    /// Sends the answer after all records were kept or have failed. An answer without a record must not look like one with a record.
    private func sendAnswer(_ ending: ExchangeMachine.Ending, isRecorded: Bool) {
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
        sending.outbound = nil
        loans.giveBack(to: worker)
        worker.meters.ended()
        if let trace = tracing.spans.take() { trace.end(record.draft, operation: decision?.operation) }
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

    /// The caller closed its connection: stops reading from HSS, keeps the record.
    func callerDidLeave() {
        guard !isEnding else { return }
        abandonCall(because: "caller_left")
        record.callerLeft()
        close(with: .cut)
    }

    /// A refusal that could not be sent because the caller had left.
    func refuseUnheard(_ refusal: Refusal) {
        record.learn(refusal: refusal)
        close(with: .cut)
    }
}
