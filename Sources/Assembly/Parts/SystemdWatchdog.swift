import Gateway
import ServiceLifecycle

/// Reports to systemd that the service is alive (`WatchdogSec=`), as long as every event loop answers and this program's tasks run: systemd
/// restarts a service that doesn't report.
struct SystemdWatchdog: Service {
    let dataPort: DataPort

    func run() async throws {
        guard let interval = SystemdNotification.watchdogInterval else {
            try? await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if dataPort.silentLoops == 0 { SystemdNotification.alive() }
                // Half the interval, as sd_watchdog_enabled(3) advises.
                try? await Task.sleep(for: interval / 2)
            }
        }
        // The drain may take longer than the interval, and systemd has TimeoutStopSec for it.
    }
}
