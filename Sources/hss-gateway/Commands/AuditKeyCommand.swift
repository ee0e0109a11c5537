import ArgumentParser
import Assembly
import Audit
import Settings

/// `audit key`: the key that signs checkpoints.
struct AuditKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Show or change the key that signs checkpoints.", subcommands: [Show.self, Rotate.self, Renew.self]
    )

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Print the public keys, the newest first, for an auditor to keep."
        )

        @OptionGroup var location: JournalLocation

        func run() throws {
            let path = try location.publicKeyPath(location.path())
            do throws(CheckpointKeyFault) {
                Console.output(try CheckpointKey.publicKeys(path: path).map(\.text).joined(separator: "\n"))
            } catch {
                throw Failure(.usage, error.sentence)
            }
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate",
            abstract: "Make a new key. The running gateway, or the next start, records the change in an event that both keys sign."
        )

        @OptionGroup var location: JournalLocation

        func run() throws {
            let path = try location.keyPath(location.path())
            do throws(CheckpointKeyFault) {
                Console.output(try CheckpointKey.rotate(path: path).text)
            } catch {
                throw Failure(.runtime, error.sentence)
            }
        }
    }
}

extension AuditKeyCommand {
    struct Renew: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "renew",
            abstract: "Replace a lost key by a new one. The journal keeps its name, and the next start records the loss."
        )

        @OptionGroup var location: JournalLocation

        func run() throws {
            let directory = try location.path()
            let path = try location.keyPath(directory)
            do throws(CheckpointKeyFault) {
                Console.output(try CheckpointKey.renew(path: path, journal: directory).text)
            } catch {
                throw Failure(.runtime, error.sentence)
            }
        }
    }
}

extension JournalLocation {
    /// The key's file: the configuration's, or the one in the directory.
    func keyPath(_ directory: String) throws(Failure) -> String {
        let configured = try settings()?.audit.checkpoint.keyFile
        return configured ?? "\(directory)/checkpoint.key"
    }

    /// The public keys' file.
    func publicKeyPath(_ directory: String) throws(Failure) -> String { try keyPath(directory) + CheckpointKey.publicSuffix }
}
