import ArgumentParser
import Assembly
import Glibc

/// The program: one binary with a command for each task.
@main
struct HSSGateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hss-gateway",
        abstract: "Lets internal teams call Huawei Cloud HSS without cloud credentials, and keeps the record of it.",
        discussion: "stdout is data, stderr is messages. No secret is ever the value of a flag: name a file or an environment variable.",
        version: Build.versionText,
        subcommands: [
            ServeCommand.self, SandboxCommand.self, ConfigCommand.self, PolicyCommand.self, CallerCommand.self, AuditCommand.self,
            ExplainCommand.self, HealthCommand.self, FleetCommand.self, DoctorCommand.self, ExportCommand.self, WhoAmICommand.self,
            UsageCommand.self, SnippetCommand.self,
        ]
    )

    static func main() async {
        ProcessHardening.protectSecrets()
        ProcessHardening.occupyStandardDescriptors()
        ProcessHardening.raiseDescriptorLimit()
        // A closed connection must make a write fail and not end the process (signal(7)).
        signal(SIGPIPE, SIG_IGN)
        // By default the end of a terminal session would end the service without a last record.
        signal(SIGHUP, SIG_IGN)
        do {
            try DescriptorLimit.demandForCommand()
            ProcessHardening.reserveDescriptors()
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            end(0)
        } catch let failure as Failure {
            end(failure.code.rawValue, saying: failure.message)
        } catch let request as ExitCode {
            end(request.rawValue)
        } catch {
            // Help and version are data; a wrong command line is a message and exit code 2; an error that no command expected is neither.
            let text = fullMessage(for: error)
            switch exitCode(for: error) {
            case .success:
                Console.output(text)
                end(0)
            case .failure: end(Failure.Code.runtime.rawValue, saying: text)
            default: break
            }
            let question = CommandSuggestion.question(for: CommandLine.arguments.dropFirst(), of: Self.self)
            end(Failure.Code.usage.rawValue, saying: [text, question].compactMap(\.self).joined(separator: "\n"))
        }
    }

    /// Ends the process without the handlers that libraries have registered for its end (`atexit(3)`): OpenSSL's frees what other threads still use,
    /// such as one that a database server keeps waiting, and the process would end by SIGSEGV. What was printed is written first.
    ///
    /// Output that could not be written is no success, whatever the command found: `audit query > FILE` on a full disk would look complete.
    private static func end(_ status: Int32, saying message: String? = nil) -> Never {
        let messages = [message, Console.loss].compactMap(\.self)
        if messages.isEmpty { LogSetup.finish() } else { LogSetup.finish(saying: messages.joined(separator: "\n")) }
        fflush(nil)
        _exit(status == 0 && Console.loss != nil ? Failure.Code.runtime.rawValue : status)
    }
}
