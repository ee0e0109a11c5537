import Gateway
import NIOHTTP1

/// If neither a token nor a certificate is required, the port listens on loopback only, and the remaining threat is a foreign page in a browser on
/// this machine: it can let its own name resolve to 127.0.0.1 and then read what it fetches (DNS rebinding). Its requests still have that name as
/// their host, so only addresses, `localhost` and names without a dot, which can't exist in the public DNS, are answered.
struct LocalNames: Middleware {
    let access: @Sendable () -> AdminAccess

    func handle(_ request: Request, next: (Request) async -> Response) async -> Response {
        // A browser always sends a host; a probe may use HTTP/1.0 and send none.
        guard access().isOpen, let authority = request.authority, !LocalAuthority.isLocal(authority) else {
            return await next(request)
        }
        return AdminAnswer.fault(.misdirectedRequest, "Without a token this port answers to addresses and to local names only.")
    }
}
