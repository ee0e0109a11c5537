import Audit
import Codecs
import Inquiry
import NIOHTTP1
import Synchronization

/// Summaries of the journal or the central copy: `/audit/histogram`, `/audit/usage`, and its exchanges.
struct SummaryRoutes {
    let places: RecordSources
    /// The number after the newest durable record: when it grows, a tail reads again.
    let length: @Sendable () -> UInt64
    let isEnding: @Sendable () -> Bool
    private let waiters: WaitingRoom

    /// How long an answer may take; an incomplete one says so.
    private static let patience = Duration.seconds(5)
    private static let usualAge = "24h"
    private static let longestWait = 60
    private static let mostTails = 16
    /// How often a waiting tail checks for new records.
    private static let look = Duration.milliseconds(200)
    private static let lookIntoDatabase = Duration.seconds(2)

    /// - Parameter connections: as many as the port may have open; most of them stay free for those who don't wait.
    init(
        places: RecordSources, length: @escaping @Sendable () -> UInt64, isEnding: @escaping @Sendable () -> Bool, connections: Int
    ) {
        (self.places, self.length, self.isEnding) = (places, length, isEnding)
        waiters = WaitingRoom(places: max(1, min(Self.mostTails, connections / 4)))
    }

    func add(to router: inout Router) {
        router.get("/audit/histogram") { request in await answering(request) { () throws(RecordQuery.Fault) in try histogram(request) } }
        router.get("/audit/usage") { request in await answering(request) { () throws(RecordQuery.Fault) in try usage(request) } }
        router.get("/audit/exchanges") { request in await exchanges(request) }
    }

    /// Work for a thread that may block.
    private typealias Work = @Sendable () throws(AuditRoutes.Fault) -> Response

    private func answering(_ request: Request, _ make: () throws(RecordQuery.Fault) -> (RecordSources.Choice, Work)) async -> Response {
        do throws(RecordQuery.Fault) {
            let (choice, work) = try make()
            return await AuditRoutes.answering(on: RecordSources.threads(for: choice, request), work)
        } catch {
            return AuditRoutes.Fault.filter(error).response
        }
    }

    /// Whether a query of this gateway's journal is about another gateway.
    private func isElsewhere(_ question: SummaryQuestion) -> Bool {
        question.choice == .journal && question.query.instance.map { $0 != places.instance } ?? false
    }

    private static func since(_ question: SummaryQuestion) -> Timestamp {
        question.query.since ?? TimeText.read(usualAge, now: question.query.until ?? question.now) ?? question.now
    }

    private func name(_ choice: RecordSources.Choice) -> String? { choice == .journal ? places.instance : nil }

    // MARK: - Counts

    private func histogram(_ request: Request) throws(RecordQuery.Fault) -> (RecordSources.Choice, Work) {
        let question = try SummaryQuestion(request, filters: SummaryQuestion.counted, own: ["buckets", "by", "measure"], places: places)
        let parts = try question.number("buckets", 1...RollupQuestion.mostParts, or: 48)
        let plan = HistogramPlan(
            by: try question.words("by", or: [.outcome]), measures: try question.words("measure", or: [.count]),
            countsEveryCode: question.query.outcome != nil)
        var rollups = question.rollups(since: Self.since(question), parts: parts, deadline: .now + Self.patience)
        (rollups.wantsDurations, rollups.wantsWaits) = (plan.measures.contains(.p50) || plan.measures.contains(.p99), false)
        rollups.tells = plan.tells
        let asked = rollups
        let (source, instance, isElsewhere) = (places.source(question.choice), name(question.choice), isElsewhere(question))
        let work: Work = { () throws(AuditRoutes.Fault) in
            let empty = [HistogramPlan.Bucket](repeating: HistogramPlan.Bucket(), count: parts)
            let (buckets, coverage) = try AuditRoutes.asking { () throws(InquiryError) in
                try source.sum(asked, from: empty) { buckets, part, group, rollup in
                    if !isElsewhere { plan.add(group, rollup, to: &buckets[part]) }
                }
            }
            var json = JSONWriter()
            json.object { json in
                coverage.write(to: &json, instance: instance)
                json.member("since", asked.time(of: 0).description)
                json.member("until", asked.time(of: parts).description)
                json.member("step_us", asked.stepMicroseconds)
                json.list("buckets", buckets.enumerated()) { json, bucket in
                    plan.write(bucket.element, at: asked.time(of: bucket.offset), to: &json)
                }
            }
            json.newline()
            return AdminAnswer.data(json.bytes, type: "application/json")
        }
        return (question.choice, work)
    }

    private func usage(_ request: Request) throws(RecordQuery.Fault) -> (RecordSources.Choice, Work) {
        let filters = SummaryQuestion.counted.subtracting(["code", "error_code", "credential"])
        let question = try SummaryQuestion(request, filters: filters, own: [], places: places)
        let (source, instance, isElsewhere) = (places.source(question.choice), name(question.choice), isElsewhere(question))
        let since = Self.since(question)
        let work: Work = { () throws(AuditRoutes.Fault) in
            let usage = try AuditRoutes.asking { () throws(InquiryError) in
                isElsewhere
                    ? CallerUsage()
                    : try CallerUsage(
                        of: source, question.query, since: since, until: question.query.until, now: question.now, deadline: .now + Self.patience)
            }
            let text = usage.json(since: since, until: question.query.until, instance: instance) + "\n"
            return AdminAnswer.data(Array(text.utf8), type: "application/json")
        }
        return (question.choice, work)
    }

    // MARK: - Exchanges

    private func exchanges(_ request: Request) async -> Response {
        do throws(RecordQuery.Fault) {
            let question = try SummaryQuestion(request, filters: SummaryQuestion.exchanges, own: ["after", "wait"], places: places)
            let (wait, cost) = (try Self.wait(question), QuestionCost(request) ?? .lookup)
            guard let after = question.own["after"] else {
                guard question.own["wait"] == nil else { throw RecordQuery.Fault(filter: "wait", problem: "is for a tail: it needs after") }
                let (query, filter) = (question.query, question.filter)
                return await page(question, query, filter, cost).response
            }
            guard let cursor = RecordCursor(after) else {
                throw RecordQuery.Fault(filter: "after", problem: "is none that an answer named as newest_cursor")
            }
            for name in ["cursor", "order"] where request.parameter(name) != nil {
                throw RecordQuery.Fault(filter: name, problem: "can't stand beside after")
            }
            var query = question.query
            (query.cursor, query.order) = (cursor, .oldest)
            return await tail(question, query, for: wait, while: request.mayWait)
        } catch {
            return AuditRoutes.Fault.filter(error).response
        }
    }

    /// `20s`, or a bare number of seconds.
    private static func wait(_ question: SummaryQuestion) throws(RecordQuery.Fault) -> Duration {
        guard let text = question.own["wait"] else { return .zero }
        guard let seconds = Int(text.hasSuffix("s") ? String(text.dropLast()) : text), (0...longestWait).contains(seconds) else {
            throw RecordQuery.Fault(filter: "wait", problem: "is no time from 0s to \(longestWait)s")
        }
        return .seconds(seconds)
    }

    /// Answers when there is something new, or after the time. A waiting tail needs a place, but no thread.
    private func tail(
        _ question: SummaryQuestion, _ query: RecordQuery, for wait: Duration, while mayWait: () -> Bool
    ) async -> Response {
        guard waiters.enter() else {
            return AdminAnswer.fault(.serviceUnavailable, "As many wait for new records as may.", retryAfter: 5)
        }
        defer { waiters.leave() }
        let end = ContinuousClock.now + wait
        var query = query
        while true {
            let seen = length()
            let answer = await page(question, query, question.filter, .wait)
            guard !answer.hasSomething, answer.response.status == .ok, ContinuousClock.now < end, !isEnding(), mayWait() else {
                return answer.response
            }
            // Records that were read and didn't match needn't be read again.
            if let newest = answer.newest { query.cursor = newest }
            repeat {
                do {
                    try await Task.sleep(for: question.choice == .journal ? Self.look : Self.lookIntoDatabase)
                } catch {
                    return answer.response
                }
            } while question.choice == .journal && length() == seen && ContinuousClock.now < end && !isEnding() && mayWait()
        }
    }

    private struct Answer: Sendable {
        let response: Response
        var hasSomething = true
        var newest: RecordCursor?
    }

    private func page(
        _ question: SummaryQuestion, _ query: RecordQuery, _ filter: RecordedExchange.Filter, _ cost: QuestionCost
    ) async -> Answer {
        let (source, isElsewhere, isTail) = (places.source(question.choice), isElsewhere(question), cost == .wait)
        let asked = question
        let answer = Mutex(Answer?.none)
        let threads = RecordSources.threads(for: question.choice, cost)
        let response = await AuditRoutes.answering(on: threads) { () throws(AuditRoutes.Fault) -> Response in
            let deadline = ContinuousClock.now + Self.patience
            let page = try AuditRoutes.asking { () throws(InquiryError) in
                isElsewhere ? RecordedExchange.Page() : try source.exchanges(query, filter, deadline: deadline)
            }
            var total = (count: Int64(page.exchanges.count), isExact: page.next == nil && query.cursor == nil)
            if !isTail, !total.isExact, query.cursor == nil { total.count = max(total.count, (try? Self.total(asked, source)) ?? 0) }
            let made = Self.response(page, total, isTail: isTail)
            answer.withLock { $0 = Answer(response: made, hasSomething: !page.exchanges.isEmpty || page.next != nil, newest: page.newest) }
            return made
        }
        return answer.withLock { $0 } ?? Answer(response: response)
    }

    private static func response(_ page: RecordedExchange.Page, _ total: (count: Int64, isExact: Bool), isTail: Bool) -> Response {
        var json = JSONWriter()
        json.object { json in
            json.list("exchanges", isTail ? page.exchanges.reversed() : page.exchanges) { json, exchange in exchange.write(to: &json) }
            if !isTail { json.member("next_cursor", page.next?.description) }
            json.member("newest_cursor", page.newest?.description)
            json.member("total", total.count)
            json.member("total_is", total.isExact ? "exact" : "at_least")
            json.key("complete")
            json.value(page.isComplete)
        }
        json.newline()
        return AdminAnswer.data(json.bytes, type: "application/json", fields: isTail ? [:] : AuditRoutes.next(page.next))
    }

    /// A lower bound of their number: those that ended in whole minutes of the period. Nil if rollups don't support the filter.
    private static func total(_ question: SummaryQuestion, _ source: any RecordSource) throws(InquiryError) -> Int64 {
        let (query, filter) = (question.query, question.filter)
        guard query.task == nil, query.file == nil, query.digest == nil, query.requestID == nil, filter.text == nil, filter.rule == nil,
            filter.address == nil
        else { return 0 }
        let minute: Int64 = 60_000_000
        let (first, last) = (query.since?.microseconds ?? 0, query.until?.microseconds ?? question.now.microseconds)
        // Rounded inwards to whole minutes, so that nothing outside is counted; periods that are only kept by ten minutes are left out.
        // Bounded: this machine's clock is far from the ends of 64 bits.
        let coarse = first < question.now.microseconds - 86_400_000_000 ? 60 * minute : minute
        let begin = query.since == nil ? 0 : (max(0, first) / coarse).saturatingSum(1) * (coarse / minute)
        let end = query.until == nil ? max(0, last) / minute + 1 : max(0, last) / coarse * (coarse / minute)
        guard begin < end else { return 0 }
        var asked = RollupQuestion(begin: begin, step: end - begin, parts: 1, deadline: .now + patience)
        (asked.query, asked.errorCode, asked.credential) = (query, filter.errorCode, filter.credential)
        (asked.wantsDurations, asked.wantsWaits, asked.tells) = (false, false, [])
        return try source.sum(asked, from: Int64(0)) { sum, _, group, rollup in
            if !group.isSum { sum = sum.saturatingSum(rollup.count) }
        }.sum
    }
}

/// Limits how many wait at a time.
final class WaitingRoom: Sendable {
    private let places: Int
    private let taken = Mutex(0)

    init(places: Int) { self.places = places }

    /// False if all places are taken.
    func enter() -> Bool {
        taken.withLock { taken in
            guard taken < places else { return false }
            taken += 1
            return true
        }
    }

    func leave() { taken.withLock { $0 -= 1 } }
}
