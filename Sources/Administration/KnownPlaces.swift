import HTTPTypes
import Hummingbird

/// What the port says where it has nothing: 405 and the methods where it answers others, else 404, in the form of every other fault.
struct KnownPlaces: RouterMiddleware {
    func handle(
        _ request: Request, context: BasicRequestContext, next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        guard context.endpointPath == nil else { return try await next(request, context) }
        let methods = AdminRights.methods(at: request.uri.path)
        guard !methods.isEmpty else {
            return AdminAnswer.fault(.notFound, "There is nothing at this path; docs/admin-openapi.yaml has what there is.")
        }
        let allowed = methods.joined(separator: ", ")
        var response = AdminAnswer.fault(.methodNotAllowed, "This path takes \(allowed).")
        response.headers[.allow] = allowed
        return response
    }
}
