import Catalogue
import Credentials
import NIOCore
import Policy
import Transport

/// One request to HSS, from the moment that it is handed to the transport to its end. It is counted once, at its end, whatever that is; its
/// place in the window of trust goes back with the pass.
struct UpstreamCall {
    let transfer: Transfer
    let pass: CredentialPass
    /// This machine's clock when the request was signed, microseconds since 1970.
    let signed: Int64
    /// How far the cloud's clock was taken to be ahead then, microseconds.
    let clockOffset: Int64
    let begun: NIODeadline
    /// Whether it had a connection and was let go.
    var hasLeft = false
    /// HSS's status, once there is a head.
    var status: Int?
}

extension Exchange {
    /// How far a call came, for those who count calls that HSS may have seen.
    enum Reach {
        /// Nothing of it left, or HSS answered that it was not executed and doesn't count it.
        case neverLeft
        /// HSS may have seen it.
        case mayHaveArrived
        case answered
    }

    /// The call under way, if any, is over: by the transport's account, or given up for a reason of the gateway's own.
    func endCall(_ summary: TransferSummary? = nil, error: String? = nil) {
        guard let call = call.take() else { return }
        let duration = summary.map { Duration.microseconds($0.totalMicroseconds) } ?? .nanoseconds((NIODeadline.now() - call.begun).nanoseconds)
        trace?.callEnds(status: call.status, error: error)
        worker.meters.countCall(to: decision?.route.origin.host, status: call.status, error: error, duration)
        let mayHaveArrived = summary?.requestMayHaveLeft ?? call.hasLeft
        settleDeparture(call.status != nil ? .answered : mayHaveArrived ? .mayHaveArrived : .neverLeft)
    }

    /// Gives the call under way up. The transport tells nothing more of it.
    func abandonCall(because word: String) {
        guard let call else { return }
        call.transfer.cancel()
        endCall(error: word)
    }

    /// There is a connection, and the request is about to be sent on it.
    func mayLeave() -> Bool {
        if let decision { worker.circuits.reached(decision.route.origin) }
        if circuitPlace == .probe { circuitPlace = .usual }
        guard let pass = call?.pass, pass.arrive() else { return false }
        call?.hasLeft = true
        stopWaiting()
        return true
    }
}

extension Exchange {
    /// The request ends, or has failed for good: its endpoint's circuit is told once.
    func leaveCircuit(_ error: TransportError?) {
        guard circuitPlace != .none, let decision else { return }
        worker.circuits.ended(decision.route.origin, circuitPlace, error)
        circuitPlace = .none
    }
}

/// When a read is sent once more.
extension Exchange {
    func retries(afterStatus status: Int) -> Bool {
        // Only errors are ever in the set, and to look into one is 30 times as much work as this comparison.
        guard status >= 400, snapshot.retry.onStatus.contains(status) else { return false }
        return retry(because: String(status))
    }

    func retries(after error: TransportError, _ summary: TransferSummary) -> Bool {
        guard snapshot.retry.onConnect, !summary.requestMayHaveLeft, error.phase == .connecting else { return false }
        return retry(because: "connect")
    }

    private func retry(because reason: String) -> Bool {
        guard decision?.operation.kind == .read, attempts < snapshot.retry.attempts else { return false }
        return repeats(because: reason)
    }

    /// Sends the request once more, on a permit of its own.
    /// - Parameter summary: the transport's account of the call that is repeated, where it has ended by itself.
    func repeats(because reason: String, after summary: TransferSummary? = nil) -> Bool {
        guard let decision, outbound != nil, !worker.isDraining, let permit = try? authorizeAgain(decision) else { return false }
        if let summary {
            record.learn(summary, error: nil)
            endCall(summary)
        } else {
            abandonCall(because: "")
        }
        held = nil
        decision.permit = consume permit
        worker.meters.countRetry(reason)
        stopWaiting()
        go(.leavesAgain)
        return true
    }

    /// The right to one more upstream request.
    func authorizeAgain(_ decision: Decision) throws(Denial) -> Permit {
        try snapshot.authorizer.authorize(decision.caller, decision.access(at: worker.now()))
    }
}
