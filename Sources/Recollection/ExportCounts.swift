package import Audit

/// How many exports each caller made on a day, UTC.
///
/// 1. An export counts when it was sent to HSS and HSS did not refuse it: once per exchange, with any number of retries. A missing answer, a server
///    error of HSS and a crash count, because HSS may have executed the call; a status of 400 to 499 and answers of the gateway itself don't count.
/// 2. It counts on the day of the request's arrival, and the same record counts on the same day when it is read again.
package struct ExportCounts: Remembered {
    package static let title = "exports"
    package static let span = Duration.seconds(86_400)

    private struct Key: Hashable {
        let caller: String
        let day: Int64
    }

    private var counts: [Key: Int] = [:]
    /// Exports that were allowed and have no closing record yet. Not saved, because after a crash recovery writes their closing records.
    private var underWay: [Key: Int] = [:]

    package init() {}

    /// How many exports a caller has made on the day of a time, including those under way.
    package func count(of caller: String, at time: Timestamp) -> Int {
        let key = Key(caller: caller, day: Self.day(time))
        return counts[key, default: 0] + underWay[key, default: 0]
    }

    /// Reserves one more export within a limit; false if the limit is reached.
    package mutating func reserve(_ caller: String, at time: Timestamp, limit: Int) -> Bool {
        guard count(of: caller, at: time) < limit else { return false }
        underWay[Key(caller: caller, day: Self.day(time)), default: 0] += 1
        return true
    }

    /// Releases the reservation; the closing record decides whether the export counts.
    package mutating func settle(_ caller: String, at time: Timestamp) {
        let key = Key(caller: caller, day: Self.day(time))
        guard let held = underWay[key] else { return }
        underWay[key] = held > 1 ? held - 1 : nil
    }

    /// Whole seconds until the next day begins, at least one.
    package static func secondsUntilNextDay(from time: Timestamp) -> Int {
        let end = (day(time) + 1) * dayMicroseconds
        // Bounded: times have years of four digits.
        return Int((end - time.microseconds + 999_999) / 1_000_000)
    }

    package mutating func note(_ fact: RecordFact) {
        guard let caller = fact.caller, Self.isCounted(fact) else { return }
        counts[Key(caller: caller, day: Self.day(fact.begun)), default: 0] += 1
    }

    package mutating func forget(asOf now: Timestamp) {
        // Yesterday is kept, for exports that began before midnight and for a clock that is set back a little.
        let oldest = Self.day(now) - 1
        counts = counts.filter { $0.key.day >= oldest }
    }

    static func isCounted(_ fact: RecordFact) -> Bool {
        guard fact.phase == .response, fact.kind == .export, fact.hasUpstream || fact.outcome == .unknown else { return false }
        return !(400..<500).contains(fact.status ?? 0)
    }

    private static let dayMicroseconds: Int64 = 86_400_000_000
    /// A larger count in a snapshot is refused, so that further counting never overflows.
    private static let mostOfDay = 1 << 40

    private static func day(_ time: Timestamp) -> Int64 { time.microseconds / dayMicroseconds }
}

extension ExportCounts {
    package func forEachLine(_ body: (SavedLine) -> Void) {
        let lines = counts.map { SavedLine([$0.key.caller, String($0.key.day), String($0.value)]) }
        lines.sorted { $0.fields.lexicographicallyPrecedes($1.fields) }.forEach(body)
    }

    package mutating func restore(_ line: SavedLine) -> Bool {
        guard line.fields.count == 3, let day = Int64(line.fields[1]), let count = Int(line.fields[2]), (1...Self.mostOfDay).contains(count) else {
            return false
        }
        counts[Key(caller: line.fields[0], day: day)] = count
        return true
    }
}
