/// Records that a sink refuses permanently and that are skipped; their content stays in the journal.
package struct RefusedRecords: Sendable, Hashable {
    /// The most numbers that are named.
    private static let mostNamed = 32

    /// How many there are.
    package private(set) var count = 0
    /// The numbers of the first of them, if the sink reports them.
    package private(set) var sequences: [UInt64] = []
    /// Why the first was refused, without anything of its content.
    package private(set) var reason = ""

    package init() {}

    /// Adds records whose numbers the sink does not report.
    mutating func add(count more: Int, because reason: String) {
        guard more > 0 else { return }
        if count == 0 { self.reason = reason }
        count += more
    }

    /// Adds those of a batch.
    mutating func add(_ batch: RecordBatch, because reason: String) {
        add(count: batch.count, because: reason)
        batch.forEach { sequence, _ in
            if sequences.count < Self.mostNamed { sequences.append(sequence) }
        }
    }
}

/// Finds the records of a batch that a sink can't take, by halving it.
///
/// A misconfigured sink refuses every record; skipping them would lose the whole copy. So a record counts as refused only
/// when the sink accepts another one meanwhile: one of the batch, or an earlier one that is sent again (the control record). When it accepts none,
/// the sink stops and reports it.
struct BatchSieve {
    /// Consecutive refusals, with none accepted, after which the rest is not tried.
    private static let patience = 24

    /// Sends a batch; returns why its content was refused, or nil when all of it was accepted.
    let offer: (RecordBatch) throws(SinkFailure) -> String?
    /// Sends a record that was accepted before; nil when there is none.
    let offerControl: () throws(SinkFailure) -> Bool?

    private var hasPassed = false
    private var failures = 0
    private(set) var refused: [(batch: RecordBatch, reason: String)] = []

    init(offer: @escaping (RecordBatch) throws(SinkFailure) -> String?, offerControl: @escaping () throws(SinkFailure) -> Bool?) {
        self.offer = offer
        self.offerControl = offerControl
    }

    /// Delivers all that can be delivered of a batch.
    mutating func sift(_ batch: RecordBatch) throws(SinkFailure) {
        guard let reason = try offer(batch) else { return }
        // Records that are accepted below can't be withdrawn, so the first step is to find out whether the sink or the record is
        // at fault.
        let control = try offerControl()
        if control == false { throw stop(reason) }
        hasPassed = control == true
        try halve(batch, reason)
        if !hasPassed { throw stop(reason) }
    }

    private mutating func halve(_ batch: RecordBatch, _ reason: String) throws(SinkFailure) {
        guard batch.count > 1 else {
            refused.append((batch, reason))
            return
        }
        let middle = batch.count / 2
        for half in [batch.slice(0..<middle), batch.slice(middle..<batch.count)] {
            if let reason = try offer(half) {
                failures += 1
                if !hasPassed, failures >= Self.patience { throw stop(reason) }
                try halve(half, reason)
            } else {
                hasPassed = true
            }
        }
    }

    private func stop(_ reason: String) -> SinkFailure {
        SinkFailure("no record is taken, so it is not the records: \(reason)")
    }
}
