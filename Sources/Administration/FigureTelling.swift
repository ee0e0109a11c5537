import Audit
import Fleet
import Gateway

/// Reports this gateway's figures to the fleet's database from time to time, so that the admin port of every member can show
/// all of them.
struct FigureTelling {
    /// The figures of a member without a report for a few intervals are stale.
    private static let interval = Duration.seconds(10)
    /// The pause before the gateway has joined, and while the database is unreachable.
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
