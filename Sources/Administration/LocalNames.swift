import Gateway
import NIOHTTP1

/// Where neither a token nor a certificate is asked for, the port listens on loopback only, and a stranger's page in a browser on this machine is
/// what is left to fear: it can have its own name resolve to 127.0.0.1 and then read what it fetches (DNS rebinding). Its requests still carry that
/// name as their host, so only addresses, `localhost` and names without a dot, which nobody can have in the public DNS, are answered.
struct LocalNames: Middleware {
    let access: @Sendable () -> AdminAccess

    func handle(_ request: Request, next: (Request) async -> Response) async -> Response {
        // A browser always names a host; a probe may speak HTTP/1.0 and name none.
        guard access().isOpen, let authority = request.authority, !LocalAuthority.isLocal(authority) else {
            return await next(request)
        }
        return AdminAnswer.fault(.misdirectedRequest, "Without a token this port answers to addresses and to local names only.")
    }
}
