import Dispatch
import NIOCore
import NIOHTTP1
import Testing

@testable import Administration

@Suite struct RouterTests {
    /// Marks requests that pass.
    private struct Mark: Middleware {
        let name: String

        func handle(_ request: Request, next: (Request) async -> Response) async -> Response {
            if request.path == "/\(name)" { return Response(.forbidden, headers: [:], text: name) }
            var response = await next(request)
            response.headers.add(name: "Passed", value: name)
            return response
        }
    }

    private static let router: Router = {
        var router = Router(middleware: [Mark(name: "outer"), Mark(name: "inner")]) { _ in Response(.notFound) }
        router.get("/") { _ in Response(.ok, headers: [:], text: "root") }
        router.get("/records/:id") { Response(.ok, headers: [:], text: "\($0.pathParameter("id") ?? "") \($0.pathText("id"))") }
        router.delete("/records/:id") { _ in Response(.accepted) }
        router.post("/records/:id/parts/:part") { Response(.ok, headers: [:], text: "\($0.match?.route ?? "") \($0.pathText("part"))") }
        return router
    }()

    private static func ask(_ method: HTTPMethod, _ target: String) async -> Response {
        await router.respond(
            to: Request(
                method, target: target, headers: [:], authority: nil, body: ByteBuffer(), client: AdminClient(certificate: nil, source: nil)))
    }

    @Test(
        arguments: [
            (.GET, "/", 200, "root"), (.GET, "//", 200, "root"), (.GET, "/records/a%20b?x=/y", 200, "a%20b a b"),
            (.GET, "/records/%zz/", 200, "%zz %zz"), (.GET, "/records/%2F", 200, "%2F /"), (.DELETE, "/records/a", 202, ""),
            (.POST, "/records/a/parts/%E5%AE%A1", 200, "/records/:id/parts/:part 审"), (.GET, "/records", 404, ""),
            (.GET, "/Records/a", 404, ""), (.GET, "/record%73/a", 404, ""), (.PUT, "/records/a", 404, ""), (.GET, "/records/a/b", 404, ""),
            (.GET, "/:id", 404, ""), (.GET, "/records/:id", 200, ":id :id"),
        ] as [(HTTPMethod, String, Int, String)])
    func `finds the route of a method and a path, whose steps are compared as they stand there`(
        method: HTTPMethod, target: String, status: Int, text: String
    ) async {
        let response = await Self.ask(method, target)
        #expect(Int(response.status.code) == status && String(buffer: response.body) == text)
    }

    @Test func `asks its middleware in order, also where there is no route, and each may answer instead`() async {
        #expect(await Self.ask(.GET, "/nothing").headers["Passed"] == ["inner", "outer"])
        let (outer, inner) = (await Self.ask(.GET, "/outer"), await Self.ask(.GET, "/inner"))
        #expect(outer.status == .forbidden && outer.headers["Passed"].isEmpty)
        #expect(inner.status == .forbidden && inner.headers["Passed"] == ["outer"])
    }

    @Test func `answers few searches of the journal at a time, and lookups meanwhile`() async {
        let (isOver, end) = AsyncStream.makeStream(of: Void.self)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        var router = Router(middleware: [QuestionLimit(connections: 16)]) { _ in Response(.notFound) }
        for path in ["/audit/exchanges", "/audit/histogram"] {
            router.get(path) { request in
                guard QuestionCost(request) == .search else { return Response(.ok) }
                begin.yield()
                for await _ in isOver { break }
                return Response(.ok)
            }
        }
        router.get("/audit/records/:id") { _ in Response(.ok) }
        let answers = router
        @Sendable func ask(_ target: String) async -> UInt {
            let client = AdminClient(certificate: nil, source: nil)
            let request = Request(.GET, target: target, headers: [:], authority: nil, body: ByteBuffer(), client: client)
            return await answers.respond(to: request).status.code
        }
        await withTaskGroup(of: UInt.self) { group in
            for target in ["/audit/exchanges?text=a", "/audit/histogram?since=400d"] { group.addTask { await ask(target) } }
            var starts = begun.makeAsyncIterator()
            for _ in 0..<2 { await starts.next() }
            for target in ["/audit/exchanges?address=1", "/audit/exchanges?limit=1&rule=a", "/audit/histogram?since=100h&until=1h"] {
                #expect(await ask(target) == 503)
            }
            for target in [
                "/audit/exchanges", "/audit/exchanges?caller=a&limit=5", "/audit/records/1", "/audit/exchanges?after=a&text=b", "/audit/histogram",
                "/audit/histogram?since=400d&until=399d",
            ] { #expect(await ask(target) == 200) }
            end.finish()
            for await status in group { #expect(status == 200) }
        }
        #expect(await ask("/audit/exchanges?text=a") == 200)
    }

    @Test func `a lookup waits for no thread that searches use`() async {
        let mayEnd = DispatchSemaphore(value: 0)
        let searches = (0..<8).map { _ in
            Task {
                await AuditRoutes.answering(on: RecordSources.threads(for: .journal, .search)) {
                    mayEnd.wait()
                    return Response(.ok)
                }
            }
        }
        let answer = await AuditRoutes.answering(on: RecordSources.threads(for: .journal, .lookup)) { Response(.ok) }
        #expect(answer.status == .ok)
        for _ in searches { mayEnd.signal() }
        for search in searches { #expect(await search.value.status == .ok) }
    }

    @Test func `answers half as many questions to the journal as there may be connections, and everything else meanwhile`() async {
        let (isOver, end) = AsyncStream.makeStream(of: Void.self)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        var router = Router(middleware: [QuestionLimit(connections: 5)]) { _ in Response(.notFound) }
        router.get("/audit/slow") { _ in
            begin.yield()
            for await _ in isOver { break }
            return Response(.ok)
        }
        router.get("/livez") { _ in Response(.ok) }
        let answers = router
        @Sendable func ask(_ target: String) async -> UInt {
            let client = AdminClient(certificate: nil, source: nil)
            let request = Request(.GET, target: target, headers: [:], authority: nil, body: ByteBuffer(), client: client)
            return await answers.respond(to: request).status.code
        }
        await withTaskGroup(of: UInt.self) { group in
            for _ in 0..<2 { group.addTask { await ask("/audit/slow") } }
            var starts = begun.makeAsyncIterator()
            for _ in 0..<2 { await starts.next() }
            #expect(await ask("/audit/slow") == 503)
            #expect(await ask("/livez") == 200)
            #expect(await ask("/audit/nothing") == 404)
            end.finish()
            for await status in group { #expect(status == 200) }
        }
        #expect(await ask("/audit/slow") == 200)
    }

    @Test func `takes several fields of one name for one list`() {
        let client = AdminClient(certificate: nil, source: nil)
        let headers: HTTPHeaders = ["Accept": "text/csv", "ACCEPT": "text/plain"]
        let request = Request(.GET, target: "/a?b=%2B+c&d", headers: headers, authority: nil, body: ByteBuffer(), client: client)
        #expect(request.field("accept") == "text/csv, text/plain" && request.field("Date") == nil)
        #expect(request.path == "/a" && request.parameters.map(\.value) == ["+ c", ""])
    }
}
