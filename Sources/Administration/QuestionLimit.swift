import NIOHTTP1

/// Bounds how many questions to the journal are answered at a time. Some take seconds and wait for a thread meanwhile: with all connections in use by
/// them, a probe would wait as long. Searches have few of these places, so that there is always one for a lookup.
struct QuestionLimit: Middleware {
    private let room: WaitingRoom
    private let searches: WaitingRoom

    /// - Parameter connections: as many as the port may have open; half of them stay free for everything else.
    init(connections: Int) {
        room = WaitingRoom(places: max(1, connections / 2))
        searches = WaitingRoom(places: max(1, connections / 8))
    }

    func handle(_ request: Request, next: (Request) async -> Response) async -> Response {
        let cost = QuestionCost(request)
        guard let cost, cost != .nothing else { return await next(request) }
        guard cost != .search || searches.enter() else { return Self.refusal("As many searches of the journal as may are under way.") }
        defer { if cost == .search { searches.leave() } }
        guard room.enter() else { return Self.refusal("As many questions to the journal as may are being answered.") }
        defer { room.leave() }
        return await next(request)
    }

    private static func refusal(_ sentence: String) -> Response {
        AdminAnswer.fault(.serviceUnavailable, sentence, retryAfter: 5)
    }
}
