import NIOHTTP1

/// Bounds how many questions to the journal are answered at a time. Some take seconds and wait for a thread meanwhile: with all connections in use by
/// them, a probe would wait as long.
struct QuestionLimit: Middleware {
    private let room: WaitingRoom
    /// Answered from memory.
    private static let immediate: Set<String> = ["/audit/verifications", "/audit/verifications/:id", "/audit/checkpoint", "/audit/public-key"]

    /// - Parameter connections: as many as the port may have open; half of them stay free for everything else.
    init(connections: Int) {
        room = WaitingRoom(places: max(1, connections / 2))
    }

    func handle(_ request: Request, next: (Request) async -> Response) async -> Response {
        guard let route = request.match?.route, route.hasPrefix("/audit/"), !Self.immediate.contains(route) else { return await next(request) }
        guard room.enter() else {
            return AdminAnswer.fault(.serviceUnavailable, "As many questions to the journal as may are being answered.", retryAfter: 5)
        }
        defer { room.leave() }
        return await next(request)
    }
}
