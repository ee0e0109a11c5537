import Gateway
import Logging

/// Says once that everything is open: to the log, to systemd and to a file for scripts.
struct Readiness: Sendable {
    let dataPorts: [BoundListener]
    let companions: [(name: String, address: String)]
    let file: ReadyFile?
    let logger: Logger

    func adminDidOpen(host: String, port: Int) {
        let admin = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        var values = dataPorts.prefix(1).map { ("data", $0.address) }
        values += dataPorts.map { ("listener.\($0.name)", $0.address) }
        values.append(("admin", admin))
        values += companions
        logger.info("ready", metadata: Logger.Metadata(uniqueKeysWithValues: values.map { ($0.0, "\($0.1)") }))
        if let file {
            do throws(Failure) {
                try file.write(values)
            } catch {
                logger.error("ready file not written", metadata: ["reason": "\(error.message)"])
            }
        }
        SystemdNotification.ready()
    }
}
