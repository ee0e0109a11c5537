/// Moments are `Duration`s since 1970-01-01T00:00:00Z, so that a test can use any clock.
extension Duration {
    /// Whole seconds, rounded down.
    var wholeSeconds: Int64 { components.seconds }

    /// The part below one second, in microseconds.
    var microsecondPart: Int64 { components.attoseconds / 1_000_000_000_000 }

    /// `2026-11-23T08:15:30.123456Z`.
    var extendedTime: String { CivilTime(secondsSinceEpoch: wholeSeconds).extended(microseconds: microsecondPart) }
}
