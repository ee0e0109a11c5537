import Gateway
import HTTPTypes
import Hummingbird

/// Refuses requests that a browser sends for pages of other sites, on every path: otherwise any page that the user of
/// a browser on this machine opens could reload the gateway or fetch evidence.
struct ForeignPages: RouterMiddleware {
    private static let site = HTTPField.Name("Sec-Fetch-Site")

    func handle(
        _ request: Request, context: BasicRequestContext, next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        let sites = Self.site.map { request.headers[values: $0] } ?? []
        let page = BrowserOrigin(origins: request.headers[values: .origin], sites: sites)
        guard !page.isSilent, page.isForeign(to: request.head.authority) else { return try await next(request, context) }
        return AdminAnswer.fault(.forbidden, "A page of another site made this request.")
    }
}
