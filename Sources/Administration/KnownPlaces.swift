import NIOHTTP1

/// The answer for unknown routes: 405 and the methods if the path exists, else 404, in the format of every other fault.
enum KnownPlaces {
    static func answer(_ request: Request) -> Response {
        let methods = AdminRights.methods(at: request.path)
        guard !methods.isEmpty else {
            return AdminAnswer.fault(.notFound, "There is nothing at this path; docs/admin-openapi.yaml has what there is.")
        }
        let allowed = methods.flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] }.joined(separator: ", ")
        var response = AdminAnswer.fault(.methodNotAllowed, "This path takes \(allowed).")
        response.headers.add(name: "Allow", value: allowed)
        return response
    }
}
