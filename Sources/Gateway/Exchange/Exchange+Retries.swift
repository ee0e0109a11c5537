import Catalogue
import Policy
import Transport

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
        takeTurn()
        return true
    }

    /// The right to one more upstream request.
    func authorizeAgain(_ decision: Decision) throws(Denial) -> Permit {
        try snapshot.authorizer.authorize(decision.caller, decision.access(at: worker.now()))
    }
}
