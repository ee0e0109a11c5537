import Audit
import HTTPTypes
import Hummingbird
import Inquiry
import NIOPosix

/// The journal for readers: `/audit/records`, `/audit/exports`. Every question is answered on a thread that may wait for the disk.
struct AuditRoutes {
    let archive: RecordArchive

    /// Exports of one page: each is a search of its own.
    private static let mostExports = 100

    func add(to router: Router<BasicRequestContext>, behind guardian: LocalNames) {
        let group = router.group("/audit").add(middleware: guardian)
        group.get("/records") { request, _ in await answering { () throws(Fault) in try records(request) } }
        group.get("/records/:id") { _, context in
            let id = context.parameters.get("id") ?? ""
            return await answering { () throws(Fault) in try exchange(id) }
        }
        group.get("/exports") { request, _ in await answering { () throws(Fault) in try exports(request) } }
        group.get("/exports/:task") { _, context in
            let task = context.parameters.get("task") ?? ""
            return await answering { () throws(Fault) in try export(task) }
        }
    }

    /// Why there is no answer.
    private enum Fault: Error {
        case filter(QueryFault)
        case archive(InquiryError)
        case unknown(String)

        var response: Response {
            switch self {
            case .filter(let fault): AdminAnswer.fault(.badRequest, fault.sentence)
            case .archive: AdminAnswer.fault(.internalServerError, "The journal can't be read now.")
            case .unknown(let sentence): AdminAnswer.fault(.notFound, sentence)
            }
        }
    }

    private func answering(_ body: @escaping @Sendable () throws(Fault) -> Response) async -> Response {
        let answer = try? await NIOThreadPool.singleton.runIfActive { () -> Response in
            do throws(Fault) {
                return try body()
            } catch {
                return error.response
            }
        }
        return answer ?? AdminAnswer.fault(.serviceUnavailable, "The gateway is stopping.")
    }

    private static func asking<Value>(_ body: () throws(InquiryError) -> Value) throws(Fault) -> Value {
        do throws(InquiryError) {
            return try body()
        } catch {
            throw .archive(error)
        }
    }

    // MARK: - Answers

    private func records(_ request: Request) throws(Fault) -> Response {
        let (query, format) = try AuditRoutes.query(request)
        let page = try AuditRoutes.asking { () throws(InquiryError) in try archive.page(query) }
        guard format == .json else {
            var writer = RecordWriter(format)
            var bytes = writer.beginning()
            for record in page.records { bytes += writer.text(of: record) }
            return AdminAnswer.data(bytes + writer.end(), type: format.contentType, fields: AuditRoutes.next(page.next))
        }
        var json = JSONWriter()
        json.open()
        json.key("records")
        json.open("[")
        for record in page.records { json.raw(record.line) }
        json.close("]")
        json.member("next_cursor", page.next?.description)
        json.close()
        json.newline()
        return AdminAnswer.data(json.bytes, type: "application/json", fields: AuditRoutes.next(page.next))
    }

    private func exchange(_ id: String) throws(Fault) -> Response {
        let records = try AuditRoutes.asking { () throws(InquiryError) in try archive.records(id: id) }
        guard !records.isEmpty else { throw .unknown("The journal has no record of that id.") }
        var json = JSONWriter()
        json.open()
        json.member("id", id)
        json.key("records")
        json.open("[")
        for record in records { json.raw(record.line) }
        json.close("]")
        json.close()
        json.newline()
        return AdminAnswer.data(json.bytes, type: "application/json")
    }

    private func exports(_ request: Request) throws(Fault) -> Response {
        var (query, _) = try AuditRoutes.query(request)
        query.limit = min(query.limit, AuditRoutes.mostExports)
        let (trails, next) = try AuditRoutes.asking { () throws(InquiryError) -> ([ExportTrail], RecordCursor?) in
            guard let digest = query.digest else { return try archive.exports(query) }
            return (try archive.trails(digest: digest), nil)
        }
        var json = JSONWriter()
        json.open()
        json.key("exports")
        json.open("[")
        for trail in trails { trail.write(to: &json, withRecords: false) }
        json.close("]")
        json.member("next_cursor", next?.description)
        json.close()
        json.newline()
        return AdminAnswer.data(json.bytes, type: "application/json", fields: AuditRoutes.next(next))
    }

    private func export(_ task: String) throws(Fault) -> Response {
        guard let trail = try AuditRoutes.asking({ () throws(InquiryError) in try archive.trail(task: task) }) else {
            throw .unknown("The journal knows no such task.")
        }
        var json = JSONWriter()
        trail.write(to: &json, withRecords: true)
        json.newline()
        return AdminAnswer.data(json.bytes, type: "application/json")
    }

    // MARK: - Questions

    /// The filters of the request, and the form of the answer: `format`, or what the Accept field names.
    private static func query(_ request: Request) throws(Fault) -> (RecordQuery, RecordFormat) {
        var query = RecordQuery()
        var format: RecordFormat?
        let now = Timestamp.now()
        for (name, value) in request.uri.queryParameters {
            if name == "format" {
                guard let word = RecordFormat(rawValue: String(value)) else {
                    throw .filter(
                        QueryFault(filter: "format", problem: "is none of \(RecordFormat.allCases.map(\.rawValue).joined(separator: ", "))"))
                }
                format = word
                continue
            }
            do throws(QueryFault) {
                try query.set(String(name), to: String(value), now: now)
            } catch {
                throw .filter(error)
            }
        }
        return (query, format ?? accepted(request.headers[.accept] ?? ""))
    }

    private static func accepted(_ accept: String) -> RecordFormat {
        let accept = accept.lowercased()
        if ["application/x-ndjson", "application/ndjson", "application/jsonl"].contains(where: { accept.contains($0) }) { return .ndjson }
        return accept.contains("text/csv") ? .csv : .json
    }

    /// Where the next page begins, for answers whose body has no place for it.
    private static func next(_ cursor: RecordCursor?) -> HTTPFields {
        guard let cursor, let name = HTTPField.Name("Next-Cursor") else { return [:] }
        return [name: cursor.description]
    }
}
