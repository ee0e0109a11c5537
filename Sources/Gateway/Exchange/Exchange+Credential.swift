import Audit
import Catalogue
import Credentials
import NIOCore
import Policy
import Transport

/// Who vouches for an exchange's request, and what became of that.
struct Vouching {
    /// Longest wait of a request for something to vouch with.
    static let patience: TimeAmount = .seconds(6)
    /// Longest answer that is read to find out why HSS refused a token, bytes. The gateway's own have a few hundred.
    static let refusalBytes = 16 << 10

    var pass: CredentialPass?
    /// When waiting ends in a refusal; set with the first wait.
    var timer: Scheduled<Void>?
    var isOutOfPatience = false
    /// A new token is asked for once.
    var hasRenewed = false
    /// This machine's clock when the request left, microseconds.
    var departure: Int64 = 0
    /// HSS's refusal of the token, until it is known what to do about it.
    var refusal: KeptRefusal?
}

/// A refusal that is read before it is passed on. A class, so that an exchange which was not refused carries no room for it.
final class KeptRefusal {
    let head: ResponseHead
    var body = ByteBuffer()

    init(_ head: ResponseHead) { self.head = head }
}

// MARK: - Before the request leaves

extension Exchange {
    /// The most that a body may have: signed ones have a bound of the cloud's own, unless a token can go with them.
    var bodyLimit: Int {
        let configured = worker.limits.requestBody
        guard let decision, !decision.route.maySendToken else { return configured }
        return min(configured, BodyLimit.signedBody)
    }

    /// The right to vouch; nil when the exchange waits for it, or was refused. The fallback takes over where the credential can't.
    func admitted(at now: Timestamp) -> CredentialPass? {
        guard let route = decision?.route else { return nil }
        let time = worker.clock.signingTime(wallMicroseconds: now.microseconds)
        let isSignable = (outbound?.body?.readableBytes ?? 0) <= BodyLimit.signedBody
        var refusal: Refusal?
        for credential in candidates(of: route) where isSignable || credential.sendsToken {
            switch credential.admit(at: time) {
            case .ready(let pass): return pass
            case .wait(let wait):
                if isWaiting(for: wait, of: credential) { return nil }
                switch wait {
                case .room: refusal = .credentialSuspended(credential.name, retryAfter: .seconds(1))
                case .material: refusal = .credentialUnavailable(credential.name, retryAfter: .seconds(1))
                }
            case .unavailable(let retryAfter): refusal = .credentialUnavailable(credential.name, retryAfter: retryAfter)
            case .suspended(let retryAfter): refusal = .credentialSuspended(credential.name, retryAfter: retryAfter)
            }
        }
        refuse(refusal ?? BodyLimit.exceeded(limit: BodyLimit.signedBody))
        return nil
    }

    /// The one whose turn it is, the others of the project, the fallbacks.
    private func candidates(of route: Route) -> [Credential] {
        let chosen = decision?.credential ?? route.credential
        // The one that there is, in the route's own array.
        if route.alternatives.isEmpty, route.fallbacks.isEmpty { return route.credentials }
        return [chosen] + route.credentials.filter { $0 !== chosen } + route.fallbacks
    }

    /// Waits, unless that has taken too long already or too many do.
    private func isWaiting(for wait: CredentialWait, of credential: Credential) -> Bool {
        guard !vouching.isOutOfPatience else { return false }
        stage = .awaitingCredential
        let bound = NIOLoopBound(self, eventLoop: worker.loop)
        guard credential.whenChanged(wait, { [loop = worker.loop] in loop.execute { bound.value.credentialDidChange() } }) else { return false }
        if vouching.timer == nil {
            vouching.timer = worker.loop.scheduleTask(in: Vouching.patience) { bound.value.patienceDidEnd() }
        }
        return true
    }

    /// What the request waits for next has a time of its own.
    func stopWaiting() {
        vouching.timer?.cancel()
        vouching.timer = nil
        vouching.isOutOfPatience = false
    }

    private func credentialDidChange() {
        if stage == .awaitingCredential { send() }
    }

    private func patienceDidEnd() {
        vouching.isOutOfPatience = true
        credentialDidChange()
    }

    /// The request is about to leave with this pass.
    /// - Returns: the moment that a signature claims: the cloud's, as far as it is known.
    func begin(_ pass: CredentialPass, at now: Timestamp) -> SigningTime {
        vouching.timer?.cancel()
        vouching.timer = nil
        vouching.pass = pass
        vouching.departure = now.microseconds
        return worker.clock.signingTime(wallMicroseconds: vouching.departure)
    }
}

// MARK: - When HSS has answered

extension Exchange {
    /// The answer's status says whether the key is good, its date how the clocks stand.
    func credentialWasJudged(by head: ResponseHead) {
        let now = worker.now().microseconds
        let isSuspect = head.status == 401
        if worker.clock.wantsObservation(receivedMicroseconds: now, isSuspect: isSuspect),
            let field = head.fields.indices.first(where: { head.fields.isNamed("date", at: $0) })
        {
            head.fields.withBytes(at: field) { _, date in
                worker.clock.observe(date: date, sentMicroseconds: vouching.departure, receivedMicroseconds: now, isSuspect: isSuspect)
            }
        }
        // A token's pass is still needed: its refusal is judged by the body.
        guard vouching.pass?.isToken == false, let pass = vouching.pass.take() else { return }
        pass.end(status: head.status)
    }

    /// Whether the answer refuses the token, and is held back until its body says why.
    func holdsRefusal(_ head: ResponseHead) -> Bool {
        guard head.status == 401, !vouching.hasRenewed, vouching.pass?.isToken == true, Refusal.forUnusable(head) == nil
        else { return false }
        vouching.refusal = KeptRefusal(head)
        stage = .judgingRefusal
        return true
    }

    func keepRefusal(_ bytes: UnsafeRawBufferPointer) -> Demand {
        guard let refusal = vouching.refusal else { return .continue }
        refusal.body.writeBytes(bytes)
        // Nothing of this length is a refusal that we know: it is the caller's.
        if refusal.body.readableBytes > Vouching.refusalBytes { return passOnRefusal() ? .continue : .pause }
        return .continue
    }

    /// The refusal is whole. One that a new token may mend is not shown to the caller: the request goes out once more.
    /// - Returns: false when it is passed on instead.
    func sendsAgain(_ summary: TransferSummary) -> Bool {
        if let refusal = vouching.refusal, TokenRefusal.isMended(by: refusal.body), let pass = vouching.pass, pass.reject() {
            worker.meters.countCall(to: decision?.route.origin.host, status: 401, error: nil, summary)
            transfer = nil
            vouching.hasRenewed = true
            vouching.pass = nil
            vouching.isOutOfPatience = false
            vouching.refusal = nil
            if repeats(because: "token") { return true }
            vouching.refusal = refusal
        }
        _ = passOnRefusal()
        return false
    }

    /// The held answer goes to the caller after all.
    private func passOnRefusal() -> Bool {
        guard let refusal = vouching.refusal.take() else { return true }
        stage = .sending
        self.head(refusal.head, isFinal: true)
        return refusal.body.withUnsafeReadableBytes { self.body($0) } == .continue
    }

    /// The exchange ends; whoever waits for the key's room must not wait for this one.
    func endVouching() {
        vouching.timer?.cancel()
        vouching.timer = nil
        vouching.pass?.end(status: nil)
        vouching.pass = nil
    }
}

/// HSS's answers to a token that another one may mend: APIGW.0301 and .0307, or APIG. on dedicated gateways (protocol page c.3).
enum TokenRefusal {
    private static let codes: Set<String> = ["APIGW.0301", "APIGW.0307", "APIG.0301", "APIG.0307"]

    static func isMended(by body: ByteBuffer) -> Bool {
        JSONMembers(body.readableBytesView).string("error_code").map(codes.contains) ?? false
    }
}
