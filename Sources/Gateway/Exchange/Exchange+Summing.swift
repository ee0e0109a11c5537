import Audit
import Policy

/// Refusals that are counted in a summary record instead of getting a record each.
extension Exchange {
    /// Counts a refusal in a summary record if there are too many for a record each. The answer's `Audit-Id` then names the summary record.
    func joinsSum() -> Bool {
        guard reservedExport == nil, let sum = record.sum(in: worker.refusals, rate: snapshot.limits.refusals) else { return false }
        record.joined(sum)
        worker.meters.countSummedRefusal()
        return true
    }
}

extension ExchangeRecord {
    /// The summary record that counts this exchange; nil if it gets its own record. Everything that was sent to HSS gets its own.
    ///
    /// Refusals of a caller with a rate limit are bounded by that rate, except those for exceeding it. Denials of a known operation to a known caller
    /// are bounded only by the share of the disk, because the journal exists to record what was denied to which caller. An anonymous caller is not a
    /// known caller, even if the configuration names it. What the gateway answered itself uses nothing of HSS's quota, so only that share bounds it.
    mutating func sum(in refusals: RefusalLedger, rate: RefusalRate) -> RecordID? {
        guard maySum else { return nil }
        let source = caller.map(RefusalSource.caller) ?? RefusalSource(address: address)
        let isBounded = caller != nil && (isLimited || isAnsweredHere || isOfKnownOperation && !isAnonymous) && refusal != .rateLimited
        return refusals.take(refusal?.text ?? (isAnsweredHere ? Self.answered : Self.abandoned), of: source, at: time, rate: isBounded ? nil : rate)
    }

    /// The code in a summary record for an answer of the gateway itself.
    private static let answered = "answered_here"
    /// The same for an exchange whose caller left before the decision.
    private static let abandoned = "caller_left"
}
