import Gateway
import Logging

/// Announces once that everything is open: to the log, to systemd and to a file for scripts.
struct Readiness: Sendable {
    let dataPorts: [ListenerConfiguration.Bound]
    let companions: [(name: String, address: String)]
    let file: ReadyFile?
    let logger: Logger
    /// Where the journal of a sandbox is; nil for a gateway to the real cloud.
    var sandboxJournal: String?

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
        if let sandboxJournal { LogSetup.announce(Self.firstSteps(at: dataPorts, admin, sandboxJournal)) }
        SystemdNotification.ready()
    }

    /// The next steps for a new user: a command to copy, a page to open, and where to look afterwards.
    private static func firstSteps(at places: [ListenerConfiguration.Bound], _ admin: String, _ journal: String) -> String {
        let target = "/v5/_/host-management/hosts?limit=10"
        let path = journal.hasPrefix("/") ? journal : ProcessEnvironment.workingDirectory + "/" + journal.trimmingPrefix("./")
        var steps = ["The sandbox is ready; nothing here reaches the cloud. Call it:", ""]
        if let port = places.first(where: { $0.port != nil })?.address {
            steps += ["curl -sS -i 'http://\(port)\(target)'", ""]
            steps.append("Export through it: hss-gateway export baseline --gateway http://\(port) --output baseline.zip")
        } else if let socket = places.first?.address {
            // `export` has no way to a socket's file.
            steps += ["curl -sS -i --unix-socket \(quoted(String(socket.trimmingPrefix("unix:")))) 'http://gateway\(target)'", ""]
        }
        steps += ["Console: http://\(admin)/", "Journal: \(path) (hss-gateway audit tail --directory \(quoted(path)))"]
        return steps.joined(separator: "\n")
    }

    /// For a shell.
    private static func quoted(_ path: String) -> String { "'" + path.replacing("'", with: "'\\''") + "'" }
}
