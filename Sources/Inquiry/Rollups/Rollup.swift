import Audit
import Codecs

/// The figures of exchanges that were counted together.
package struct Rollup: Sendable, Hashable {
    /// Exchanges, and refusals without a record of their own.
    package var count: Int64 = 0
    /// Bytes of answers.
    package var bytes: Int64 = 0
    /// How long exchanges took from end to end.
    package var durations = DurationHistogram()
    /// How long exchanges waited for their turn under HSS's quota, if they did.
    package var waits = DurationHistogram()
    /// The longest of these waits, microseconds.
    package var longestWait: Int64 = 0

    package init() {}

    package mutating func add(_ other: Rollup) {
        count = count.saturatingSum(other.count)
        bytes = bytes.saturatingSum(other.bytes)
        durations.add(other.durations)
        waits.add(other.waits)
        longestWait = max(longestWait, other.longestWait)
    }
}

/// The members by which exchanges are grouped. A text is empty if the record has no such member.
package struct RollupGroup: Sendable, Hashable {
    package var phase = ""
    package var caller = ""
    package var operation = ""
    package var kind = ""
    package var projectName = ""
    package var projectID = ""
    package var outcome = ""
    package var errorCode = ""
    package var source = ""
    package var credential = ""

    /// Whether it created an export task.
    package var isExport: Bool {
        kind == Record.Kind.export.rawValue && outcome == Record.Outcome.success.rawValue && source == Record.Source.upstream.rawValue
    }
    package var isDownload: Bool { kind == Record.Kind.download.rawValue }
    package var isRefusal: Bool { outcome == Record.Outcome.refused.rawValue }
    /// Whether these are refusals that were summed up and have no records.
    package var isSum: Bool { phase == Record.Phase.event.rawValue }
}

/// What one record adds to the rollups.
struct RollupEntry {
    /// The detail's members that are searched in the line: the count of a summary record, and others that are
    /// only in the detail.
    private static let waited = Array("\"\(RecordDetail.waited.rawValue)\":".utf8)
    private static let microsecondsOfMinute: Int64 = 60_000_000

    /// Minutes since 1970.
    let minute: Int64
    let count: Int64
    let bytes: Int64
    let duration: Int64?
    let wait: Int64?
    /// Nil if the record has the member itself.
    let detailedCode: String?

    /// Nil for a record that neither ends an exchange nor sums up refusals.
    init?(_ scanner: RecordScanner, _ line: UnsafeRawBufferPointer, time: Int64) {
        let phase = scanner.bytes(of: .phase, in: line)
        minute = Self.minute(time)
        let detail = scanner.bytes(of: .detail, in: line)
        if phase.isText("event") {
            guard line[scanner[.event]].elementsEqual(Record.refusalSumEvent.utf8), let fields = RecordFields(detail),
                let summed = fields.integer("count"), summed > 0
            else { return nil }
            (count, bytes, duration, wait) = (summed, 0, nil, nil)
            detailedCode = scanner[.errorCode].isEmpty ? fields.text("error_code") : nil
            return
        }
        guard phase.isText("response") || phase.isText("refusal") else { return nil }
        (count, detailedCode) = (1, nil)
        bytes = max(0, Self.number(line[scanner[.responseBytes]]) ?? 0)
        duration = scanner.bytes(of: .source, in: line).isText("upstream") ? Self.number(line[scanner[.duration]]) : nil
        let waited = detail.isEmpty || !Self.mentionsWait(detail) ? nil : RecordFields(detail)?.integer(RecordDetail.waited)
        wait = waited.flatMap { $0 > 0 ? $0 : nil }
    }

    static func minute(_ microseconds: Int64) -> Int64 { max(0, microseconds) / microsecondsOfMinute }

    func add(to rollup: inout Rollup) {
        rollup.count = rollup.count.saturatingSum(count)
        rollup.bytes = rollup.bytes.saturatingSum(bytes)
        if let duration { rollup.durations.record(duration) }
        if let wait {
            rollup.waits.record(wait)
            rollup.longestWait = max(rollup.longestWait, wait)
        }
    }

    private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> Int64? {
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            // Bounded: eighteen digits.
            value = value * 10 + Int64(digit - 0x30)
        }
        return value
    }

    private static func mentionsWait(_ detail: UnsafeRawBufferPointer) -> Bool {
        guard detail.count >= waited.count else { return false }
        for start in 0...(detail.count - waited.count) where detail[start] == waited[0] && detail[start + 1] == waited[1] {
            if detail[start..<start + waited.count].elementsEqual(waited) { return true }
        }
        return false
    }
}

extension RollupGroup {
    init(_ scanner: RecordScanner, _ line: UnsafeRawBufferPointer, _ entry: RollupEntry) {
        func text(_ field: RecordField) -> String { JSONString.decode(line[scanner[field]]) }
        phase = text(.phase)
        caller = text(.callerName)
        operation = text(.operation)
        kind = text(.kind)
        projectName = text(.projectName)
        projectID = text(.projectID)
        errorCode = entry.detailedCode ?? text(.errorCode)
        source = text(.source)
        credential = text(.credentialName)
        outcome = isSum ? Record.Outcome.refused.rawValue : text(.outcome)
    }
}

/// The lengths of the rollups' slots, minutes. Short ones are kept only for recent times: a plot of a month needs no minutes.
enum RollupStep: Int64, CaseIterable {
    case minute = 1
    case tenMinutes = 10
    case hour = 60
    case day = 1_440

    /// For how many days before the newest record these are kept; nil if they are kept as long as the records.
    var days: Int64? {
        switch self {
        case .minute: 2
        case .tenMinutes: 8
        case .hour, .day: nil
        }
    }

    func slot(_ minute: Int64) -> Int64 { minute - minute % rawValue }

    /// The first slot that is kept, for the newest minute.
    func kept(newest: Int64) -> Int64 {
        guard let days else { return 0 }
        // Bounded: minutes of 64 bits of microseconds.
        return max(0, RollupStep.day.slot(newest) - days * RollupStep.day.rawValue)
    }

    /// The slots that cover a range of minutes, the longest that fit; the range is extended outwards to existing
    /// slots.
    static func cover(_ span: Range<Int64>, newest: Int64) -> [(step: RollupStep, slots: Range<Int64>)] {
        var parts: [(step: RollupStep, slots: Range<Int64>)] = []
        func least(at minute: Int64) -> RollupStep {
            if minute >= RollupStep.minute.kept(newest: newest) { return .minute }
            return minute >= RollupStep.tenMinutes.kept(newest: newest) ? .tenMinutes : .hour
        }
        func up(_ minute: Int64, _ step: RollupStep) -> Int64 { step.slot(minute.saturatingSum(step.rawValue - 1)) }
        let end = up(span.upperBound, least(at: span.upperBound))
        var place = least(at: span.lowerBound).slot(span.lowerBound)
        while place < end {
            // The longest that begins here and doesn't exceed the range; at least one fits, since both ends are kept slots.
            let shortest = least(at: place).rawValue
            let step = allCases.last { place % $0.rawValue == 0 && place.saturatingSum($0.rawValue) <= end && $0.rawValue >= shortest }
            guard let step else { break }
            // Slots of this length up to the next longer one, or to the end.
            var next = step.slot(end)
            if let longer = allCases.first(where: { $0.rawValue > step.rawValue }) {
                let boundary = up(place + 1, longer)
                if boundary.saturatingSum(longer.rawValue) <= end { next = min(next, boundary) }
            }
            next = max(next, place + step.rawValue)
            parts.append((step, place..<next))
            place = next
        }
        return parts
    }
}

/// A source that answers counts from rollups, without reading every record.
package protocol RollupSource: Sendable {
    /// Computes the sum of a query.
    ///
    /// - Parameters:
    ///   - empty: the initial sum; the computation may restart if an index turns out to be damaged.
    ///   - add: adds the counts of a group in one part of time, in any order and in several pieces. Dimensions that the query doesn't
    ///     distinguish may be empty in the group.
    func sum<Sum>(_ question: RollupQuestion, from empty: Sum, _ add: (inout Sum, Int, RollupGroup, Rollup) -> Void) throws(InquiryError)
        -> (sum: Sum, coverage: RollupQuestion.Coverage)
}
