import NIOHTTP1

/// What the port says where it has nothing: 405 and the methods where it answers others, else 404, in the form of every other fault.
enum KnownPlaces {
    static func answer(_ request: Request) -> Response {
        let methods = AdminRights.methods(at: request.path)
        guard !methods.isEmpty else {
            return AdminAnswer.fault(.notFound, "There is nothing at this path; docs/admin-openapi.yaml has what there is.")
        }
        let allowed = methods.joined(separator: ", ")
        var response = AdminAnswer.fault(.methodNotAllowed, "This path takes \(allowed).")
        response.headers.add(name: "Allow", value: allowed)
        return response
    }
}
