import Credentials
import ServiceLifecycle
import UnixSignals

/// Requests a reload on SIGHUP and when the configuration's file was replaced.
struct ReloadTriggers: Service {
    let reloader: Reloader
    /// Nil when there is no file to watch.
    let file: String?
    /// The file's state before it was read.
    let found: FileFingerprint?

    /// How often the file is checked.
    static let watchInterval = Duration.seconds(1)

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await reloadOnSignals() }
            if let file { group.addTask { await reloadOnChanges(of: file) } }
            try? await gracefulShutdown()
            group.cancelAll()
        }
    }

    private func reloadOnSignals() async {
        for await _ in await UnixSignalsSequence(trapping: .sighup) { _ = await reloader.reload(because: "signal") }
    }

    private func reloadOnChanges(of file: String) async {
        var watch = FileWatch(found)
        while (try? await Task.sleep(for: Self.watchInterval)) != nil {
            if watch.isReady(FileFingerprint(path: file)) { _ = await reloader.reload(because: "file") }
        }
    }
}

/// Decides when a changed file is ready to be read.
struct FileWatch {
    private var change: SettledChange<FileFingerprint?>

    init(_ taken: FileFingerprint?) {
        change = SettledChange(taken)
    }

    /// Whether the present state is new and unchanged since the last check. A file that is missing for the
    /// moment is no change.
    mutating func isReady(_ seen: FileFingerprint?) -> Bool {
        guard let seen else {
            change.forget()
            return false
        }
        return change.isReady(seen)
    }
}
