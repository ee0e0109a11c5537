import Audit
import Catalogue
import Codecs
import Credentials
import Gateway
import Inquiry
import NIOHTTP1
import NIOPosix
import Policy

/// `/audit/attention`: what needs attention, worst first, each item with a link to its page.
struct AttentionRoutes {
    let state: AdminState
    let places: RecordSources

    /// The parameters of the call.
    private static let filters: Set<String> = [RecordSources.parameter, "instance", "since", "until"]
    /// From how many refusals of one caller and code within the hour it is a burst.
    private static let burst: Int64 = 20
    /// A copy with a larger lag is late, seconds.
    private static let late = 60.0
    /// The number of the last day's downloads that are checked, and of the items that are shown.
    private static let (mostDownloads, mostItems) = (50, 100)
    private static let patience = Duration.seconds(5)
    private static let (hour, day): (Int64, Int64) = (3_600_000_000, 86_400_000_000)

    /// Its severity, worst first.
    enum Tone: String, CaseIterable {
        case bad, odd, note, calm
    }

    /// Something that needs attention.
    struct Item {
        enum Fact {
            case text(String)
            case number(Int64)
        }

        let kind: String
        let tone: Tone
        let since: Timestamp
        /// The instance that it is about; nil for several gateways.
        var instance: String?
        var subject: String?
        var facts: [(name: String, value: Fact)] = []
        let link: String
    }

    func add(to router: inout Router) {
        router.get("/audit/attention") { request in
            do throws(RecordQuery.Fault) {
                return await attention(try SummaryQuestion(request, filters: Self.filters, own: [], places: places), request)
            } catch {
                return AuditRoutes.Fault.filter(error).response
            }
        }
    }

    private func attention(_ question: SummaryQuestion, _ request: Request) async -> Response {
        let now = question.now
        let (source, wanted) = (places.source(question.choice), question.query.instance)
        let isElsewhere = question.choice == .journal && wanted.map { $0 != state.instance } ?? false
        let found = try? await RecordSources.threads(for: question.choice, request).runIfActive { () -> Result<[Item], InquiryError> in
            guard !isElsewhere else { return .success([]) }
            do throws(InquiryError) {
                var items = try Self.refusals(source, question)
                items += try Self.downloads(source, question)
                items += try Self.logins(source, question)
                return .success(items)
            } catch {
                return .failure(error)
            }
        }
        guard let found else { return AdminAnswer.fault(.serviceUnavailable, "The gateway is stopping.", retryAfter: 5) }
        var all: [Item]
        switch found {
        case .success(let recorded): all = recorded
        case .failure(let error): return AuditRoutes.Fault.archive(error).response
        }
        // A journal has no records of other gateways, and the gateway only knows its own state.
        if question.choice == .journal { for index in all.indices { all[index].instance = state.instance } }
        if wanted == nil || wanted == state.instance {
            let reading = await state.dataPort.reading()
            all += (credentials(now) + keys(now) + copies(now) + waiting(reading, now)).map { item in
                var item = item
                item.instance = state.instance
                return item
            }
        }
        let sorted = Tone.allCases.flatMap { tone in all.filter { $0.tone == tone } }
        var json = JSONWriter()
        json.object { json in
            json.member("as_of", now.description)
            json.list("items", sorted.prefix(Self.mostItems)) { json, item in write(item, to: &json) }
        }
        json.newline()
        return AdminAnswer.data(json.bytes, type: "application/json")
    }

    private func write(_ item: Item, to json: inout JSONWriter) {
        json.object { json in
            json.member("kind", item.kind)
            json.member("tone", item.tone.rawValue)
            json.member("since", item.since.description)
            json.member("instance", item.instance)
            json.member("subject", item.subject)
            json.object("facts") { json in
                for fact in item.facts {
                    switch fact.value {
                    case .text(let text): json.member(fact.name, text)
                    case .number(let number): json.member(fact.name, number)
                    }
                }
            }
            json.member("link", item.link)
        }
    }

    // MARK: - From the journal

    /// The caller of the refusals, and their reason.
    private struct Burst: Hashable {
        let caller: String
        let code: String
    }

    /// The beginning of a query's period; `age` ago by default.
    private static func since(_ question: SummaryQuestion, or age: Int64) -> Timestamp {
        question.query.since ?? Timestamp(microseconds: max(0, (question.query.until ?? question.now).microseconds.saturatingDifference(age)))
    }

    private static func refusals(_ source: some RecordSource, _ asked: SummaryQuestion) throws(InquiryError) -> [Item] {
        let since = since(asked, or: hour)
        var question = RollupQuestion(
            since: since, until: asked.query.until ?? asked.now, now: asked.now, parts: 1, deadline: .now + patience)
        question.query.instance = asked.query.instance
        (question.wantsDurations, question.wantsWaits, question.tells) = (false, false, [.caller])
        let counts = try source.sum(question, from: [Burst: Int64]()) { counts, _, group, rollup in
            guard group.isRefusal else { return }
            let key = Burst(caller: group.caller, code: group.errorCode)
            counts[key] = (counts[key] ?? 0).saturatingSum(rollup.count)
        }.sum
        let bursts = counts.filter { $0.value >= burst }.sorted { $0.value > $1.value }.prefix(10)
        return bursts.map { key, count in
            Item(
                kind: "refusal_burst", tone: .odd, since: since, subject: key.caller,
                facts: [("code", .text(key.code)), ("count", .number(count))], link: "#/records?outcome=refused")
        }
    }

    /// Files that were downloaded by others than their owner, and interrupted downloads that were not
    /// repeated.
    private static func downloads(_ archive: some RecordSource, _ question: SummaryQuestion) throws(InquiryError) -> [Item] {
        var query = question.query
        (query.kind, query.phase, query.limit) = (.download, .response, mostDownloads)
        query.since = since(question, or: day)
        var (items, seen): ([Item], Set<[String]>) = ([], [])
        let end = ContinuousClock.now + patience
        for download in try archive.page(query).records {
            let project = download[.projectID]
            guard ContinuousClock.now < end, let file = download[.fileID], seen.insert([project ?? "", file]).inserted else { continue }
            var known = download[.taskID]
            if known == nil { known = try archive.task(ofFile: file, in: project) }
            guard let task = known, let trail = try archive.trail(task: task, in: project) else { continue }
            let owner = trail.creation?[.callerName] ?? ""
            let facts: [(name: String, value: Item.Fact)] = [("operation", .text(trail.creation?[.operation] ?? ""))]
            for fetched in trail.downloads where fetched[.callerName] != owner && trail.isWhole(fetched) && !owner.isEmpty {
                items.append(
                    Item(
                        kind: "file_fetched_by_other", tone: .note, since: fetched.time, instance: fetched.instance, subject: task,
                        facts: facts + [("owner", .text(owner)), ("downloader", .text(fetched[.callerName] ?? ""))],
                        link: "#/exports/\(inAddress(task))"))
                break
            }
            // A caller that asked for a part of the file got that part.
            if trail.state == .downloadIncomplete, let broken = trail.downloads.last(where: { $0[.outcome] != "success" }) {
                items.append(
                    Item(
                        kind: "download_incomplete", tone: .odd, since: broken.time, instance: broken.instance, subject: task,
                        facts: facts + [("caller", .text(broken[.callerName] ?? "")), ("error", .text(broken[.upstreamError] ?? ""))],
                        link: "#/exports/\(inAddress(task))"))
            }
        }
        return items
    }

    /// Wrong admin tokens of the last day.
    private static func logins(_ archive: some RecordSource, _ question: SummaryQuestion) throws(InquiryError) -> [Item] {
        var query = question.query
        (query.phase, query.limit) = (.event, RecordQuery.limitBound)
        query.since = since(question, or: day)
        var (count, first): (Int64, Timestamp?) = (0, nil)
        for event in try archive.page(query).records where event[.event] == AdminAccessLog.refusedToken {
            let detail = event.raw(.detail).map(Array.init) ?? []
            count = count.saturatingSum(max(1, detail.withUnsafeBytes { RecordFields($0)?.integer("count") } ?? 1))
            first = event.time
        }
        guard let first else { return [] }
        return [Item(kind: "login_failures", tone: .odd, since: first, facts: [("count", .number(count))], link: "#/fleet")]
    }

    // MARK: - From the gateway's state

    private func credentials(_ now: Timestamp) -> [Item] {
        let all = state.credentials()
        return ConfiguredCredentials.statuses(all).compactMap { name, status in
            let tail = all.first { $0.name == name }?.materialAtHand()?.accessKeyTail
            var facts: [(name: String, value: Item.Fact)] = tail.map { [("tail", .text($0))] } ?? []
            if let wait = status.retryAfter { facts.append(("retry_at", .text(now.later(by: wait).description))) }
            if let expiry = status.expiry { facts.append(("ends", .text(Self.time(expiry).description))) }
            let since = now.earlier(by: status.inState)
            return switch status.state {
            case .ready: nil
            // The present credential is used until it expires; its renewal has failed so far.
            case .renewing:
                status.expiry.map { _ in Item(kind: "credential_ends", tone: .odd, since: since, subject: name, facts: facts, link: "#/quota") }
            case .unavailable: Item(kind: "credential_unavailable", tone: .bad, since: since, subject: name, facts: facts, link: "#/quota")
            case .suspended: Item(kind: "credential_suspended", tone: .bad, since: since, subject: name, facts: facts, link: "#/quota")
            }
        }
    }

    /// Callers whose next key expires soon.
    private func keys(_ now: Timestamp) -> [Item] {
        let seconds = now.microseconds / 1_000_000
        // Bounded: a key's end is a time of the configuration, whose years have four digits.
        return state.callerKeyEnds(seconds).filter { $0.value - seconds <= state.keyNotice }.map { caller, end in
            Item(
                kind: "key_ends", tone: .note, since: Self.time(end - state.keyNotice), subject: caller,
                facts: [("ends", .text(Self.time(end).description))], link: "#/callers/\(Self.inAddress(caller))")
        }
    }

    /// - Parameter seconds: since 1970; clamped to the range of a timestamp.
    private static func time(_ seconds: Int64) -> Timestamp {
        // Bounded: by the range of a timestamp.
        Timestamp(microseconds: min(max(0, seconds), 253_402_300_799) * 1_000_000)
    }

    /// A name as part of an address in the console.
    private static func inAddress(_ name: String) -> String {
        var text: [UInt8] = []
        URLEncoding.append(name.utf8, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private func copies(_ now: Timestamp) -> [Item] {
        var items: [Item] = []
        let figures = state.notary?.figures
        if let held = figures?.held, held > 0 {
            items.append(Item(kind: "segments_held", tone: .odd, since: now, facts: [("count", .number(Int64(clamping: held)))], link: "#/fleet"))
        }
        for anchor in figures?.anchors ?? [] where anchor.lag > .seconds(Self.late) {
            items.append(late("anchor_late", anchor.name, Double(anchor.lag.components.seconds), now))
        }
        for sink in state.sinks() where sink.lagSeconds > Self.late { items.append(late("ship_late", sink.name, sink.lagSeconds, now)) }
        if !state.configuration().newestWasTaken {
            items.append(Item(kind: "config_differs", tone: .odd, since: now, link: "#/fleet"))
        }
        return items
    }

    private func late(_ kind: String, _ subject: String, _ seconds: Double, _ now: Timestamp) -> Item {
        let lag = Int64(exactly: seconds.rounded()) ?? .max
        let since = Timestamp(microseconds: now.microseconds.saturatingDifference(min(lag, 1_000_000_000) * 1_000_000))
        return Item(kind: kind, tone: .odd, since: since, subject: subject, facts: [("lag_s", .number(lag))], link: "#/fleet")
    }

    private func waiting(_ reading: Meters.Reading, _ now: Timestamp) -> [Item] {
        reading.waiting.readings.filter { !$0.waiting.isEmpty }.map { line in
            let requests = line.waiting.reduce(0) { $0 + $1.requests }
            return Item(
                kind: "callers_waiting", tone: .calm, since: now, subject: Operation(index: line.operation).name,
                facts: [
                    ("operation", .text(Operation(index: line.operation).name)), ("requests", .number(Int64(requests))),
                    ("callers", .number(Int64(line.waiting.count))), ("longest_us", .number(line.nextTurn.wholeMicroseconds)),
                ], link: "#/quota")
        }
    }
}
