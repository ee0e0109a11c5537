import Gateway
import NIOHTTP1

/// Refuses requests that a browser sends for pages of other sites, on every path: otherwise any page in a browser on
/// this machine could reload the gateway or fetch evidence.
struct ForeignPages: Middleware {
    func handle(_ request: Request, next: (Request) async -> Response) async -> Response {
        let page = BrowserOrigin(origins: request.headers["Origin"], sites: request.headers["Sec-Fetch-Site"])
        guard !page.isSilent, page.isForeign(to: request.authority) else { return await next(request) }
        return AdminAnswer.fault(.forbidden, "A page of another site made this request.")
    }
}
