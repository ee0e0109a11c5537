import Audit
import Policy

/// Refusals that are counted in a sum instead of getting a record each.
extension Exchange {
    /// Counts a refusal in a sum if it is beyond what may be recorded singly. The answer's `Audit-Id` is then that of the sum's record.
    func joinsSum() -> Bool {
        guard reservedExport == nil, let sum = record.sum(in: worker.refusals, rate: snapshot.limits.refusals) else { return false }
        record.joined(sum)
        worker.meters.countSummedRefusal()
        return true
    }
}

extension ExchangeRecord {
    /// The sum that counts this exchange; nil when it gets a record of its own, as everything does that is more than a refusal.
    ///
    /// Refusals of a caller with a rate limit are bounded by that rate, except those for exceeding it. Denials of a known operation to a known
    /// caller are bounded by the disk share alone, since recording what was denied to whom is the journal's purpose; whom nothing proves is
    /// nobody known, whatever its name.
    mutating func sum(in refusals: RefusalLedger, rate: RefusalRate) -> RecordID? {
        guard isBareRefusal else { return nil }
        let source = caller.map(RefusalSource.caller) ?? RefusalSource(address: address)
        let isBounded = caller != nil && (isLimited || isOfKnownOperation && !isAnonymous) && refusal != .rateLimited
        return refusals.take(refusal?.text ?? ExchangeRecord.abandoned, of: source, at: time, rate: isBounded ? nil : rate)
    }

    /// The code in the sum of an exchange whose caller left before it was decided.
    private static let abandoned = "caller_left"
}
