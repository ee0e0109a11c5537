import Audit
import Codecs
import Catalogue
import Gateway
import HTTPTypes
import Hummingbird
import Inquiry

/// What the admin port answers to which path.
struct AdminRoutes {
    let state: AdminState
    /// The token that is asked for now; nil when none is.
    let token: @Sendable () -> AdminToken?

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: ForeignPages())
        router.add(middleware: LocalNames(token: token))
        router.add(middleware: TokenMiddleware(token: token, witness: state.witness))
        router.get("/livez") { request, _ in
            health(state.liveness(), probe: "livez", request)
        }
        router.get("/readyz") { request, _ in health(state.readiness(), probe: "readyz", request) }
        router.get("/healthz") { request, _ in health(state.readiness(), probe: "healthz", request) }
        // The port opens only after configuration, journal and listeners are in place: whoever gets an answer knows that they are.
        router.get("/startupz") { request, _ in
            health([HealthCheck(name: "started", state: .passing)], probe: "startupz", request)
        }
        router.get("/metrics") { request, _ in
            let format: Exposition.Format = request.headers[.accept]?.contains("application/openmetrics-text") == true ? .openMetrics : .prometheus
            let text = MetricsReport(reading: await state.dataPort.reading(), journal: state.journal, state: state).text(format)
            return answer(.ok, text, type: format.contentType)
        }
        router.post("/-/reload") { _, _ in
            let result = ReloadAnswer(await state.reload())
            return answer(result.status, result.text, type: "application/json")
        }
        router.get("/version") { _, _ in answer(.ok, version, type: "application/json") }
        router.get("/openapi.yaml") { _, _ in answer(.ok, "\(APIDescription.text)", type: "application/yaml") }
        let places = RecordPlaces(instance: state.instance, journal: state.archive, fleet: state.fleet)
        AuditRoutes(places: places).add(to: router)
        SummaryRoutes(places: places, length: { state.journal.durable.value }, isEnding: { state.dataPort.isDraining }).add(to: router)
        EvidenceRoutes(state: state).add(to: router)
        StateRoutes(state: state).add(to: router)
        AttentionRoutes(state: state).add(to: router)
        FleetRoutes.add(state.shared, to: router)
        ConsoleRoutes().add(to: router)
        return router
    }

    private func health(_ checks: [HealthCheck], probe: String, _ request: Request) -> Response {
        let report = HealthReport(checks: checks)
        let verbose = request.uri.queryParameters["verbose"].map { $0 != "false" && $0 != "0" } ?? false
        return answer(
            report.isPassing ? .ok : .serviceUnavailable, report.text(probe: probe, verbose: verbose), type: "text/plain; charset=utf-8"
        )
    }

    private var version: String {
        var json = JSONWriter()
        json.open()
        json.member("version", state.build.version)
        json.member("commit", state.build.commit)
        json.member("swift", state.build.swift)
        json.member("config_sha256", state.configuration().digest)
        if let digest = state.sharedDigest() { json.member("shared_sha256", digest) }
        json.close()
        return String(decoding: json.bytes, as: UTF8.self) + "\n"
    }

    private func answer(_ status: HTTPResponse.Status, _ text: String, type: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }
}

/// Asks for the bearer token before anything is looked up. Liveness needs none: a probe that can't read the token must not kill
/// the process. Nor do the console's files: they hold nothing, and the page asks its reader for the token.
private struct TokenMiddleware: RouterMiddleware {
    let token: @Sendable () -> AdminToken?
    let witness: AdminWitness

    func handle(
        _ request: Request, context: BasicRequestContext, next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        let asked = token()
        guard let token = asked, request.uri.path != "/livez", !ConsoleRoutes.paths.contains(request.uri.path),
            !token.admits(request.headers[.authorization])
        else {
            let response = try await next(request, context)
            if request.uri.path.hasPrefix("/audit"), response.status == .ok {
                witness.evidenceWasRead(by: asked == nil ? "anybody" : "operator", path: request.uri.path)
            }
            return response
        }
        // Who shows none is asked for it: a console that was opened, a probe. A wrong one is somebody's attempt.
        if request.headers[.authorization] != nil { witness.tokenWasWrong() }
        return Response(status: .unauthorized, headers: [.wwwAuthenticate: "Bearer"])
    }
}
