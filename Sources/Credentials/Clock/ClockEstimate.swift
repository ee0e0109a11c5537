/// Estimates from the `Date` fields of answers how far the cloud's clock is ahead of this machine's. Pure: the caller passes all times.
///
/// A `Date` names a whole second, and was written some time between the request's departure and the answer's arrival. So each answer gives an
/// interval that contains the offset, and the intersection of successive intervals becomes narrow. While it contains zero, this machine's clock may
/// be right, and nothing is corrected.
struct ClockEstimate: Sendable {
    /// An answer that took longer is too imprecise.
    static let longestExchange = Duration.seconds(30)
    /// How many answers in a row must agree before they replace the estimate, or at the beginning this machine's clock: a single answer may come from
    /// a cache or a broken proxy.
    static let contradictionsNeeded = 3
    /// Range of plausible times, in seconds since 1970: from 2026, when this program was written, to 2100.
    static let plausible: Range<Int64> = 1_767_225_600..<4_102_444_800

    /// Microseconds that the cloud's clock is ahead, at least and at most; nil before the first answer.
    private var bounds: ClosedRange<Int64>?
    private var candidate: ClosedRange<Int64>?
    private var contradictions = 0
    /// What an answer said that refused a signature, and how many have agreed: requests are signed by it, but nothing else believes it yet.
    private var trial: (bounds: ClosedRange<Int64>, agreed: Int)?
    private let needed: Int

    /// - Parameter needed: how many answers must agree; one is enough for a command that only reports the offset.
    init(needed: Int = contradictionsNeeded) {
        self.needed = needed
    }

    /// The offset to sign with, microseconds.
    var offset: Int64 { Self.middle(of: trial?.bounds ?? bounds) }

    /// The offset that enough answers agree on, microseconds.
    var confirmedOffset: Int64 { Self.middle(of: bounds) }

    /// Whether the next answers decide between two offsets. Then every one is needed: of two endpoints that disagree, each must be heard.
    var isUndecided: Bool { trial != nil || candidate != nil }

    private static func middle(of bounds: ClosedRange<Int64>?) -> Int64 {
        guard let bounds, !bounds.contains(0) else { return 0 }
        return bounds.lowerBound + (bounds.upperBound - bounds.lowerBound) / 2
    }

    /// Adds an answer.
    /// - Parameter isSuspect: the answer refused our signature, so the clock may well be the reason: the next request is signed by it, until an
    ///   answer contradicts it.
    mutating func observe(date: Int64, sent: Duration, received: Duration, isSuspect: Bool) {
        guard received >= sent, received - sent <= Self.longestExchange, Self.plausible.contains(date) else { return }
        let low = date * 1_000_000 - received.microseconds
        let high = (date + 1) * 1_000_000 - sent.microseconds
        guard low <= high else { return }
        let seen = low...high
        if judgesTrial(seen) { return }
        // Until the first answer this machine's clock is assumed to be right.
        if (bounds ?? 0...0).overlaps(seen) {
            bounds = bounds?.clamped(to: seen) ?? seen
            candidate = nil
            contradictions = 0
            return
        }
        contradictions = candidate?.overlaps(seen) == true ? contradictions + 1 : 1
        candidate = seen
        if contradictions >= needed {
            settle(seen)
        } else if isSuspect {
            trial = (seen, contradictions)
        }
    }

    /// Whether an answer agrees with the one on trial. If it doesn't, that one was wrong, and the answer is compared with what was known before.
    private mutating func judgesTrial(_ seen: ClosedRange<Int64>) -> Bool {
        guard let (bounds, agreed) = trial.take(), bounds.overlaps(seen) else { return false }
        let narrowed = bounds.clamped(to: seen)
        // Bounded: by `needed`.
        if agreed + 1 >= needed { settle(narrowed) } else { trial = (narrowed, agreed + 1) }
        return true
    }

    private mutating func settle(_ bounds: ClosedRange<Int64>) {
        self.bounds = bounds
        candidate = nil
        contradictions = 0
    }
}

extension Duration {
    /// Whole microseconds.
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
