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
                let isTaken = dataPort.silentLoops == 0 ? SystemdNotification.alive() : true
                // Half the interval, as sd_watchdog_enabled(3) advises; sooner if systemd's queue was full.
                try? await Task.sleep(for: isTaken ? interval / 2 : interval / 10)
            }
        }
        // The drain may take longer than the interval, and systemd has TimeoutStopSec for it.
    }
}
