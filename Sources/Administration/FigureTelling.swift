import Audit
import Fleet
import Gateway

/// Tells the fleet's database now and then how this gateway is, so that the admin port of every member can show all of them.
struct FigureTelling {
    /// A member that hasn't been heard of for a few of these has stale figures.
    private static let interval = Duration.seconds(10)
    /// Before the gateway has joined, and while the database is away.
    private static let pause = Duration.seconds(2)

    let state: AdminState
    let shared: SharedState

    /// Ends when its task is cancelled.
    func run() async {
        var recent = RecentCount()
        repeat {
            let reading = await state.dataPort.reading()
            let requests = reading.requests.reduce(reading.summedRefusals) { $0.saturatingSum($1.histogram.total) }
            var figures = await GatewayFigures.own(state, countsRequests: false)
            figures.own?.requestsPerMinute = recent.note(requests, at: .now)
            let json = figures.told
            let isKept = await withCheckedContinuation { continuation in
                shared.member.say(json) { result in continuation.resume(returning: (try? result.get()) ?? false) }
            }
            guard (try? await Task.sleep(for: isKept ? Self.interval : Self.pause)) != nil else { return }
        } while !Task.isCancelled
    }
}
