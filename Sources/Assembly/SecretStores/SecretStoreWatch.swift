import Gateway
import Logging
import ServiceLifecycle
import Settings

/// Polls the stores of the configuration in force. A rotated secret is in use moments later, since the files with its value
/// are watched like any other; and the token for the store is renewed.
struct SecretStoreWatch: Service {
    let stores: SecretStores
    let settings: @Sendable () -> GatewaySettings
    let events: GatewayEvents
    let logger: Logger

    /// How often it is checked whether a configuration with stores, or with a shorter interval, has come into force.
    private static let idle = Duration.seconds(2)

    func run() async throws {
        let stores = stores
        await withGracefulShutdownHandler {
            await cancelWhenGracefulShutdown {
                let clock = ContinuousClock()
                var last = clock.now
                while (try? await Task.sleep(for: min(settings().secretStores?.refresh ?? Self.idle, Self.idle))) != nil {
                    let current = settings()
                    guard let interval = current.secretStores?.refresh, clock.now - last >= interval else { continue }
                    last = clock.now
                    let change = await Blocking.run { stores.refresh(current) } ?? []
                    // A call that was cancelled by the stop says nothing about the store.
                    guard !Task.isCancelled else { return }
                    for item in change { tell(item) }
                }
            }
        } onGracefulShutdown: {
            stores.stop()
        }
    }

    private func tell(_ change: SecretStores.Change) {
        let detail = [("store", change.store.rawValue)] + (change.fault.map { [("reason", $0)] } ?? [])
        let metadata = Logger.Metadata(uniqueKeysWithValues: detail.map { ($0.0, "\($0.1)") })
        if change.fault == nil {
            logger.info("secret_store_recovered", metadata: metadata)
            record("secret_store_recovered", detail)
        } else {
            logger.warning("secret_store_failing", metadata: metadata)
            record("secret_store_failing", detail)
        }
    }

    private func record(_ event: String, _ detail: [(String, String)]) {
        do throws(Failure) {
            try events.record(event, detail)
        } catch {
            logger.error("event not recorded", metadata: ["event": "\(event)", "reason": "\(error.message)"])
        }
    }
}
