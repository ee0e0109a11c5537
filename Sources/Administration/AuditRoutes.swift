import Audit
import Codecs
import Inquiry
import NIOHTTP1
import NIOPosix

/// The journal for readers: `/audit/records`, `/audit/exports`, and the same for the fleet. Every query runs on a thread that may block.
struct AuditRoutes {
    let places: RecordSources

    /// Exports of one page: each is a search of its own.
    private static let mostExports = 100
    /// The size after which a list of exports ends with a cursor for the next page, bytes.
    private static let largestAnswer = 8 << 20

    func add(to router: inout Router) {
        router.get("/audit/records") { request in await answering(request) { (question) throws(Fault) in try records(question) } }
        router.get("/audit/records/:id") { request in
            let id = request.pathText("id")
            return await answering(request, takes: RecordSources.parameters) { (question) throws(Fault) in
                try exchange(id, question.source)
            }
        }
        router.get("/audit/exports") { request in
            await answering(request, takes: RecordFilter.allCases.map(\.rawValue) + Self.exportFilters + RecordSources.parameters) {
                (question) throws(Fault) in try exports(question)
            }
        }
        router.get("/audit/exports/:task") { request in
            let task = request.pathText("task")
            // A limit or a cursor in the request means that the client reads in parts.
            let isInParts = [RecordFilter.limit, .cursor].contains { request.parameter($0.rawValue) != nil }
            return await answering(request, takes: ["project", "limit", "cursor"] + RecordSources.parameters) { (question) throws(Fault) in
                try export(task, question.source, in: question.query.project, isInParts ? question.query : nil)
            }
        }
        router.get("/audit/instances") { _ in
            let threads = RecordSources.threads(for: places.fleet == nil ? .journal : .fleet, .lookup)
            return await Self.answering(on: threads) { () throws(Fault) in try instances() }
        }
    }

    /// A query and its source.
    private struct Question: Sendable {
        let query: RecordQuery
        let format: RecordFormat
        let choice: RecordSources.Choice
        let source: any RecordSource
        /// The parameters of `/audit/exports` only.
        let exports: ExportFilter
    }

    private static let exportFilters = ["state", "downloader", "cross_team"]
    /// How long a list of exports may search for matches; an incomplete answer says so.
    private static let patience = Duration.seconds(5)

    /// Why there is no answer.
    enum Fault: Error {
        case filter(RecordQuery.Fault)
        case archive(InquiryError)
        case unknown(String)

        var response: Response {
            switch self {
            case .filter(let fault): AdminAnswer.fault(.badRequest, fault.sentence)
            case .archive(.databaseUnreadable(let reason)):
                AdminAnswer.fault(.serviceUnavailable, "The central database can't be read: \(reason).", retryAfter: 5)
            case .archive(.copyTouched(let instance, let sequence)):
                AdminAnswer.fault(
                    .conflict, "Record \(sequence) of \(instance) in the central database is not what its row says: run `audit verify-database`.")
            case .archive: AdminAnswer.fault(.serviceUnavailable, "The journal can't be read now.", retryAfter: 5)
            case .unknown(let sentence): AdminAnswer.fault(.notFound, sentence)
            }
        }
    }

    /// - Parameter names: all parameters of the call; nil for the filters and `format`.
    private func answering(
        _ request: Request, takes names: [String]? = nil, _ body: @escaping @Sendable (Question) throws(Fault) -> Response
    ) async -> Response {
        do throws(Fault) {
            let question = try question(request, names)
            return await Self.answering(on: RecordSources.threads(for: question.choice, request)) { () throws(Fault) in try body(question) }
        } catch {
            return error.response
        }
    }

    static func answering(on threads: NIOThreadPool, _ body: @escaping @Sendable () throws(Fault) -> Response) async -> Response {
        let answer = try? await threads.runIfActive { () -> Response in
            do throws(Fault) {
                return try body()
            } catch {
                return error.response
            }
        }
        return answer ?? AdminAnswer.fault(.serviceUnavailable, "The gateway is stopping.", retryAfter: 5)
    }

    static func asking<Value>(_ body: () throws(InquiryError) -> Value) throws(Fault) -> Value {
        do throws(InquiryError) {
            return try body()
        } catch {
            throw .archive(error)
        }
    }

    // MARK: - Answers

    private func records(_ question: Question) throws(Fault) -> Response {
        let page = try AuditRoutes.asking { () throws(InquiryError) in try question.source.page(question.query) }
        let format = question.format
        guard format == .json else {
            var writer = RecordWriter(format, isOfFleet: question.choice == .fleet)
            var bytes = writer.beginning()
            for record in page.records { bytes += writer.text(of: record) }
            return AdminAnswer.data(bytes + writer.end(), type: format.contentType, fields: AuditRoutes.next(page.next))
        }
        var json = JSONWriter()
        json.open()
        json.records(page.records)
        json.member("next_cursor", page.next?.description)
        json.close()
        json.newline()
        return AdminAnswer.data(json.bytes, type: "application/json", fields: AuditRoutes.next(page.next))
    }

    private func exchange(_ id: String, _ source: any RecordSource) throws(Fault) -> Response {
        let records = try AuditRoutes.asking { () throws(InquiryError) in try source.records(id: id) }
        guard !records.isEmpty else { throw .unknown("The journal has no record of that id.") }
        var json = JSONWriter()
        json.open()
        json.member("id", id)
        json.records(records)
        json.close()
        json.newline()
        return AdminAnswer.data(json.bytes, type: "application/json")
    }

    private func exports(_ question: Question) throws(Fault) -> Response {
        var query = question.query
        let source = question.source
        query.limit = min(query.limit, AuditRoutes.mostExports)
        var json = JSONWriter()
        json.open()
        json.key("exports")
        json.open("[")
        // Written while they are read: only one export is in memory at a time, and the answer ends when it is large
        // enough.
        let end = try AuditRoutes.asking { () throws(InquiryError) -> ExportFilter.PageEnd in
            func write(_ trail: ExportTrail) -> Bool {
                trail.write(to: &json, withRecords: false)
                return json.bytes.count < AuditRoutes.largestAnswer
            }
            guard let digest = query.digest else {
                return try source.forEachExport(query, question.exports, deadline: .now + Self.patience, write)
            }
            try source.forEachTrail(digest: digest) { trail in question.exports.matches(trail) ? write(trail) : true }
            return ExportFilter.PageEnd(next: nil, isComplete: true)
        }
        json.close("]")
        json.member("next_cursor", end.next?.description)
        json.key("complete")
        json.value(end.isComplete)
        json.close()
        json.newline()
        return AdminAnswer.data(json.bytes, type: "application/json", fields: AuditRoutes.next(end.next))
    }

    /// - Parameter part: which downloads, by its limit and its cursor; nil for the whole export.
    private func export(_ task: String, _ source: any RecordSource, in project: String?, _ part: RecordQuery?) throws(Fault) -> Response {
        guard var trail = try AuditRoutes.asking({ () throws(InquiryError) in try source.trail(task: task, in: project) }) else {
            throw .unknown("The journal knows no such task.")
        }
        var json = JSONWriter()
        if let copies = source as? FleetArchive {
            trail.coverage = .copies(try AuditRoutes.asking { () throws(InquiryError) in try copies.members() }, asOf: .now())
        }
        if let part {
            var first = 0
            if let cursor = part.cursor {
                guard let last = trail.downloads.firstIndex(where: { source.cursor(behind: $0) == cursor }) else {
                    throw .filter(RecordQuery.Fault(filter: RecordFilter.cursor.rawValue, problem: "is none that a part of this export ended with"))
                }
                // Bounded: an index of an array.
                first = last + 1
            }
            trail.write(to: &json, from: first, limit: part.limit) { source.cursor(behind: $0) }
        } else {
            trail.write(to: &json, withRecords: true)
        }
        json.newline()
        return AdminAnswer.data(json.bytes, type: "application/json")
    }

    /// The members of the fleet; only this gateway if there is no central copy.
    private func instances() throws(Fault) -> Response {
        let members = try places.fleet.map { (fleet) throws(Fault) in
            try AuditRoutes.asking { () throws(InquiryError) in try fleet.members() }
        }
        var json = JSONWriter()
        json.open()
        json.member("instance", places.instance)
        json.key("fleet")
        json.value(members != nil)
        json.list("instances", members ?? []) { json, member in
            json.object { json in
                json.member("instance", member.instance)
                json.member("end", member.end)
                json.member("newest", member.newest.description)
                json.member("signed", member.signed)
            }
        }
        json.close()
        json.newline()
        return AdminAnswer.data(json.bytes, type: "application/json")
    }

    // MARK: - Queries

    /// The filters of the request, its source, and the format of the answer: `format`, or the Accept field.
    private func question(_ request: Request, _ names: [String]?) throws(Fault) -> Question {
        var (query, exports) = (RecordQuery(), ExportFilter())
        var format: RecordFormat?
        var place: String?
        let now = Timestamp.now()
        do throws(RecordQuery.Fault) {
            if let names { _ = try OwnParameters(request, takes: names) } else { try OwnParameters.checkThatEachStandsOnce(in: request) }
            for (name, value) in request.parameters {
                switch name {
                case "format":
                    guard let word = RecordFormat(rawValue: value) else {
                        throw RecordQuery.Fault(
                            filter: "format", problem: "is none of \(RecordFormat.allCases.map(\.rawValue).joined(separator: ", "))")
                    }
                    format = word
                case RecordSources.parameter: place = value
                case _ where names != nil && Self.exportFilters.contains(name): try Self.set(name, to: value, of: &exports)
                default: try query.set(name, to: value, now: now)
                }
            }
            let choice = try places.choice(place, instance: query.instance)
            return Question(
                query: query, format: format ?? Self.accepted(AcceptField(request)), choice: choice, source: places.source(choice),
                exports: exports)
        } catch {
            throw .filter(error)
        }
    }

    private static func set(_ name: String, to value: String, of filter: inout ExportFilter) throws(RecordQuery.Fault) {
        switch (name, value) {
        case ("downloader", _):
            guard value.utf8.count <= RecordQuery.longestValue else {
                throw RecordQuery.Fault(filter: name, problem: "is longer than \(RecordQuery.longestValue) bytes")
            }
            filter.downloader = value
        case ("cross_team", "1"), ("cross_team", "true"): filter.isCrossTeam = true
        case ("cross_team", "0"), ("cross_team", "false"): filter.isCrossTeam = false
        case ("cross_team", _): throw RecordQuery.Fault(filter: name, problem: "is none of 1, 0, true, false")
        default:
            guard let state = ExportTrail.State(rawValue: value) else {
                throw RecordQuery.Fault(filter: name, problem: "is none of \(ExportTrail.State.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            filter.state = state
        }
    }

    /// The formats that an Accept field can choose, the default first.
    private static let forms: [(type: String, format: RecordFormat)] = [
        ("application/json", .json), ("application/x-ndjson", .ndjson), ("application/ndjson", .ndjson), ("application/jsonl", .ndjson),
        ("text/csv", .csv),
    ]

    private static func accepted(_ accept: AcceptField) -> RecordFormat {
        accept.best(of: forms.map(\.type)).map { forms[$0].format } ?? .json
    }

    /// The cursor of the next page, for answers whose body can't contain it.
    static func next(_ cursor: RecordCursor?) -> HTTPHeaders {
        cursor.map { ["Next-Cursor": $0.description] } ?? [:]
    }
}
