import Audit
import Catalogue
import Fleet
import NIOCore
import NIOHTTP1
import Policy
import Recognition
import Recollection

/// From the head to the decision: the operation, the caller, its limits. Usually the connection or a key in the head identifies the caller, and the
/// request is decided before its body is read. The decision waits if a signature covers the body, or if the key that signed a token has to be
/// fetched first.
extension Exchange {
    /// Finds the operation that the request names; nil for a page of the gateway itself. When there is no such operation, the caller is
    /// recognised all the same, so that its limits count the request.
    func asked(_ head: HTTPRequestHead, _ fields: InboundFields) throws(Refusal) -> (RequestTarget, Operation?) {
        do throws(Refusal) {
            let target = try RequestTarget.reading(head.uri, host: fields.host, into: &record)
            do throws(Refusal) {
                return (target, try Operation.finding(head.method, target))
            } catch {
                record.learn(path: target.path)
                guard error.code == .notInAPI, let page = try OwnPage.asked(by: head.method, target) else { throw error }
                ownPage = OwnPageCall(page, target)
                return (target, nil)
            }
        } catch {
            try recogniseRefused(head, fields)
            throw error
        }
    }

    /// Finds the caller where the connection or the head proves it, and decides; otherwise the decision waits for the body (`UnsettledCaller`).
    func recognise(_ head: HTTPRequestHead, _ fields: InboundFields, asking operation: Operation?, _ target: RequestTarget) throws(Refusal) {
        guard let recognition = try origin.recognise(head, fields, by: snapshot, now: record.time.seconds) else {
            let caller = try connectionCaller(fields)
            origin.noteForwarding(fields, of: caller, by: snapshot)
            return try admit(caller, to: operation, target)
        }
        if recognition.facts.addressText != origin.evidence.text { record.learn(address: recognition.facts.addressText) }
        if recognition.isComplete {
            try admit(recognition.facts, to: operation, target)
        } else {
            record.learn(path: target.path)
            sender.unsettled = UnsettledCaller(recognition: recognition, operation: operation, target: target)
        }
    }

    /// The caller that the connection alone proves. Credentials in `Authorization` that this gateway did not issue prove nothing; the refusal says so
    /// if nothing else proves the caller.
    private func connectionCaller(_ fields: InboundFields) throws(Refusal) -> Caller {
        do throws(Denial) {
            return try origin.caller(by: snapshot)
        } catch .unknownCaller(let address) where fields.showsSender {
            throw .foreignProof(from: address)
        } catch {
            throw Refusal(error)
        }
    }

    /// Recognises the sender of a request that is refused for its target, as far as the head alone proves it.
    private func recogniseRefused(_ head: HTTPRequestHead, _ fields: InboundFields) throws(Refusal) {
        guard let caller = try? sender(of: head, fields) else { return }
        record.learn(caller: caller)
        try checkLimits(of: caller)
    }

    private func sender(of head: HTTPRequestHead, _ fields: InboundFields) throws(Refusal) -> Caller? {
        let recognition = try origin.recognise(head, fields, by: snapshot, now: record.time.seconds)
        guard let facts = recognition?.facts else { return try Refusal.translating { () throws(Denial) in try origin.caller(by: snapshot) } }
        if facts.addressText != origin.evidence.text { record.learn(address: facts.addressText) }
        guard recognition?.isComplete == true else { return nil }
        if let key = facts.key { record.learn(key: key) }
        return try Refusal.translating { () throws(Denial) in try origin.caller(facts, by: snapshot) }
    }

    /// The caller is known: checks its limits, then decides.
    func admit(_ caller: Caller, to operation: Operation?, _ target: RequestTarget) throws(Refusal) {
        record.learn(caller: caller)
        try refuseForeignPage(as: caller, isOwnPage: operation == nil)
        try checkLimits(of: caller)
        guard let operation else {
            ownPage?.caller = caller
            return
        }
        if let pending = ownersToAsk(caller, operation, target) {
            // All of it is known here as the caller's own: nobody has to be asked.
            if pending.names.isEmpty { return try decide(operation, target, for: caller, standing: .own) }
            record.learn(path: target.path)
            inFleet.pendingOwners = pending
            return
        }
        try decide(operation, target, for: caller, standing: nil)
    }

    /// - Parameter standing: the owner of the export task that the request names, if the fleet was asked; nil: look it up in this gateway's memory.
    func decide(_ operation: Operation, _ target: RequestTarget, for caller: Caller, standing: TaskStanding?) throws(Refusal) {
        let question = Question(
            method: head?.method ?? .GET, hasReason: record.hasReason, region: fields?.region, showsBearer: fields?.showsBearer ?? false,
            time: record.time)
        decision = try snapshot.decide(operation, target, question, for: caller, worker.memory, standing: standing, &record)
    }

    /// A browser sends requests of any page with the rights of its user. A caller that is known by its address, socket or certificate alone is
    /// therefore refused when a page of another site made the request.
    ///
    /// 1. Browsers send no Fetch Metadata with a GET to a plain HTTP address that is not loopback (W3C Fetch Metadata section 2, "potentially
    ///    trustworthy"). A request that any page may have sent gets only the gateway's own pages, which change nothing and can't be read by another
    ///    site.
    /// 2. If an attacker lets a page's host name resolve to this machine (DNS rebinding), the page's requests are same-origin, and its name is in
    ///    `Host`.
    private func refuseForeignPage(as caller: Caller, isOwnPage: Bool) throws(Refusal) {
        guard let fields, fields.comesFromBrowser, !caller.method.isShown else { return }
        if fields.browser.isSilent {
            guard isOwnPage else { throw Refusal.unknownPage }
        } else if fields.browser.isForeign(to: fields.host) {
            throw Refusal.crossSite
        }
        let terms = snapshot.terms(ofListener: origin.listener)
        guard origin.evidence.address?.isLoopback == true, terms.servedHosts.isEmpty, terms.trustedProxies.isEmpty, let host = fields.host,
            !LocalAuthority.isLocal(host)
        else { return }
        throw Refusal.foreignName
    }

    func admit(_ facts: CallerFacts, to operation: Operation?, _ target: RequestTarget) throws(Refusal) {
        if let key = facts.key {
            record.learn(key: key)
            if worker.fleet?.member.revoked.contains(key.id) == true { throw Refusal(RecognitionFault.unknownKey) }
        }
        let caller = try Refusal.translating { () throws(Denial) in try origin.caller(facts, by: snapshot) }
        try admit(caller, to: operation, target)
    }
}

/// The limits of one caller. For callers without limits this costs one comparison.
extension Exchange {
    /// Counts each request of a recognised caller, refused or not, since each one costs a record.
    func checkLimits(of caller: Caller) throws(Refusal) {
        guard let limits = caller.limits else { return }
        let used = worker.allowances[caller.name]
        sender.limited = LimitedCaller(caller.name, limits, used)
        if let rate = limits.requestsPerSecond {
            let now = Int64(NIODeadline.now().uptimeNanoseconds)
            if let wait = used.take(rate: rate, burst: limits.burst ?? rate, at: now) { throw .tooFast(caller, waiting: wait) }
        }
        if let concurrent = limits.concurrent {
            guard used.enter(limit: concurrent) else { throw .tooMany(caller, limit: concurrent) }
            loans.allowance = used
        }
    }

    /// Reserves one of the exports that the caller may make in a day. Requests that are answered without a call to HSS are not counted. The closing
    /// record decides whether the export counts (`ExportCounts`).
    func countExport(_ decision: Decision) -> ExchangeMachine.Input? {
        if let fleet = worker.fleet { return beginShared(fleet, decision) }
        return reservesExport(decision) ? .passes(.exportQuota) : nil
    }

    /// Reserves the export in this gateway's own memory.
    /// - Parameter part: the number of gateways among which the limit is divided equally.
    /// - Returns: false when the limit is reached; then the request has been refused.
    func reservesExport(_ decision: Decision, part: Int = 1) -> Bool {
        guard let limit = decision.caller.limits?.exportsPerDay.map({ $0 / part }) else { return true }
        let (name, begun) = (decision.caller.name, record.begun)
        guard worker.memory.change({ $0.exports.reserve(name, at: begun, limit: limit) }) else {
            refuse(.exportsUsedUp(decision.caller, limit: limit, seconds: ExportCounts.secondsUntilNextDay(from: worker.now())))
            return false
        }
        reservedExport = name
        return true
    }
}

extension Operation {
    /// The operation that a method and a path name. Paths outside the API and unknown paths of the API get different refusals.
    static func finding(_ method: HTTPMethod, _ target: RequestTarget) throws(Refusal) -> Operation {
        guard target.namesProject else {
            throw Refusal(.notInAPI, "This gateway serves paths under /v5/ only.", hint: "Call /v5/{project_id}/… as in the HSS API reference.")
        }
        // A question about a request may hold what a connection would not let through.
        if case .RAW = method { throw WireFault.unknownMethod }
        guard let method = OperationMethod(method) else {
            throw Refusal(.operationUnknown, "No HSS operation has this method.", hint: "Use GET, POST, PUT or DELETE.")
        }
        let path = target.bytes.span.extracting(target.pathRange)
        guard let operation = OperationMatcher.match(method, path: path) else {
            let near = OperationSuggestion.nearest(to: method, path: Array(target.bytes[target.pathRange]))
            throw Refusal(
                .operationUnknown, "No HSS operation has this method and path.",
                hint: near.map { "Did you mean \($0.method.rawValue) \($0.template) (\($0.name))?" }
                    ?? "Compare method and path with the HSS v5 API reference; GET /-/operations lists those that this caller may call."
            )
        }
        return operation
    }
}

extension RequestTarget {
    /// Parses the target into its canonical form. If it is malformed, the record gets its path as received.
    static func reading(_ uri: String, host: String?, into record: inout some DecisionObserver) throws(Refusal) -> RequestTarget {
        do throws(Refusal) {
            let originForm = try TargetForm.originForm(of: uri, host: host)
            do throws(RequestTargetError) {
                return try RequestTarget(originForm: originForm)
            } catch {
                throw Refusal.translating(error)
            }
        } catch {
            record.learn(rawTarget: uri)
            throw error
        }
    }
}

extension OperationMethod {
    /// The method under which a request is matched: HEAD is matched as GET (RFC 9110 section 9.3.2).
    fileprivate init?(_ method: HTTPMethod) {
        switch method {
        case .GET, .HEAD: self = .get
        case .POST: self = .post
        case .PUT: self = .put
        case .DELETE: self = .delete
        default: return nil
        }
    }
}

extension ConnectionOrigin {
    /// What a request itself proves about its sender: keys, signatures, tokens, an address forwarded by a proxy. Nil if it carries none of these.
    func recognise(_ head: HTTPRequestHead, _ fields: InboundFields, by snapshot: Snapshot, now: Int64) throws(Refusal) -> Recognition? {
        let proxies = snapshot.terms(ofListener: listener).trustedProxies
        let isProxied = !proxies.isEmpty && evidence.address.map { peer in proxies.contains { $0.contains(peer) } } ?? false
        guard fields.showsSender || isProxied else { return nil }
        var request = PresentedRequest(method: head.method.rawValue, target: head.uri) { head.headers.map { ($0.name, $0.value) } }
        request.authorization = fields.authorization
        request.key = fields.callerKey
        request.token = fields.callerToken
        if isProxied { request.forwardedFor = head.headers["x-forwarded-for"] }
        do throws(RecognitionFault) {
            let recognition = try snapshot.recogniser.recognise(request, on: evidence, proxies: isProxied ? proxies : [], now: now)
            return recognition.isConnectionAlone ? nil : recognition
        } catch {
            throw Refusal(error)
        }
    }

    /// The caller that the facts of one request prove.
    func caller(_ facts: CallerFacts, by snapshot: Snapshot) throws(Denial) -> Caller {
        do throws(Denial) {
            return try snapshot.authenticator.authenticate(facts, isAnonymousAllowed: snapshot.terms(ofListener: listener).isAnonymous)
        } catch .unknownCaller(let address) where facts.address == nil && evidence.address != nil {
            throw .silentProxy(address: address)
        }
    }

    /// Warns once that forwarding fields arrive from an address that is not in `trusted_proxies`. In that case a proxy is in front of the gateway,
    /// and all of its clients are recognised as the one caller that has the proxy's address.
    func noteForwarding(_ fields: InboundFields, of caller: Caller, by snapshot: Snapshot) {
        guard fields.showsForwarding, caller.method.contains(.cidr) else { return }
        snapshot.terms(ofListener: listener).forwardingNotice?.tell()
    }

    /// Refuses a request whose Host names another server, if `listeners[].hosts` is set. Such a request comes from a page whose host name resolves to
    /// this address (DNS rebinding), or from a client that uses the gateway as a forward proxy.
    func checkHost(_ host: String?, by snapshot: Snapshot) throws(Refusal) {
        let servedHosts = snapshot.terms(ofListener: listener).servedHosts
        guard !servedHosts.isEmpty, let host, let authority = Authority(host), !servedHosts.contains(authority.host) else { return }
        throw WireJudge.malformed("This listener doesn't serve the host in the Host field.", "Address the gateway by one of its configured names.")
    }
}

extension Refusal {
    fileprivate static func tooFast(_ caller: Caller, waiting nanoseconds: Int64) -> Refusal {
        let seconds = Int((nanoseconds + 999_999_999) / 1_000_000_000)
        return Refusal(
            .rateLimited, "The caller \(caller.name) sends more requests than it may.", hint: "Wait as long as Retry-After says.",
            retryAfterSeconds: max(1, seconds)
        )
    }

    fileprivate static func tooMany(_ caller: Caller, limit: Int) -> Refusal {
        Refusal(
            .rateLimited, "The caller \(caller.name) has \(limit) requests under way, as many as it may.",
            hint: "Wait until one of them is answered.", retryAfterSeconds: 1
        )
    }

    static func exportsUsedUp(_ caller: Caller, limit: Int, seconds: Int) -> Refusal {
        Refusal(
            .quotaExhausted, "The caller \(caller.name) has made the \(limit) exports that it may make in a day, UTC.",
            hint: "Wait until midnight UTC, as long as Retry-After says, or ask the gateway's operator for more.", retryAfterSeconds: seconds
        )
    }
}

/// An exchange's place among the requests under way.
extension Exchange {
    private var limit: Int { max(1, worker.limits.inFlight / worker.workerCount) }

    func takePlace() throws(Refusal) {
        loans.place = worker.inFlight.enter(limit: limit)
        if loans.place == .none { throw Refusal.tooManyInFlight }
    }

    /// The sender can be recognised only after the body has arrived.
    func setPlaceAside() throws(Refusal) {
        loans.place = worker.inFlight.setAside(loans.place, limit: limit)
        if loans.place == .none { throw Refusal.tooManyInFlight }
    }

    func admitToPlaces() throws(Refusal) {
        loans.place = worker.inFlight.admit(loans.place, limit: limit)
        loans.body?.prove()
        if loans.place == .none { throw Refusal.tooManyInFlight }
    }
}
