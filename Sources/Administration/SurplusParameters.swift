import Inquiry
import NIOHTTP1

/// Refuses parameters of calls that take none: the answer would be taken for one to a question that nobody read, such as the verification of another
/// gateway. Probes, metrics and the console's files are left out: what asks for them may add parameters of its own.
struct SurplusParameters: Middleware {
    private static let routes: Set<String> = [
        "GET /version", "GET /openapi.yaml", "GET /-/whoami", "GET /fleet", "GET /callers", "GET /flow", "GET /credentials", "GET /clock",
        "GET /audit/instances", "GET /audit/checkpoint", "GET /audit/public-key", "GET /audit/verify", "GET /audit/verifications",
        "POST /audit/verifications", "GET /audit/verifications/*", "DELETE /audit/verifications/*", "POST /explain", "POST /-/reload",
        "POST /-/fleet/local", "POST /-/fleet/shared", "POST /fleet/exports/*/resolve",
    ]

    func handle(_ request: Request, next: (Request) async -> Response) async -> Response {
        guard let route = request.match?.route, Self.routes.contains(AdminRights.key(request.method.rawValue, route)) else {
            return await next(request)
        }
        do throws(RecordQuery.Fault) {
            _ = try OwnParameters(request, takes: [])
        } catch {
            return AdminAnswer.fault(.badRequest, error.sentence)
        }
        return await next(request)
    }
}
