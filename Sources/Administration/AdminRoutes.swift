import Audit
import Catalogue
import Codecs
import Gateway
import Inquiry
import NIOHTTP1

/// The admin port's routes.
struct AdminRoutes {
    let state: AdminState
    /// Who may use the port now.
    let access: @Sendable () -> AdminAccess
    /// The delay of the answer to a wrong token.
    var wrongTokenDelay = AdminPort.Limits().wrongTokenDelay
    /// As many as the port may have open at a time.
    var connections = AdminPort.Limits().connections

    func router() -> Router {
        let middleware: [any Middleware] = [
            ForeignPages(), LocalNames(access: access), AccessMiddleware(access: access, accessLog: state.accessLog, delay: wrongTokenDelay),
            SurplusParameters(), QuestionLimit(connections: connections),
        ]
        var router = Router(middleware: middleware, fallback: { KnownPlaces.answer($0) })
        router.get("/livez") { request in
            health(state.liveness(), probe: "livez", request)
        }
        router.get("/readyz") { request in health(state.readiness(), probe: "readyz", request) }
        router.get("/healthz") { request in health(state.readiness(), probe: "healthz", request) }
        // The port opens only after configuration, journal and listeners are ready: so every answer means that they are.
        router.get("/startupz") { request in
            health([HealthCheck(name: "started", state: .passing)], probe: "startupz", request)
        }
        router.get("/metrics") { request in
            let format = exposition(AcceptField(request))
            let text = MetricsReport(reading: await state.dataPort.reading(), journal: state.journal, state: state).text(format)
            return answer(.ok, text, type: format.contentType)
        }
        router.post("/-/reload") { _ in
            let result = ReloadAnswer(await state.reload())
            return answer(result.status, result.text, type: "application/json")
        }
        router.get("/-/whoami") { request in
            let visitor = access().visitor(authorization: request.field("Authorization"), certificate: request.client.certificate)
            return answer(.ok, whoami(visitor), type: "application/json")
        }
        router.get("/version") { _ in answer(.ok, version, type: "application/json") }
        router.get("/openapi.yaml") { _ in answer(.ok, "\(APIDescription.text)", type: "application/yaml") }
        let places = RecordSources(instance: state.instance, journal: state.archive, fleet: state.fleet)
        AuditRoutes(places: places).add(to: &router)
        SummaryRoutes(
            places: places, length: { state.journal.durable.value }, isEnding: { state.dataPort.isDraining }, connections: connections
        ).add(to: &router)
        EvidenceRoutes(state: state).add(to: &router)
        StateRoutes(state: state).add(to: &router)
        AttentionRoutes(state: state, places: places).add(to: &router)
        FleetRoutes.add(state, to: &router)
        ConsoleRoutes().add(to: &router)
        return router
    }

    private func health(_ checks: [HealthCheck], probe: String, _ request: Request) -> Response {
        let report = HealthReport(checks: checks)
        let verbose = request.parameter("verbose").map { $0 != "false" && $0 != "0" } ?? false
        return answer(
            report.isPassing ? .ok : .serviceUnavailable, report.text(probe: probe, verbose: verbose), type: "text/plain; charset=utf-8"
        )
    }

    /// The older format if nothing, or nothing available, is requested.
    private func exposition(_ accept: AcceptField) -> Exposition.Format {
        accept.best(of: ["text/plain", "application/openmetrics-text"]) == 1 ? .openMetrics : .prometheus
    }

    /// The user: what a page shows depends on the role.
    private func whoami(_ visitor: AdminVisitor?) -> String {
        var json = JSONWriter()
        json.open()
        json.member("name", visitor?.name ?? AdminVisitor.anybody)
        json.member("role", (visitor?.role ?? .auditor).rawValue)
        json.close()
        return String(decoding: json.bytes, as: UTF8.self) + "\n"
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

    private func answer(_ status: HTTPResponseStatus, _ text: String, type: String) -> Response {
        Response(status, headers: ["Content-Type": type, "Cache-Control": "no-store"], text: text)
    }
}
